/** What crosses between the main loop and the two workers about samples: ids and typed arrays, never rows. */
import type { Labels } from '#shared/domain/series.ts'

export interface SeriesRow {
  /** 1 .. 2^20 - 1, given by the main side, never reused while anything is stored under it. */
  readonly id: number
  readonly name: string
  readonly labels: Labels
}

/** Samples in order of arrival: entry i of each column. */
export interface SampleBatch {
  readonly ids: Uint32Array
  readonly times: Float64Array
  readonly values: Float64Array
}

export interface AppendInput extends SampleBatch {
  /** Series that no earlier append has brought; durable together with their first samples. */
  readonly newSeries: readonly SeriesRow[]
}

/** Samples of several series, one after the other: `counts[i]` of them belong to `ids[i]`; each ascends in time. */
export interface SeriesSamples extends SampleBatch {
  readonly counts: Uint32Array
}

/** Oldest instants at which each tier has anything; null: nothing at all. */
export interface Coverage {
  readonly raw: number | null
  readonly fiveMinute: number | null
  readonly hour: number | null
}

export interface OpenedMetrics {
  readonly series: readonly SeriesRow[]
  /** The newest sample of each series that has one in the head. */
  readonly newest: SampleBatch
  readonly coverage: Coverage
  /** Where a file that could not be read was put; a new one was begun, with so many days of the past. */
  readonly setAside: { readonly path: string | null; readonly adoptedDays: number } | null
  /** Parts that could not be read, in words. */
  readonly damage: readonly string[]
}

export interface TendAnswer {
  /** More is due right now. */
  readonly more: boolean
  readonly coverage: Coverage
  readonly damage: readonly string[]
}

/** Instants before which each tier is given up. */
export interface RetentionCutoffs {
  readonly raw: number
  readonly fiveMinute: number
  readonly hour: number
}

export interface RetainAnswer {
  readonly samplesGivenUp: number
  readonly more: boolean
  readonly coverage: Coverage
}

export interface GiveUpAnswer {
  /** `day` as `2026-01-05`; null: there is no compacted day with raw samples any more. */
  readonly gone: { readonly day: string; readonly samples: number } | null
  readonly coverage: Coverage
}

export interface StoredUsage {
  readonly samplesStored: number
  readonly bytesHead: number
  readonly bytesChunks: number
  readonly bytesSummaries: number
}

export interface HeadQuestion {
  readonly ids: Uint32Array
  readonly from: number
  readonly to: number
}

export interface SelectQuestion extends HeadQuestion {
  readonly maxSamples: number
  /** What the head answered just before: the sealed part is asked after it, so nothing falls between. */
  readonly head: SeriesSamples
}

export interface ReduceQuestion {
  readonly ids: Uint32Array
  readonly from: number
  readonly stepMs: number
  readonly stepCount: number
  readonly tier: 'raw' | '5m' | '1h'
  /** Of `[from - counterGapMs, to)`. */
  readonly head: SeriesSamples
}

export interface SelectAnswer extends SeriesSamples {
  readonly damage: readonly string[]
}

export interface ReduceAnswer {
  /** Per id in order, `stepColumnNames` after each other, each `stepCount` long. */
  readonly columns: Float64Array
  readonly damage: readonly string[]
}
