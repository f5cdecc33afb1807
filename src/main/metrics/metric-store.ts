/** What services know of the sample store. Storage, encoding, tiers and workers are behind it. */
import type { Labels, Matcher, SelectedSeries } from '#shared/domain/series.ts'

/** A known series. Handles are cheap to keep and valid until the store closes. */
export interface SeriesHandle {
  readonly id: number
  readonly name: string
  readonly labels: Labels
}

export type Tier = 'raw' | '5m' | '1h'

/** Half-open `[from, to)` in epoch ms. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Per step of a range: all columns have `stepCount` entries; `count` 0 means nothing was observed in that step. */
export interface ReducedSeries {
  readonly id: number
  readonly name: string
  readonly labels: Labels
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  /**
   * Counter increase from the sample before the step's first to its last, resets accounted for, holes of more than an
   * hour left out. NaN where a coarser tier keeps none, for the series did not behave like a counter.
   */
  readonly increase: Float64Array
  /** The time that `increase` was seen in: their quotient is the rate, whatever the sampling interval. */
  readonly increaseMs: Float64Array
}

export interface Reduced {
  readonly tier: Tier
  readonly from: number
  readonly stepMs: number
  readonly stepCount: number
  readonly series: readonly ReducedSeries[]
}

export interface LatestSample {
  readonly id: number
  readonly name: string
  readonly labels: Labels
  readonly at: number
  readonly value: number
}

export interface MetricUsage {
  readonly activeSeries: number
  readonly samplesStored: number
  readonly samplesAppended: number
  readonly refusedSeries: number
  readonly refusedSamples: number
  readonly oldestAt: number | null
  readonly bytesHead: number
  readonly bytesChunks: number
  readonly bytesSummaries: number
}

export interface MetricStore {
  /**
   * The handle of a series, made on first use. `undefined` when the cardinality budget refuses it; the refusal is
   * counted and told once. `decimals`: values are rounded to that many decimal places before they are stored, for
   * sources that know their meaningful precision; without it they are kept bit-exact.
   */
  series(name: string, labels: Labels, options?: { decimals?: number }): SeriesHandle | undefined
  /**
   * Takes samples of one instant (whole milliseconds; a fraction is dropped). Never blocks: they are written with the next
   * tick's frame. Of two samples of a series at one instant the later one stays. Samples from more than two hours ago or
   * ten minutes ahead are counted and refused.
   */
  append(at: number, samples: readonly (readonly [series: SeriesHandle, value: number])[]): void
  /** Ends series at this instant with a stale marker: the source does not report them any more. */
  markStale(at: number, series: readonly SeriesHandle[]): void
  /** Resolves when all that was appended before is durable and visible to every question. */
  flush(): Promise<void>
  /** Raw samples, bit-exact, sorted by name and labels. Rejects with AppError `too-large` beyond `maxSamples`. */
  select(
    matchers: readonly Matcher[],
    range: Range,
    options?: { maxSamples?: number; signal?: AbortSignal },
  ): Promise<SelectedSeries[]>
  /** Newest sample of each matching series in `(at - lookbackMs, at]`; stale series are left out. */
  latest(matchers: readonly Matcher[], at: number, lookbackMs?: number): Promise<LatestSample[]>
  /** Reduced to steps, from the coarsest tier that still has a point per step and reaches back far enough. */
  reduce(
    matchers: readonly Matcher[],
    range: Range,
    stepMs: number,
    options?: { signal?: AbortSignal },
  ): Promise<Reduced>
  names(prefix: string): Promise<string[]>
  usage(): Promise<MetricUsage>
  /** Deletes what is older than each tier's days, in slices. Resolves with the number of samples given up. */
  applyRetention(now: number, days: { raw: number; fiveMinute: number; hour: number }): Promise<number>
  /** Deletes the raw samples of the oldest compacted day (`2026-01-05`, UTC); null when no such day is left. */
  giveUpOldestDay(): Promise<{ readonly day: string; readonly samples: number } | null>
}

export type { Labels, Matcher, SelectedSeries }
