import { describe, expect, it } from 'vitest'
import { extremesOf } from '../../../src/renderer/charts/chart-content.ts'
import { datasetsOf } from '../../../src/renderer/charts/chart-datasets.ts'
import { type DataColumn, sortedRows } from '../../../src/renderer/charts/data-table.tsx'
import { legendOf, numberOf, seriesName } from '../../../src/renderer/charts/query-answer.ts'
import { createGate } from '../../../src/renderer/charts/query-gate.ts'
import { valueAxis } from '../../../src/renderer/charts/value-axis.ts'
import { placeWords } from '../../../src/renderer/ui/promql-editor/expression-problem.ts'

const content = (values: readonly (number | null)[][], look = {}) => ({
  unit: 'none' as const,
  times: (values[0] ?? []).map((_, step) => step * 1000),
  stepMs: 1000,
  series: values.map((one, id) => ({ id: String(id), label: String(id), values: one })),
  range: { from: 0, to: 4000 },
  look,
  min: undefined,
  max: undefined,
  thresholds: [],
  bands: [],
  marks: [],
  zone: 'UTC',
})
const shown = (values: readonly (number | null)[][], look = {}) => {
  const all = content(values, look)
  return datasetsOf(all, 400, () => '#123456').map(({ data }) => data.map((point) => (point as { y: number }).y))
}

describe('what a chart draws', () => {
  it('has a gap where nothing was observed, and neither NaN nor infinities', () => {
    expect(shown([[1, null, Number.NaN, Number.POSITIVE_INFINITY, 2]])).toEqual([[1, 2]])
  })

  it('has dots only where a point stands alone, and one option for all points where none does', () => {
    const radius = (values: (number | null)[]) => datasetsOf(content([values]), 400, () => '#123456')[0]
    expect(radius([1, 2, 3, 4, 5])).toMatchObject({ pointRadius: 0 })
    expect(radius([1, null, null, null, 5])).toMatchObject({ pointRadius: [1.5, 1.5] })
  })

  it('is shares of the sum in a stack of per cent, and nothing where nothing was', () => {
    expect(
      shown(
        [
          [1, null, 0],
          [3, 4, 0],
        ],
        { stacking: 'percent' },
      ),
    ).toEqual([
      [0.25, Number.NaN, 0],
      [0.75, 1, 0],
    ])
  })

  it('is measured without what cannot be drawn', () => {
    const { least, most } = extremesOf(
      content([[1, -2, Number.NEGATIVE_INFINITY, 7, null]]),
      content([[1, -2, Number.NEGATIVE_INFINITY, 7, null]]).series,
    )
    expect([least, most]).toEqual([-2, 7])
  })

  it('is measured by its sums in a stack, up and down apart', () => {
    const stack = content(
      [
        [1, 5],
        [2, -3],
      ],
      { stacking: 'normal' },
    )
    expect(extremesOf(stack, stack.series)).toEqual({ least: -3, most: 5 })
  })

  it('goes below zero on an axis that begins on a mark', () => {
    const axis = valueAxis('none', 7, undefined, undefined, -3)
    expect(axis.min).toBeLessThanOrEqual(-3)
    expect(axis.ticks).toContain(0)
    expect(axis.ticks[0]).toBe(axis.min)
  })
})

describe('names of series', () => {
  const a = { __name__: 'up', job: 'node', instance: 'a' }
  const b = { __name__: 'up', job: 'node', instance: 'b' }

  it('are written as Prometheus writes them', () => {
    expect(seriesName(a)).toBe('up{instance="a", job="node"}')
    expect(seriesName({ __name__: 'up' })).toBe('up')
    expect(seriesName({})).toBe('{}')
  })

  it('say in what series differ where no template says otherwise', () => {
    expect(legendOf('', a, [a, b])).toBe('a')
    expect(legendOf('', a, [a])).toBe('up')
    expect(legendOf('{{instance}} of {{ job }}{{nothing}}', a, [a, b])).toBe('a of node')
  })

  it('come with numbers as they were before JSON', () => {
    expect(['NaN', '+Inf', '-Inf', 1.5].map((value) => numberOf(value as never))).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1.5,
    ])
  })
})

describe('rows of a table', () => {
  const columns: DataColumn<{ id: string; n: number | null }>[] = [
    { id: 'name', title: 'Name', text: ({ id }) => id },
    { id: 'n', title: 'N', text: ({ n }) => String(n), number: ({ n }) => n },
  ]
  const rows = [
    { id: 'b10', n: null },
    { id: 'b9', n: 2 },
    { id: 'a', n: Number.NaN },
    { id: 'c', n: 10 },
  ]
  const order = (column: string, isDescending: boolean) =>
    sortedRows(rows, columns, { column, isDescending }).map(({ id }) => id)

  it('have what is no number last, in both directions', () => {
    expect(order('n', false)).toEqual(['b9', 'c', 'b10', 'a'])
    expect(order('n', true)).toEqual(['c', 'b9', 'b10', 'a'])
  })

  it('are sorted by words as people count', () => {
    expect(order('name', false)).toEqual(['a', 'b9', 'b10', 'c'])
  })
})

describe('questions of many panels', () => {
  const waiting: (() => void)[] = []
  const slow = () => new Promise<void>((resolve) => void waiting.push(resolve))

  it('go through a few at a time, in order; one given up while it waits is never asked', async () => {
    const gate = createGate(2)
    const asked: number[] = []
    const ask = (id: number, signal = new AbortController().signal) =>
      gate.through(() => {
        asked.push(id)
        return slow()
      }, signal)
    const attempt = new AbortController()
    const done = [ask(1), ask(2), ask(4)]
    const given = ask(3, attempt.signal)
    attempt.abort()
    await expect(given).rejects.toThrow()
    expect(asked).toEqual([1, 2])
    waiting.shift()?.()
    await done[0]
    await Promise.resolve()
    expect(asked).toEqual([1, 2, 4])
    for (const end of waiting) end()
    await Promise.all(done)
  })
})

describe('the place of a problem', () => {
  it('is said as line and column, from 1', () => {
    expect(placeWords('sum(\n  rate(x))', { from: 7 })).toBe('2:3')
    expect(placeWords('x', { from: 0 })).toBe('1:1')
  })
})
