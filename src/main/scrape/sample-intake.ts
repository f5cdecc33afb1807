/**
 * Takes one target's expositions in. Each series is known by the text it is exposed as, so that a series that was scraped
 * before costs a look into a table; only new ones are taken apart and relabelled. Nothing of a scrape is stored before all
 * of it was read.
 */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { atPace, type Pace } from '#main/rules/pace.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { Metadata } from '#shared/exposition/metadata-line.ts'
import { createExpositionParser, type ExpositionFormat, type ExpositionParser } from '#shared/exposition/parser.ts'
import type { ExpositionSeries } from '#shared/exposition/series.ts'
import type { ScrapeLimits } from './prometheus-config.ts'
import type { MutableLabels, Relabel } from './relabel.ts'

export interface IntakeOptions {
  readonly labels: Labels
  readonly honorLabels: boolean
  readonly honorTimestamps: boolean
  readonly metricRelabel: Relabel
  readonly limits: ScrapeLimits
  readonly metrics: Pick<MetricStore, 'series' | 'append' | 'markStale'>
  readonly metadata: (metadata: Metadata) => void
}

export interface IntakeCounts {
  /** Samples that were exposed. */
  readonly scraped: number
  /** Those that relabelling left. */
  readonly kept: number
  /** Series that were not in the scrape before. */
  readonly added: number
  readonly duplicates: number
  /** Samples with timestamps from too long ago or too far ahead. */
  readonly untimely: number
  /** Series beyond the cardinality budget. */
  readonly refused: number
}

/** One scrape that is being read. */
export interface Reception {
  /** Throws ExpositionError or AppError: then the scrape has failed as a whole. */
  push(piece: Uint8Array): void
  end(): void
  /** So far. */
  counts(): { readonly scraped: number; readonly kept: number }
  /** Stores all of it, and ends the series that are gone. */
  commit(at: number, isTimely: (at: number) => boolean, pace: Pace): Promise<IntakeCounts>
}

export interface SampleIntake {
  receive(format: ExpositionFormat): Reception
  /** Nothing was seen of the target: its series end. */
  end(at: number): void
  /** The series that the last scrape saw, for an intake that follows this one. */
  present(): readonly SeriesHandle[]
}

interface Series {
  readonly name: string
  readonly labels: Labels
  /** Null until its first sample is stored, and while the budget refuses it. */
  handle: SeriesHandle | null
  /** The scrape that saw it last, by number. */
  seenIn: number
  /** Of its newest sample; NaN where the exposition gave no timestamp. */
  at: number
}

/** Stands for all series that relabelling drops. */
const dropped: Series = { name: '', labels: {}, handle: null, seenIn: -1, at: Number.NaN }

/** In one scrape of a job without a sample_limit: who exposes more does so by mistake, or knows of it. */
const mostSamples = 50_000
/** Samples that are handed on between two looks at the clock. */
const handedOn = 1000

/** More than the last scrape had may be remembered: series come and go. */
const spareEntries = 1000

export function createSampleIntake(options: IntakeOptions, present: readonly SeriesHandle[] = []): SampleIntake {
  const { metrics, limits } = options
  const byText = new Map<string, Series>()
  const byId = new Map<number, Series>()
  /** Seen by the last scrape, without timestamps of their own. */
  let current: Series[] = present.map((handle) => known(handle))
  let scrapes = 0

  function known(handle: SeriesHandle): Series {
    const series = { name: handle.name, labels: handle.labels, handle, seenIn: 0, at: Number.NaN }
    byId.set(handle.id, series)
    return series
  }

  function forgetAbsent(seen: number): void {
    if (byText.size <= 1.5 * seen + spareEntries) return
    for (const [text, series] of byText) if (series !== dropped && series.seenIn !== scrapes) byText.delete(text)
    for (const [id, series] of byId) if (series.seenIn !== scrapes) byId.delete(id)
  }

  function endAbsent(at: number): void {
    const gone = current.flatMap(({ handle, seenIn }) => (handle !== null && seenIn !== scrapes ? [handle] : []))
    if (gone.length > 0) metrics.markStale(at, gone)
  }

  function receive(format: ExpositionFormat): Reception {
    const most = limits.samples > 0 ? limits.samples : mostSamples
    const fresh = new Map<string, Series>()
    const series: Series[] = []
    const values: number[] = []
    const times: number[] = []
    let scraped = 0
    const parser: ExpositionParser = createExpositionParser(
      { format },
      {
        sample(raw, value, at, read) {
          scraped++
          const found = byText.get(raw) ?? fresh.get(raw) ?? take(raw, read)
          if (found === dropped) return
          if (series.length === most) {
            const name = limits.samples > 0 ? 'sample_limit' : 'set sample_limit to allow more'
            throw new AppError(
              'too-large',
              `expected at most ${most} samples in one scrape (${name}), got more at line ${parser.line()}`,
            )
          }
          series.push(found)
          values.push(value)
          times.push(options.honorTimestamps ? at : Number.NaN)
        },
        metadata: options.metadata,
      },
    )

    function take(raw: string, read: () => ExpositionSeries): Series {
      const exposed = read()
      const labels = labelled(exposed, options)
      if (labels === null || !labels.has('__name__')) {
        fresh.set(ownText(raw), dropped)
        return dropped
      }
      judgeLimits(labels, limits)
      const name = labels.get('__name__') ?? ''
      labels.delete('__name__')
      const made: Series = { name, labels: Object.fromEntries(labels), handle: null, seenIn: -1, at: Number.NaN }
      fresh.set(ownText(raw), made)
      return made
    }

    return {
      push: (piece) =>
        parser.pushBinary(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1')),
      end: () => parser.end(),
      counts: () => ({ scraped, kept: series.length }),
      async commit(at, isTimely, pace) {
        scrapes++
        let [added, duplicates, untimely, refused] = [0, 0, 0, 0]
        await atPace(fresh, pace, ([text, one]) => byText.set(text, one))
        const now: [SeriesHandle, number][] = []
        const others = new Map<number, [SeriesHandle, number][]>()
        const seen: Series[] = []
        for (const [index, sample] of series.entries()) {
          if (index % 256 === 255 && pace.isDue()) await pace.turn()
          const time = times[index] ?? Number.NaN
          const one = handled(sample)
          if (one === null) {
            refused++
            continue
          }
          const isAgain = one.seenIn === scrapes
          if (isAgain && Object.is(one.at, time)) {
            duplicates++
            continue
          }
          if (!isAgain && one.seenIn !== scrapes - 1) added++
          one.seenIn = scrapes
          one.at = time
          const value = [one.handle, values[index] ?? Number.NaN] as [SeriesHandle, number]
          if (Number.isNaN(time)) {
            now.push(value)
            if (!isAgain) seen.push(one)
          } else if (!isTimely(time)) untimely++
          else if (others.has(time)) others.get(time)?.push(value)
          else others.set(time, [value])
        }
        for (let from = 0; from < now.length; from += handedOn) {
          metrics.append(at, now.slice(from, from + handedOn))
          if (pace.isDue()) await pace.turn()
        }
        for (const [time, samples] of others) metrics.append(time, samples)
        endAbsent(at)
        current = seen
        forgetAbsent(series.length)
        return { scraped, kept: series.length, added, duplicates, untimely, refused }
      },
    }
  }

  /** With its handle; the one that is known already where another text stands for the same series; null when refused. */
  function handled(series: Series): Series | null {
    if (series.handle !== null) return series
    const handle = metrics.series(series.name, series.labels)
    if (handle === undefined) return null
    const same = byId.get(handle.id)
    if (same !== undefined && same !== series) return same
    series.handle = handle
    byId.set(handle.id, series)
    return series
  }

  return {
    receive,
    end(at) {
      scrapes++
      endAbsent(at)
      current = []
    },
    present: () => current.flatMap(({ handle }) => handle ?? []),
  }
}

/** A copy: a view would keep the whole piece of the body in memory. */
const ownText = (view: string) => Buffer.from(view, 'latin1').toString('latin1')

/** The labels of a series with those of its target, after relabelling; null when it is dropped. */
function labelled({ name, labels: exposed }: ExpositionSeries, options: IntakeOptions): MutableLabels | null {
  const labels: MutableLabels = new Map([['__name__', name], ...Object.entries(exposed)])
  for (const [label, value] of Object.entries(options.labels)) {
    const own = labels.get(label)
    if (own !== undefined && options.honorLabels) continue
    if (own !== undefined) {
      let renamed = `exported_${label}`
      while (labels.has(renamed) || Object.hasOwn(options.labels, renamed)) renamed = `exported_${renamed}`
      labels.set(renamed, own)
    }
    labels.set(label, value)
  }
  if (!options.metricRelabel(labels)) return null
  for (const [label, value] of labels) if (value === '') labels.delete(label)
  return labels
}

function judgeLimits(labels: MutableLabels, limits: ScrapeLimits): void {
  const name = labels.get('__name__') ?? ''
  if (limits.labels > 0 && labels.size > limits.labels) {
    throw new AppError(
      'too-large',
      `expected at most ${limits.labels} labels (label_limit), got ${labels.size} at ${name}`,
    )
  }
  if (limits.labelNameLength === 0 && limits.labelValueLength === 0) return
  for (const [label, value] of labels) {
    if (limits.labelNameLength > 0 && label.length > limits.labelNameLength) {
      throw new AppError(
        'too-large',
        `expected label names of at most ${limits.labelNameLength} characters (label_name_length_limit), got ${label.length} at ${name}`,
      )
    }
    if (limits.labelValueLength > 0 && value.length > limits.labelValueLength) {
      throw new AppError(
        'too-large',
        `expected label values of at most ${limits.labelValueLength} characters (label_value_length_limit), got ${value.length} at ${name}, ${label}`,
      )
    }
  }
}
