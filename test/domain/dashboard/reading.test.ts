import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { legendOf, seriesNames } from '#shared/domain/dashboard/legend.ts'
import { isDataPanel, Panel } from '#shared/domain/dashboard/panels.ts'
import { mapped, readValue, seriesOptions, thresholdState } from '#shared/domain/dashboard/reading.ts'
import { reduceSeries } from '#shared/domain/dashboard/reduce.ts'
import { Mapping, reducers, Thresholds } from '#shared/domain/dashboard/values.ts'

const noScale = { min: null, max: null }
const panelOf = (more: object) => {
  const panel = Panel.parse({ type: 'stat', id: 1, grid: { x: 0, y: 0, w: 4, h: 4 }, ...more })
  if (!isDataPanel(panel)) throw new Error('expected a panel with queries')
  return panel
}

describe('thresholds', () => {
  const thresholds = Thresholds.parse({
    base: 'up',
    steps: [
      { value: 90, state: 'down' },
      { value: 70, state: 'degraded' },
    ],
  })

  it.each([
    [null, 'neutral'],
    [Number.NaN, 'neutral'],
    [-5, 'up'],
    [69.9, 'up'],
    [70, 'degraded'],
    [90, 'down'],
    [Infinity, 'down'],
  ])('say of %s: %s', (value, state) => {
    expect(thresholdState(value, thresholds, noScale)).toBe(state)
  })

  it('are per cent of a scale where they say so', () => {
    const percent: Thresholds = { ...thresholds, mode: 'percent' }
    expect(thresholdState(1500, percent, { min: 1000, max: 2000 })).toBe('up')
    expect(thresholdState(1700, percent, { min: 1000, max: 2000 })).toBe('degraded')
    expect(thresholdState(9, percent, { min: null, max: 10 })).toBe('down')
    expect(thresholdState(9, percent, noScale)).toBe('neutral')
  })
})

describe('mappings', () => {
  const mappings = [
    { type: 'value', value: 1, text: 'One' },
    { type: 'range', from: 2, to: 5, text: 'Few', state: 'degraded' },
    { type: 'range', from: 100, to: null, text: 'Many', state: 'down' },
    { type: 'special', match: 'nan', text: 'No number' },
    { type: 'special', match: 'none', text: 'Nothing', state: 'unknown' },
    { type: 'regex', pattern: 'v(\\d+)\\.(\\d+)', text: '$1 dot $2$9' },
  ].map((one) => Mapping.parse(one))

  it.each([
    [1, 'One'],
    ['1', 'One'],
    [2, 'Few'],
    [5, 'Few'],
    [5.1, undefined],
    [1e9, 'Many'],
    [Number.NaN, 'No number'],
    [null, 'Nothing'],
    ['v3.14', '3 dot 14'],
    ['is v3.14', undefined],
  ])('make of %j %j', (value, text) => {
    expect(mapped(value, mappings)?.text).toBe(text)
  })
})

describe('a value', () => {
  it.each([
    [{ unit: 'bytes' }, 1536, '1.50 KiB'],
    [{ unit: 'bytes', decimals: 0 }, 1536, '2 KiB'],
    [{ suffix: 'req' }, 12, '12.0 req'],
    [{ suffix: 'req', noValue: 'idle' }, null, 'idle'],
    [{}, null, '–'],
    [{ unit: 'instant', decimals: 2 }, 0, '1970-01-01 00:00:00 UTC'],
    [{ decimals: 3 }, Infinity, '∞'],
    [{ mappings: [{ type: 'value', value: 0, state: 'down' }] }, 0, '0'],
  ])('with %j: %s reads %s', (options, value, text) => {
    expect(readValue(value, panelOf(options)).text).toBe(text)
  })

  it('takes its state from the mapping, and from thresholds where that has none', () => {
    const panel = panelOf({
      thresholds: { base: 'up', steps: [{ value: 1, state: 'down' }] },
      mappings: [
        { type: 'value', value: 2, text: 'Two', state: 'maintenance' },
        { type: 'value', value: 3, text: 'Three' },
      ],
    })
    expect(readValue(2, panel)).toEqual({ text: 'Two', state: 'maintenance' })
    expect(readValue(3, panel)).toEqual({ text: 'Three', state: 'down' })
  })
})

describe('overrides', () => {
  it('change only what they say, the last one winning', () => {
    const panel = panelOf({
      unit: 'bytes',
      min: 0,
      overrides: [
        { match: { by: 'regex', value: '^tx' }, set: { unit: 'bits', isNegated: true } },
        { match: { by: 'name', value: 'tx eth0' }, set: { unit: 'seconds', min: null } },
        { match: { by: 'target', value: 'B' }, set: { color: 'series-2' } },
      ],
    })
    expect(seriesOptions(panel, { name: 'rx eth0', refId: 'A' })).toMatchObject({ unit: 'bytes', min: 0 })
    expect(seriesOptions(panel, { name: 'tx eth1', refId: 'A' })).toMatchObject({
      unit: 'bits',
      isNegated: true,
      min: 0,
    })
    expect(seriesOptions(panel, { name: 'tx eth0', refId: 'B' })).toMatchObject({
      unit: 'seconds',
      isNegated: true,
      min: null,
      color: 'series-2',
    })
  })
})

describe('legends', () => {
  it('take labels into their template', () => {
    const labels = { instance: 'web-1', job: 'node' }
    expect(legendOf('{{ instance }} of {{job}}{{missing}}{{constructor}}', labels)).toBe('web-1 of node')
  })

  it('name what tells series apart where there is no template', () => {
    const series = [
      { __name__: 'x', job: 'a', mode: 'user' },
      { __name__: 'x', job: 'a', mode: 'idle' },
    ]
    expect(seriesNames('', series, 'A')).toEqual(['user', 'idle'])
    expect(seriesNames('', [{ __name__: 'up', job: 'a' }], 'A')).toEqual(['up'])
    expect(seriesNames('', [{ mode: 'user' }], 'A')).toEqual(['user'])
    expect(seriesNames('', [{}], 'A')).toEqual(['A'])
    expect(seriesNames('{{gone}}', series, 'A')).toEqual(['A', 'A'])
  })
})

describe('reducing', () => {
  it.each([
    ['last', 4],
    ['first', 2],
    ['min', -1],
    ['max', 5],
    ['avg', 2.5],
    ['sum', 10],
    ['count', 4],
    ['range', 6],
    ['change', 2],
    ['median', 3],
  ] as const)('%s leaves out what was not observed', (how, value) => {
    expect(reduceSeries([null, 2, Number.NaN, -1, 5, 4, null], how)).toBe(value)
  })

  it('gives nothing of nothing', () => {
    for (const how of reducers) expect(reduceSeries([null, Number.NaN], how)).toBe(how === 'count' ? 0 : null)
  })

  it('stays within the extremes and does not care for gaps', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(fc.array(fc.option(number), { minLength: 1 }), (values) => {
        const [min, max] = [reduceSeries(values, 'min'), reduceSeries(values, 'max')]
        if (min === null || max === null) return
        for (const how of ['last', 'first', 'median'] as const) {
          const value = reduceSeries(values, how) ?? Number.NaN
          expect(value >= min && value <= max).toBe(true)
        }
        const dense = values.filter((value) => value !== null)
        for (const how of reducers) expect(reduceSeries(dense, how)).toBe(reduceSeries(values, how))
      }),
    )
  })

  it('takes a long series', () => {
    expect(reduceSeries(new Array(500_000).fill(1), 'max')).toBe(1)
  })
})
