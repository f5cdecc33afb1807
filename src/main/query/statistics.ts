/** How many series there are, by name and by label: what an operator looks at when there are too many. */
import type { StoredExpressions } from '#main/metrics/stored-expressions.ts'
import type { Steps } from '#shared/promql/steps.ts'
import { sortedInSteps } from './sorted-in-steps.ts'

export interface NamedCount {
  readonly name: string
  readonly value: number
}

/** Each list has the largest counts first. */
export interface SeriesStatistics {
  readonly seriesCount: number
  readonly labelPairCount: number
  readonly seriesByMetric: readonly NamedCount[]
  readonly valuesByLabel: readonly NamedCount[]
  /** Pairs as `label=value`. */
  readonly seriesByPair: readonly NamedCount[]
}

export function* statisticsOf(
  { labelNames, labelValues }: Pick<StoredExpressions, 'labelNames' | 'labelValues'>,
  limit: number,
): Steps<SeriesStatistics> {
  const pairs: NamedCount[] = []
  const valuesByLabel: NamedCount[] = []
  for (const label of labelNames()) {
    const values = labelValues(label)
    valuesByLabel.push({ name: label, value: values.length })
    for (const [i, { value, series }] of values.entries()) {
      pairs.push({ name: `${label}=${value}`, value: series })
      if (i % 256 === 255) yield
    }
    yield
  }
  const metrics = labelValues('__name__').map(({ value, series }) => ({ name: value, value: series }))
  const most = function* (counts: readonly NamedCount[]) {
    return (yield* sortedInSteps(counts, (a, b) => b.value - a.value)).slice(0, limit)
  }
  return {
    seriesCount: metrics.reduce((sum, { value }) => sum + value, 0),
    labelPairCount: pairs.length,
    seriesByMetric: yield* most(metrics),
    valuesByLabel: yield* most(valuesByLabel),
    seriesByPair: yield* most(pairs),
  }
}
