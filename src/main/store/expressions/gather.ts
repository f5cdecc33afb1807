/** Brings the samples of an expression's selections together: what the head said just before, merged with what is sealed. */
import { AppError } from '#shared/contract/errors.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { Steps } from '#shared/promql/steps.ts'
import type { ChunkReader } from '../metrics/chunk-reader.ts'
import { noSamples } from '../metrics/merge-samples.ts'
import type { SeriesRow } from '../metrics/messages.ts'
import { rawSamples, splitSeries } from '../metrics/metric-reader.ts'
import type { Source } from './messages.ts'

export interface Selection {
  /** In the order of names and labels. */
  readonly series: readonly SeriesRow[]
  readonly source: Source
  readonly from: number
  readonly to: number
}

export interface Gathered {
  /** One list for each selection; series without samples are left out. */
  readonly selected: readonly (readonly SelectedSeries[])[]
  readonly samples: number
}

/** Throws AppError `too-large` beyond `maxSamples`. */
export function* gather(reader: ChunkReader, selections: readonly Selection[], maxSamples: number): Steps<Gathered> {
  const selected: SelectedSeries[][] = []
  let samples = 0
  for (const { series, source, from, to } of selections) {
    const head = new Map(source.head.flatMap((part) => [...splitSeries(part)]))
    const found: SelectedSeries[] = []
    for (const row of series) {
      const { times, values } = reader.snapshot(() =>
        rawSamples(reader, row.id, from, to, head.get(row.id) ?? noSamples),
      )
      samples += times.length
      refuseMoreThan(maxSamples, samples)
      if (times.length > 0) found.push({ ...row, times, values })
      yield
    }
    selected.push(found)
  }
  return { selected, samples }
}

function refuseMoreThan(maxSamples: number, samples: number): void {
  if (samples <= maxSamples) return
  throw new AppError(
    'too-large',
    `The query would touch more than ${maxSamples} samples, the limit query.maxSamples. Ask for a shorter range, fewer series or larger steps, or raise the limit.`,
  )
}
