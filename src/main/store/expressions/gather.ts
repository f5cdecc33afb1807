/** Brings what an expression's selections hold together: what the head said just before, merged with what is sealed. */
import { AppError } from '#shared/contract/errors.ts'
import { counterGapMs, stepColumnNames, stepColumnsOf } from '#shared/domain/rollup.ts'
import type { Samples, SelectedSeries } from '#shared/domain/series.ts'
import type { SummaryColumn } from '#shared/promql/on-summaries.ts'
import type { Steps } from '#shared/promql/steps.ts'
import type { ChunkReader } from '../metrics/chunk-reader.ts'
import { noSamples } from '../metrics/merge-samples.ts'
import type { SeriesRow } from '../metrics/messages.ts'
import { rawSamples, reduceOne, splitSeries } from '../metrics/metric-reader.ts'
import type { Source } from './messages.ts'

export interface Selection {
  /** In the order of names and labels. */
  readonly series: readonly SeriesRow[]
  readonly source: Source
  readonly from: number
  readonly to: number
}

/** Throws AppError `too-large` beyond the limit `query.maxSamples`. */
export type CountSamples = (samples: number) => void

/** Raw samples; series without any are left out. */
export function* gatherSamples(
  reader: ChunkReader,
  { series, source, from, to }: Selection,
  count: CountSamples,
): Steps<SelectedSeries[]> {
  const head = headOf(source)
  const found: SelectedSeries[] = []
  for (let next = 0; next < series.length; ) {
    const read = reader.snapshot(() => {
      const batch: SelectedSeries[] = []
      for (let samples = 0; samples < samplesInStep && batch.length < seriesInStep; ) {
        const row = series[next + batch.length]
        if (!row) break
        const held = head.get(row.id) ?? noSamples
        const selected = { ...row, ...(source.isWhole ? held : rawSamples(reader, row.id, from, to, held)) }
        samples += selected.times.length
        batch.push(selected)
      }
      return batch
    })
    next += read.length
    for (const selected of read) {
      count(selected.times.length)
      if (selected.times.length > 0) found.push(selected)
    }
    yield
  }
  return found
}

/** Read in one snapshot, for beginning one costs as much as reading a short series. */
const seriesInStep = 64
const samplesInStep = 20_000

export interface Buckets {
  readonly tier: '5m' | '1h'
  readonly widthMs: number
  readonly columns: ReadonlySet<SummaryColumn>
}

/** Of each column one sample a bucket, at its end; series without any are left out. */
export function* gatherBuckets(
  reader: ChunkReader,
  { series, source, from, to }: Selection,
  { tier, widthMs, columns }: Buckets,
  count: CountSamples,
): Steps<Map<SummaryColumn, SelectedSeries[]>> {
  const head = headOf(source)
  const first = from + counterGapMs
  const stepCount = Math.max(0, Math.round((to - first) / widthMs))
  const flat = new Float64Array(stepColumnNames.length * stepCount)
  const question = { from: first, stepMs: widthMs, stepCount, tier }
  const found = new Map([...columns].map((column): [SummaryColumn, SelectedSeries[]] => [column, []]))
  for (const row of series) {
    reader.snapshot(() => reduceOne(reader, question, 0, row.id, flat, head.get(row.id) ?? noSamples))
    const reduced = stepColumnsOf(flat, stepCount)
    for (const [column, selected] of found) {
      const samples = samplesOf(reduced.count, reduced[column], first, widthMs)
      count(samples.times.length)
      if (samples.times.length > 0) selected.push({ ...row, ...samples })
    }
    yield
  }
  return found
}

function samplesOf(count: Float64Array, column: Float64Array, first: number, widthMs: number): Samples {
  const times: number[] = []
  const values: number[] = []
  for (const [step, value] of column.entries()) {
    // Gauges keep no increase.
    if (!count[step] || Number.isNaN(value)) continue
    times.push(first + (step + 1) * widthMs)
    values.push(value)
  }
  return { times: Float64Array.from(times), values: Float64Array.from(values) }
}

const headOf = ({ head }: Source) => new Map(head.flatMap((part) => [...splitSeries(part)]))

/** Counts over the whole question. */
export function countUpTo(maxSamples: number): { readonly count: CountSamples; total(): number } {
  let samples = 0
  return {
    count(more) {
      samples += more
      if (samples <= maxSamples) return
      throw new AppError(
        'too-large',
        `The query would touch more than ${maxSamples} samples, the limit query.maxSamples. Ask for a shorter range, fewer series or larger steps, or raise the limit.`,
      )
    },
    total: () => samples,
  }
}
