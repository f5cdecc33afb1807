import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignAnswers } from '../../../src/renderer/charts/align-answers.ts'
import { addUp, divide, newestOf, subtract } from '../../../src/renderer/charts/column-math.ts'
import { labelHeight, placeLabels } from '../../../src/renderer/charts/end-labels.ts'
import { lonePoints, reducePoints } from '../../../src/renderer/charts/reduce-points.ts'
import { resolutionWords } from '../../../src/renderer/charts/resolution-words.ts'
import { seriesStyle } from '../../../src/renderer/charts/series-colors.ts'
import { tickLabel, timeTicks } from '../../../src/renderer/charts/time-ticks.ts'
import { valueAxis } from '../../../src/renderer/charts/value-axis.ts'

const minute = 60_000
const hour = 60 * minute

const column = fc
  .array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null }), { minLength: 1, maxLength: 400 })
  .map((values) => ({ times: values.map((_, index) => index * 5000), values }))

describe('points to draw', () => {
  it('keep the lowest and the highest value, in time order, at most two a pixel', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 50 }), (data, pixels) => {
        const points = reducePoints(data, pixels)
        const observed = data.values.filter((value) => value !== null)
        expect(
          points
            .map(({ y }) => y)
            .sort((a, b) => a - b)
            .at(0),
        ).toBe(observed.length > 0 ? Math.min(...observed) : undefined)
        expect(
          points
            .map(({ y }) => y)
            .sort((a, b) => a - b)
            .at(-1),
        ).toBe(observed.length > 0 ? Math.max(...observed) : undefined)
        expect(points.every(({ x }, index) => index === 0 || x > (points[index - 1]?.x ?? 0))).toBe(true)
        expect(points.length).toBeLessThanOrEqual(2 * (pixels + 1))
      }),
    )
  })

  it('are never made up', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 50 }), (data, pixels) => {
        for (const { x, y } of reducePoints(data, pixels)) expect(data.values[data.times.indexOf(x)]).toBe(y)
      }),
    )
  })

  it('without a neighbour near enough are told apart', () => {
    const points = [0, 1000, 9000, 20_000, 21_000].map((x) => ({ x, y: 1 }))
    expect(lonePoints(points, 2500)).toEqual([false, false, true, false, false])
  })
})

describe('the time axis', () => {
  it('is labelled on round times of the zone, no more than asked for', () => {
    const from = Date.UTC(2026, 0, 5, 7, 3)
    expect(timeTicks(from, from + hour, 8, 'UTC').map((at) => tickLabel(at, 10 * minute, 'UTC'))).toEqual([
      '07:10',
      '07:20',
      '07:30',
      '07:40',
      '07:50',
      '08:00',
    ])
    expect(tickLabel(timeTicks(from, from + 24 * hour, 8, 'Asia/Kolkata')[0] ?? 0, 3 * hour, 'Asia/Kolkata')).toBe(
      '15:00',
    )
  })

  it('stays within its range and within its number for any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 2, max: 14 }), (minutes, most) => {
        const from = Date.UTC(2026, 2, 28, 1, 17)
        const to = from + minutes * minute
        const ticks = timeTicks(from, to, most, 'Europe/Berlin')
        expect(ticks.length).toBeLessThanOrEqual(most + 1)
        expect(ticks.every((at) => at >= from && at <= to)).toBe(true)
      }),
    )
  })

  it('shows the date at midnight and seconds where they count', () => {
    expect(tickLabel(Date.UTC(2026, 0, 5), hour, 'UTC')).toBe('01-05')
    expect(tickLabel(Date.UTC(2026, 0, 5, 1, 2, 3), 5000, 'UTC')).toBe('01:02:03')
  })
})

describe('the value axis', () => {
  it('is round in the shown unit', () => {
    const axis = valueAxis('bytes', 2.9 * 1024 ** 3)
    expect(axis.ticks.map((tick) => tick / 1024 ** 3)).toEqual([0, 1, 2, 3])
    expect(axis.scale.suffix).toBe(' GiB')
  })

  it('keeps ends that are known', () => {
    expect(valueAxis('ratio', 0.2, 0, 1)).toMatchObject({ min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], decimals: 0 })
  })

  it('has a height even when all is zero', () => {
    const axis = valueAxis('perSecond', 0)
    expect(axis.max).toBeGreaterThan(axis.min)
  })

  it('holds every value and has few ticks', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (largest) => {
        const axis = valueAxis('none', largest)
        expect(axis.max).toBeGreaterThanOrEqual(largest * (1 - 1e-9))
        expect(axis.ticks.length).toBeGreaterThanOrEqual(3)
        expect(axis.ticks.length).toBeLessThanOrEqual(7)
      }),
    )
  })
})

describe('names at the ends of lines', () => {
  it('never touch, stay in order and within the plot while there is room', () => {
    const ends = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(ends, (heights) => {
        const labels = heights.map((y, index) => ({ text: String(index), y }))
        const placed = placeLabels(labels, 0, 200)
        expect(placed.map(({ text }) => heights[Number(text)])).toEqual(heights.toSorted((a, b) => a - b))
        for (const [index, { y }] of placed.entries()) {
          expect(y).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(200)
          if (index > 0) expect(y - (placed[index - 1]?.y ?? 0)).toBeGreaterThanOrEqual(labelHeight - 1e-9)
        }
      }),
    )
  })

  it('stay where their lines end when nothing is in the way', () => {
    expect(
      placeLabels(
        [
          { text: 'b', y: 90 },
          { text: 'a', y: 20 },
        ],
        0,
        200,
      ),
    ).toEqual([
      { text: 'a', y: 20 },
      { text: 'b', y: 90 },
    ])
  })
})

describe('columns', () => {
  it('add up what was observed and make up nothing', () => {
    expect(
      addUp([
        [1, null, null],
        [2, 3, null],
      ]),
    ).toEqual([3, 3, null])
    expect(addUp([])).toEqual([])
    expect(subtract([5, null, 1], [2, 1, 3])).toEqual([3, null, 0])
    expect(divide([1, 1], [4, 0])).toEqual([0.25, 0])
  })

  it('have a newest value only while it is new', () => {
    expect(newestOf([1, 2, null])).toBe(2)
    expect(newestOf([1, null, null, null])).toBeNull()
  })
})

describe('answers of one chart', () => {
  const series = (values: (number | null)[]) => [{ labels: {}, values }]

  it('stand on the times of the coarsest', () => {
    const fine = { stepMs: 5000, tier: 'raw' as const, times: [0, 5000, 10_000], series: series([1, 2, 3]) }
    const coarse = { stepMs: 10_000, tier: 'raw' as const, times: [0, 10_000], series: series([7, 8]) }
    const [aligned] = alignAnswers([fine, coarse])
    expect(aligned).toMatchObject({ times: [0, 10_000], stepMs: 10_000, series: series([1, 3]) })
  })

  it('say what one point stands for', () => {
    const answer = { times: [], series: [] }
    expect(resolutionWords([])).toBe('')
    expect(resolutionWords([{ ...answer, stepMs: 10_000, tier: 'raw' }])).toBe('each point 10 s')
    expect(resolutionWords([{ ...answer, stepMs: 300_000, tier: '5m' }])).toBe('averaged over 5 min')
  })
})

describe('series', () => {
  it('are told apart by colour first, then by dashes', () => {
    const styles = Array.from({ length: 12 }, (_, index) => JSON.stringify(seriesStyle(index)))
    expect(new Set(styles).size).toBe(12)
    expect(seriesStyle(0).dash).toEqual([])
    expect(seriesStyle(4)).toEqual({ token: '--series-5', dash: [] })
    expect(seriesStyle(5)).toEqual({ token: '--series-1', dash: [5, 3] })
  })
})
