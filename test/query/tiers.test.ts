/** Queries that summaries answer: exact at their resolution where they can be, and honest where they cannot. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenQueries, openQueries } from './queries.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Three and a half days of samples a minute, each at its middle, so that it is clear which bucket it is in. */
const length = 3.5 * day

let opened: OpenQueries
let start = 0
let end = 0

beforeAll(async () => {
  opened = await openQueries()
  const { store, time, tend } = opened.harness
  start = opened.startedAt
  const series = [
    ['gauge', (i: number) => Math.sin(i / 100) * 50],
    // Falls back to nothing once a day and a bit.
    ['counter_total', (i: number) => (i % 2000) * 3],
  ] as const
  const handles = series.map(([name, value]) => [store.series(name, { job: 'x' }), value] as const)
  const ended = store.series('ended', { job: 'x' })
  for (let i = 0; i < length / minute; i++) {
    const at = start + i * minute + minute / 2
    time.setWallClock(at)
    store.append(
      at,
      handles.flatMap(([handle, value]) => (handle ? [[handle, value(i)] as const] : [])),
    )
    if (ended && i < 90) store.append(at, [[ended, i]])
    if (i % 30 !== 29) continue
    await store.flush()
    await tend()
  }
  end = start + length
  time.setWallClock(end)
})
afterAll(() => opened.close())

const range = (expr: string, stepMs = hour, from = start, to = end) => opened.range({ expr, from, to, stepMs })

describe('a long range in steps of whole buckets', () => {
  it.each([
    'avg_over_time(gauge[1h])',
    'min_over_time(gauge[3h])',
    'max_over_time(gauge[1h]) - min_over_time(gauge[1h])',
    'sum_over_time(gauge[2h] offset 1h)',
    'sum by (job) (count_over_time(gauge[1h]))',
    'last_over_time(gauge[1h])',
    'absent_over_time(ended[1h])',
    'present_over_time(ended[2h])',
    'max_over_time(avg_over_time(gauge[1h])[6h:1h])',
  ])('is answered from the hours exactly: %s', async (expr) => {
    const answer = await range(expr)
    expect([answer.tier, answer.warnings]).toEqual(['1h', []])
    const [series] = answer.series
    for (const step of [3, 30, 50, 84]) {
      const raw = await opened.instant(expr, answer.times[step])
      expect(raw.tier).toBe('raw')
      const expected = raw.series[0]?.samples[0]?.[1] ?? null
      if (typeof expected === 'number') expect(series?.values[step]).toBeCloseTo(expected, 9)
      else expect(series?.values[step] ?? null).toBe(expected)
    }
  })

  it('has what a counter counted, resets accounted for, in all and per second', async () => {
    const [increase, rate] = [await range('increase(counter_total[1h])'), await range('rate(counter_total[1h])')]
    expect([increase.tier, rate.tier, increase.warnings]).toEqual(['1h', '1h', []])
    expect(increase.series[0]?.values[20]).toBe(180)
    expect(rate.series[0]?.values[20]).toBeCloseTo(180 / 3600, 12)
    const wholly = increase.series[0]?.values.reduce<number>((sum, value) => sum + Number(value), 0)
    expect(wholly).toBe((length / minute - 1 - Math.floor(length / minute / 2000)) * 3)
  })

  it('has newest values from five minutes, for an hour is longer than a selector looks back', async () => {
    const answer = await range('gauge', hour)
    expect(answer.tier).toBe('5m')
    const raw = await opened.instant('gauge', answer.times[40])
    expect(answer.series[0]?.values[40]).toBe(raw.series[0]?.samples[0]?.[1])
    const after = await range('ended', hour)
    expect(after.series[0]?.values.slice(0, 4)).toEqual([null, 59, null, null])
  })

  it.each([
    ['steps that are no whole buckets', 'avg_over_time(gauge[1h])', 7 * minute, 0, 0],
    ['a start that is none', 'avg_over_time(gauge[1h])', hour, 1000, 0],
    ['windows that are none', 'avg_over_time(gauge[90s])', hour, 0, 0],
    ['what summaries cannot tell', 'quantile_over_time(0.9, gauge[1h])', hour, 0, 0],
    ['instants of samples', 'timestamp(gauge)', hour, 0, 0],
    ['a day, which is read as fast', 'avg_over_time(gauge[1h])', hour, 2.6 * day, 0],
  ])('is answered from raw samples for %s', async (_what, expr, stepMs, after, before) => {
    expect((await range(expr, stepMs, start + after, end - before)).tier).toBe('raw')
  })

  it('is answered from the finer summaries where the coarser do not fit', async () => {
    expect((await range('avg_over_time(gauge[30m])', hour)).tier).toBe('5m')
    expect((await range('rate(counter_total[15m]) + on(job) avg_over_time(gauge[1h])', hour)).tier).toBe('5m')
  })
})

describe('a range beyond the raw samples', () => {
  beforeAll(async () => {
    await opened.harness.store.applyRetention(end, { raw: 1, fiveMinute: 30, hour: 90 })
  })

  it('is answered wholly from summaries, whatever its steps', async () => {
    const answer = await range('gauge', 10 * minute, start + 90_000)
    expect([answer.tier, answer.warnings]).toEqual(['5m', []])
    expect(answer.series[0]?.values.filter((value) => value === null).length).toBeLessThan(2)
    expect((await range('gauge', 10 * minute, end - 12 * hour)).tier).toBe('raw')
  })

  it('tells a shorter window over what is kept, and says so', async () => {
    const answer = await range('rate(counter_total[1m])', 10 * minute)
    expect(answer.tier).toBe('5m')
    expect(answer.warnings).toEqual(['1:6: the range of 1m is told over 5m, for a value each 5m is what is kept'])
    expect(answer.series[0]?.values[100]).toBeCloseTo(0.05, 12)
    const counted = await range('sum_over_time(counter_total[1m]) / sum_over_time(counter_total[1m])', 10 * minute)
    expect(counted.series[0]?.values[100]).toBe(1)
    const count = await range('count_over_time(gauge[1m])', 10 * minute)
    expect(count.series[0]?.values[100]).toBe(1)
  })

  it('shows other functions one value a bucket, and says so', async () => {
    const answer = await range('deriv(gauge[5m])', hour)
    expect(answer.warnings).toEqual(['1:1: deriv sees the last value of each 5m only'])
    expect(answer.series[0]?.values.filter((value) => value !== null).length).toBeGreaterThan(80)
    const { warnings } = await range('changes(gauge[1h])', hour)
    expect(warnings).toEqual(['1:1: changes sees the last value of each 5m only'])
  })

  it('has no rate of what does not behave like a counter, once its day is compacted', async () => {
    const { series } = await range('rate(gauge[1h])', hour)
    expect(series[0]?.values.slice(0, 48).every((value) => value === null)).toBe(true)
  })

  it('is true of an instant, too', async () => {
    const answer = await opened.instant('avg_over_time(gauge[3d])', start + 3 * day + 7 * minute)
    expect(answer.tier).toBe('5m')
    const mean = Number(answer.series[0]?.samples[0]?.[1])
    expect(Math.abs(mean)).toBeLessThan(3)
    const samples = await opened.instant('counter_total[2h]', start + day)
    expect([samples.tier, samples.warnings]).toEqual(['5m', ['1:1: the samples of this range are the last of each 5m']])
    expect(samples.series[0]?.samples).toHaveLength(24)
  })

  it('goes on from the hours when five minutes are given up', async () => {
    await opened.harness.store.applyRetention(end, { raw: 1, fiveMinute: 1, hour: 90 })
    const answer = await range('gauge', 10 * minute)
    expect(answer.tier).toBe('1h')
    expect(answer.series[0]?.values.slice(12, 300).every((value) => value !== null)).toBe(true)
    const rate = await range('rate(counter_total[5m])', hour)
    expect([rate.tier, rate.series[0]?.values[30]]).toEqual(['1h', expect.closeTo(0.05, 12)])
    expect(rate.warnings[0]).toContain('the range of 5m is told over 1h')
  })
})
