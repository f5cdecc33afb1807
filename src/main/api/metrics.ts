/** Stored series for charts: questions in the contract's words become questions to the sample store. */
import type { MetricStore, Reduced } from '#main/metrics/metric-store.ts'
import type { Clock } from '#main/ports.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import type { MetricAnswer, MetricQuery } from '#shared/contract/metrics.ts'
import { densestStepMs, pointsOf, roundStepMs, sumPoints } from '#shared/domain/points.ts'
import type { Matcher } from '#shared/domain/series.ts'
import { abortSignalOf } from './abort-signal.ts'

/** Older values say nothing about now. */
const latestLookbackMs = 5 * 60_000

export function metricHandlers({ metrics, clock }: { metrics: MetricStore; clock: Clock }): HandlersOf<'metrics'> {
  return {
    'metrics.query': ({ queries }, { signal }) =>
      Promise.all(queries.map((query) => answer(metrics, query, abortSignalOf(signal)))),
    async 'metrics.latest'({ metric, matchers }) {
      const latest = await metrics.latest(matchersOf(metric, matchers), clock.now(), latestLookbackMs)
      return latest.map(({ labels, at, value }) => ({ labels, at, value: Number.isFinite(value) ? value : null }))
    },
    'metrics.names': ({ prefix }) => metrics.names(prefix),
  }
}

async function answer(metrics: MetricStore, query: MetricQuery, signal: AbortSignal): Promise<MetricAnswer> {
  const { range, points, sumBy } = query
  const ask = (stepMs: number) => {
    const aligned = { from: Math.floor(range.from / stepMs) * stepMs, to: range.to }
    return metrics.reduce(matchersOf(query.metric, query.matchers), aligned, stepMs, { signal })
  }
  const stepMs = roundStepMs(range.to - range.from, points)
  const first = await ask(stepMs)
  const counts = first.series.map(({ count }) => count)
  const densest = densestStepMs(counts, first.stepMs)
  const reduced = densest > first.stepMs ? await ask(densest) : first
  const series = reduced.series.map((one) => ({
    labels: one.labels,
    values: pointsOf(one, query.reduce),
  }))
  return {
    stepMs: reduced.stepMs,
    tier: reduced.tier,
    times: timesOf(reduced),
    series: (sumBy ? sumPoints(series, sumBy) : series).map(({ labels, values }) => ({ labels, values: [...values] })),
  }
}

const timesOf = ({ from, stepMs, stepCount }: Reduced) => Array.from({ length: stepCount }, (_, i) => from + i * stepMs)

const matchersOf = (metric: string, matchers: readonly Matcher[]): Matcher[] => [
  { label: '__name__', op: '=', value: metric },
  ...matchers,
]
