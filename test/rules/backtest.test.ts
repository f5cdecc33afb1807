import { describe, expect, it } from 'vitest'
import { systemClock } from '#main/adapters/clock.ts'
import { runBacktest } from '#main/rules/backtest.ts'
import { keepPace } from '#main/rules/pace.ts'
import { type Backtest, BacktestQuestion } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import { loadSeries } from '#test/promql/series-notation.ts'
import { memoryQueries } from '#test/support/memory-queries.ts'

const minute = 60_000
/** Belfry runs from the first minute on, but for the minutes 60 to 119. */
const running = { series: 'belfry_event_loop_delay_seconds{quantile="0.99"}', values: '0x59 _x60 0x120' }

type Options = Partial<Parameters<typeof runBacktest>[1]>

async function backtest(
  series: readonly { series: string; values: string }[],
  question: Partial<BacktestQuestion> & { expr: string },
  options: Options = {},
): Promise<Backtest> {
  const queries = memoryQueries(loadSeries([running, ...series], minute))
  const signal = new AbortController().signal
  const asked = BacktestQuestion.parse({ everyMs: minute, from: 0, to: 60 * minute, ...question })
  return runBacktest(asked, {
    ...{ queries, signal, monotonicMs: () => 0, onProgress: () => {}, pace: keepPace(systemClock) },
    ...options,
  })
}

const between = (...minutes: readonly [state: 'pending' | 'firing', from: number, to: number][]) =>
  minutes.map(([state, from, to]) => ({ state, from: from * minute, to: to * minute }))

describe('a backtest', () => {
  it('says how often, for how long, on which series and how badly a rule would have fired', async () => {
    const found = await backtest(
      [
        { series: 'load{host="a"}', values: '1x9 5 7 9x5 1x9 6x9 1x30' },
        { series: 'load{host="b"}', values: '1x9 5 1x60' },
        { series: 'load{host="c"}', values: '1x80' },
      ],
      { expr: 'load > 4', forMs: 3 * minute },
    )
    expect(found).toMatchObject({
      ...{ from: 0, to: 60 * minute, stepMs: minute, fired: 2, firingMs: 12 * minute, seriesSeen: 3, seriesLeftOut: 0 },
      ...{ observedMs: 60 * minute, unobserved: [], tiers: [{ tier: 'raw', from: 0, to: 60 * minute }] },
    })
    expect(found.series).toEqual([
      {
        labels: { host: 'a' },
        ...{ fired: 2, firingMs: 12 * minute, pendingMs: 6 * minute, worst: 9 },
        intervals: between(['pending', 10, 13], ['firing', 13, 18], ['pending', 28, 31], ['firing', 31, 38]),
      },
      {
        labels: { host: 'b' },
        ...{ fired: 0, firingMs: 0, pendingMs: minute, worst: 5 },
        intervals: between(['pending', 10, 11]),
      },
    ])
  })

  it('keeps firing as long as the rule says', async () => {
    const found = await backtest([{ series: 'load', values: '1x9 5 1x3 5 1x60' }], {
      ...{ expr: 'load > 4', keepFiringForMs: 5 * minute },
    })
    expect(found.series[0]).toMatchObject({ fired: 1, intervals: between(['firing', 10, 21]) })
  })

  it('takes the smallest value for the worst where small ones are bad', async () => {
    const series = [{ series: 'free', values: '9x9 3 1 2 9x60' }]
    expect((await backtest(series, { expr: 'free < 4' })).series[0]?.worst).toBe(1)
    expect((await backtest(series, { expr: '4 > free and on() vector(1)' })).series[0]?.worst).toBe(1)
  })

  it('says what nobody looked at, and counts it neither as calm nor as firing', async () => {
    const found = await backtest([{ series: 'load', values: '5x59 _x60 5x60' }], {
      ...{ expr: 'load > 4', forMs: 30 * minute, to: 150 * minute },
    })
    expect(found.unobserved).toEqual([{ from: 61 * minute, to: 120 * minute }])
    expect(found.observedMs).toBe(91 * minute)
    // It fired before the hole; after one, a hold time goes on from where it stood.
    expect(found.series[0]).toMatchObject({ fired: 1, firingMs: 61 * minute, pendingMs: 30 * minute })
    const late = await backtest([{ series: 'load', values: '5x59 _x60 5x60' }], {
      ...{ expr: 'load > 4', forMs: 80 * minute, to: 150 * minute },
    })
    expect(late.series[0]).toMatchObject({ fired: 1, pendingMs: 81 * minute, firingMs: 10 * minute })
  })

  it('lets an alert end whose series went away, and not one whose data is missing altogether', async () => {
    const gone = await backtest(
      [
        { series: 'load{host="a"}', values: '5x9 stale' },
        { series: 'load{host="b"}', values: '1x60' },
      ],
      { expr: 'load > 4' },
    )
    expect(gone.series[0]?.intervals).toEqual(between(['firing', 0, 12]))
    const missing = await backtest([{ series: 'load', values: '5x9 stale _x20 5x30' }], { expr: 'load > 4' })
    expect(missing.series[0]).toMatchObject({ fired: 1, intervals: between(['firing', 0, 10], ['firing', 31, 60]) })
  })

  it('knows when something was absent', async () => {
    const found = await backtest([{ series: 'up{job="a"}', values: '1x9 stale _x9 1x60' }], {
      expr: 'absent(up{job="a"})',
    })
    expect(found.series).toMatchObject([{ labels: { job: 'a' }, fired: 1, intervals: between(['firing', 10, 20]) }])
  })

  it('looks at long ranges in pieces, tells how far it is, and takes larger steps when there are too many', async () => {
    const shares: number[] = []
    const asked: number[] = []
    const empty = memoryQueries(loadSeries([], minute))
    const found = await backtest(
      [],
      { expr: 'load > 4', everyMs: 1000, to: 100_000_000 },
      {
        onProgress: (share) => void shares.push(share),
        queries: {
          async range(question, ...rest) {
            const stepCount = (question.to - question.from) / question.stepMs + 1
            asked.push(stepCount)
            const answer = await empty.range({ ...question, to: question.from }, ...rest)
            const none = { labels: [], stepCount, values: new Float64Array(), present: new Uint8Array() }
            return { ...answer, result: { form: 'steps', steps: none } }
          },
        },
      },
    )
    expect(found).toMatchObject({ stepMs: 2000, observedMs: 0, unobserved: [{ from: 0, to: 100_000_000 }], fired: 0 })
    expect(asked).toHaveLength(75)
    expect(Math.max(...asked)).toBe(2000)
    expect(shares).toHaveLength(25)
    expect(shares.at(-1)).toBe(1)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  })

  it('goes on in smaller pieces where one touches too much', async () => {
    const small = memoryQueries(loadSeries([running, { series: 'load', values: '5x80' }], minute))
    const found = await backtest(
      [],
      { expr: 'load > 4' },
      {
        queries: {
          range: (question, ...rest) =>
            question.to - question.from > 30 * minute
              ? Promise.reject(new AppError('too-large', 'more than 5 samples'))
              : small.range(question, ...rest),
        },
      },
    )
    expect(found.series[0]?.intervals).toEqual(between(['firing', 0, 60]))
  })

  it('ends when it is cancelled', async () => {
    const controller = new AbortController()
    controller.abort(new AppError('closed', 'cancelled'))
    await expect(backtest([], { expr: 'load > 4' }, { signal: controller.signal })).rejects.toThrow('cancelled')
  })

  it.each([
    [{ expr: 'load >' }, /1:7/],
    [{ expr: 'load[5m]' }, /expected an instant vector/],
    [{ expr: '"text"' }, /expected an instant vector/],
    [{ expr: 'load', from: 5, to: 5 }, /end of the range after its start/],
  ])('refuses %o', async (question, problem) => {
    await expect(backtest([], question)).rejects.toThrow(problem)
  })
})
