import { describe, expect, it } from 'vitest'
import { arcPath } from '../../../src/renderer/charts/gauge-arc.ts'
import { bucketRows, largestCount, valueRows } from '../../../src/renderer/charts/heatmap-cells.ts'
import { spansOf } from '../../../src/renderer/charts/state-spans.ts'

describe('a heatmap', () => {
  const le = (bound: string, ...values: (number | null)[]) => ({ labels: { le: bound }, values })

  it('counts what lies between two bounds, lowest first', () => {
    const rows = bucketRows([le('+Inf', 10, 12), le('0.1', 2, 3), le('1', 7, 7)])
    expect(rows).toEqual([
      { label: '0.1', counts: [2, 3] },
      { label: '1', counts: [5, 4] },
      { label: '+Inf', counts: [3, 5] },
    ])
    expect(largestCount(rows)).toBe(5)
  })

  it('adds up series of the same bound and leaves out those without one', () => {
    expect(bucketRows([le('1', 1), le('1', 2), le('', 9), le('x', 9)])).toEqual([{ label: '1', counts: [3] }])
  })

  it('makes up nothing where a bucket was not observed or counts less than the one below', () => {
    expect(bucketRows([le('1', 5, null), le('2', 3, 4)])).toEqual([
      { label: '1', counts: [5, null] },
      { label: '2', counts: [0, 4] },
    ])
  })

  it('sorts values into equal buckets, the largest into the last', () => {
    const rows = valueRows(
      [
        { labels: {}, values: [0, null] },
        { labels: {}, values: [10, Number.NaN] },
        { labels: {}, values: [4, null] },
      ],
      'none',
      2,
    )
    expect(rows).toEqual([
      { label: '5', counts: [2, null] },
      { label: '10', counts: [1, null] },
    ])
    expect(valueRows([], 'none', 5)).toEqual([])
  })
})

describe('states over time', () => {
  const read = (value: number) => ({ text: value === 1 ? 'up' : 'down', state: value === 1 ? 'up' : 'down' }) as const

  it('are one bar as long as they read the same, and none where nothing was observed', () => {
    const times = [0, 10, 20, 30, 40]
    expect(spansOf(times, 10, [1, 1, null, 0, 1], read, true)).toEqual([
      { from: 0, to: 20, text: 'up', state: 'up' },
      { from: 30, to: 40, text: 'down', state: 'down' },
      { from: 40, to: 50, text: 'up', state: 'up' },
    ])
    expect(spansOf(times, 10, [1, 1, null, 0, 1], read, false)).toHaveLength(4)
  })
})

describe('a gauge', () => {
  it('takes the long way round only for more than half a circle', () => {
    expect(arcPath(60, 60, 46, { from: 0, to: 1 })).toContain('0 1 1')
    expect(arcPath(60, 60, 46, { from: 0, to: 0.5 })).toContain('0 0 1')
  })
})
