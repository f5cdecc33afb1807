import { describe, expect, it } from 'vitest'
import { densestStepMs, pointsOf, roundStepMs, sumPoints } from '#shared/domain/points.ts'

const columns = (over: Partial<Record<'count' | 'sum' | 'increase' | 'increaseMs' | 'last', number[]>>) => {
  const column = (values: number[] | undefined) => Float64Array.from(values ?? [0, 0, 0])
  return {
    count: column(over.count),
    sum: column(over.sum),
    min: column([]),
    max: column([]),
    last: column(over.last),
    increase: column(over.increase),
    increaseMs: column(over.increaseMs),
  }
}

describe('a step', () => {
  it.each([
    [15 * 60_000, 600, 2000],
    [3_600_000, 600, 10_000],
    [24 * 3_600_000, 600, 300_000],
    [30 * 24 * 3_600_000, 600, 2 * 3_600_000],
    [1000, 600, 1000],
    [3 * 365 * 86_400_000, 2, 548 * 86_400_000],
  ])('of %i ms in at most %i points is %i ms', (lengthMs, points, stepMs) => {
    expect(roundStepMs(lengthMs, points)).toBe(stepMs)
  })

  it('grows to the sampling interval, so that lines do not break', () => {
    const every = (distance: number) =>
      Float64Array.from({ length: 200 }, (_, i) => (Math.round(i % distance) === 0 ? 1 : 0))
    expect(densestStepMs([every(1)], 2000)).toBe(2000)
    expect(densestStepMs([every(5)], 2000)).toBe(10_000)
    expect(densestStepMs([every(15), every(1)], 2000)).toBe(30_000)
    expect(densestStepMs([new Float64Array(10)], 2000)).toBe(2000)
    expect(densestStepMs([], 2000)).toBe(2000)
  })

  it('is not stretched by a hole in the samples', () => {
    const holed = Float64Array.from({ length: 300 }, (_, i) => (i < 100 || i > 250 ? 1 : 0))
    expect(densestStepMs([holed], 5000)).toBe(5000)
  })

  it('of samples every five seconds in steps of two is five seconds', () => {
    const counts = new Float64Array(300)
    for (let at = 0; at < 600_000; at += 5000) counts[Math.floor(at / 2000)] = 1
    expect(densestStepMs([counts], 2000)).toBe(5000)
  })
})

describe('points', () => {
  it('are null where nothing was observed and where a number has no place on a chart', () => {
    const given = columns({ count: [2, 0, 1], sum: [5, 0, Number.POSITIVE_INFINITY] })
    expect(pointsOf(given, 'avg')).toEqual([2.5, null, null])
  })

  it('of a rate divide the increase by the time it was seen in', () => {
    const given = columns({ count: [1, 1, 1], increase: [10, 30, 0], increaseMs: [5000, 60_000, 0] })
    expect(pointsOf(given, 'rate')).toEqual([2, 0.5, null])
  })

  it('add up over the labels asked for, and stay null only where all are', () => {
    const series = [
      { labels: { cpu: '0', mode: 'user' }, values: [1, null, null] },
      { labels: { cpu: '1', mode: 'user' }, values: [2, 3, null] },
      { labels: { cpu: '0', mode: 'idle' }, values: [7, 7, 7] },
    ]
    expect(sumPoints(series, ['mode'])).toEqual([
      { labels: { mode: 'user' }, values: [3, 3, null] },
      { labels: { mode: 'idle' }, values: [7, 7, 7] },
    ])
    expect(sumPoints(series, [])).toEqual([{ labels: {}, values: [10, 10, 7] }])
    expect(sumPoints([], ['mode'])).toEqual([])
  })
})
