/** What sources tell of their metrics: type, help and unit. The last word counts, and only so many are remembered. */

export interface MetricDescription {
  /** As the exposition formats name it: counter, gauge, histogram, summary, untyped, info, stateset, ... */
  readonly type: string
  readonly help: string
  /** Empty where there is none. */
  readonly unit: string
}

export interface MetricMetadataBook {
  put(metric: string, description: MetricDescription): void
  of(metric: string): MetricDescription | undefined
  /** Ascending by name. */
  all(): ReadonlyMap<string, MetricDescription>
}

/** Ten times the metrics of a large installation. */
const mostMetrics = 50_000
const longestHelp = 1000
const longestWord = 100

export function createMetricMetadata(): MetricMetadataBook {
  const described = new Map<string, MetricDescription>()
  return {
    put(metric, { type, help, unit }) {
      if (!described.has(metric) && described.size >= mostMetrics) return
      const known = described.get(metric)
      if (known && known.type === type && known.help === help && known.unit === unit) return
      described.set(metric, {
        type: type.slice(0, longestWord),
        help: help.slice(0, longestHelp),
        unit: unit.slice(0, longestWord),
      })
    },
    of: (metric) => described.get(metric),
    all: () => new Map([...described].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
