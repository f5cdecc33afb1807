/**
 * The sample store on the main loop: knows every series by name and labels and its newest value, hands samples to the
 * storage worker and questions to the read worker, and decides which tier answers. Encodes, reads and sorts nothing.
 */
import type { SeriesSamples } from '#main/store/metrics/messages.ts'
import type { ReadMetricMethods, StorageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import type { Channel } from '#main/store/worker-channel.ts'
import { AppError } from '#shared/contract/errors.ts'
import { seriesKey } from '#shared/domain/labels.ts'
import { counterGapMs, stepColumnNames, stepColumnsOf } from '#shared/domain/rollup.ts'
import { isStaleAt } from '#shared/domain/series.ts'
import type { Events } from '../events.ts'
import type { Notices } from '../notices.ts'
import type { Clock, Logger, Timers } from '../ports.ts'
import { createAdvanceEvents } from './advance-events.ts'
import { createCardinality } from './cardinality.ts'
import { chooseTier } from './choose-tier.ts'
import { keepTending } from './housekeeping.ts'
import { createMetricNotices } from './metric-notices.ts'
import type { LatestSample, MetricStore, SelectedSeries, SeriesHandle } from './metric-store.ts'
import { createNewestSamples } from './newest-samples.ts'
import { createNumberColumn } from './number-column.ts'
import { createSampleWriter } from './sample-writer.ts'
import { createSeriesIndex } from './series-index.ts'
import { createStoredExpressions, type StoredExpressions } from './stored-expressions.ts'

export interface MetricStoreOptions {
  readonly channels: { readonly storage: Channel<StorageMetricMethods>; readonly read: Channel<ReadMetricMethods> }
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly notices: Notices
  readonly events: Events
  /** Whether expressions take the sample at the beginning of a range, as Prometheus 2 does. */
  readonly closedRanges?: () => boolean
  /** Series that may have samples within an hour; more are refused. */
  readonly maxActiveSeries?: number
  /** The same of one target: of series with the same `job`, `instance`, `target` and `check`. */
  readonly maxSeriesPerTarget?: number
}

/** Samples older than this when they arrive are refused: their day may be compacted already. */
export const acceptedDelayMs = 2 * 3_600_000
/** Sources' clocks may be ahead by this much. */
export const acceptedLeadMs = 10 * 60_000

const defaultMaxActiveSeries = 200_000
const defaultMaxSeriesPerTarget = 10_000
const defaultMaxSamples = 50_000_000
const defaultLookbackMs = 300_000
/** Numbers in one reduced answer: 160 MB. */
const mostCells = 20_000_000
const dayMs = 86_400_000
/** Refused series are counted once each, up to this many. */
const mostRefusedRemembered = 10_000

export interface OpenMetricStore extends MetricStore {
  readonly expressions: StoredExpressions
  close(): Promise<void>
}

/** Resolves when the known series are in memory; from then on `series` and `append` never wait. */
export async function openMetricStore(options: MetricStoreOptions): Promise<OpenMetricStore> {
  const { channels, clock, timers, logger, events } = options
  const { storage, read } = channels
  const opened = await storage.call('metrics.open', null)
  const tell = createMetricNotices(options.notices)
  const index = createSeriesIndex()
  const newest = createNewestSamples()
  const limits = {
    total: options.maxActiveSeries ?? defaultMaxActiveSeries,
    perTarget: options.maxSeriesPerTarget ?? defaultMaxSeriesPerTarget,
  }
  const cardinality = createCardinality(limits)
  const advance = createAdvanceEvents(events, timers)
  /** Ten to the decimals that a series' values are rounded to; 0: they are kept bit-exact. */
  const roundedTo = createNumberColumn(0)
  const refusedKeys = new Set<string>()
  let { coverage } = opened
  let samplesAppended = 0
  let refusedSamples = 0
  let isRefused = false

  newest.restore(opened.newest)
  const isInHead = new Set(opened.newest.ids)
  for (const row of opened.series) {
    index.restore(row)
    if (isInHead.has(row.id)) cardinality.touch(row, clock.now())
  }
  if (opened.setAside !== null) tell.setAside(opened.setAside)
  tell.damage(opened.damage)

  const writer = createSampleWriter(
    (batch) => storage.call('metrics.append', batch),
    timers,
    (outcome) => {
      if ('error' in outcome) {
        if (!isRefused) logger.error('samples could not be written and are kept for another try', outcome)
        isRefused = true
        return tell.unwritable(outcome.error)
      }
      isRefused = false
      tell.writable()
      if (outcome.batch.times.length > 0) advance.advanced(outcome.batch.times.reduce((a, b) => Math.max(a, b)))
    },
  )

  let isTendingFailing = false
  const stopTending = keepTending(async () => {
    try {
      const answer = await storage.call('metrics.tend', { now: clock.now() })
      coverage = answer.coverage
      tell.damage(answer.damage)
      isTendingFailing = false
      return answer.more
    } catch (error) {
      if (!isTendingFailing) logger.error('a chore of the sample store failed and is tried again', { error })
      isTendingFailing = true
      throw error
    }
  }, timers)

  const refuse = (count: number) => {
    refusedSamples += count
  }

  /** Whether a sample of this instant is taken. A clock that went back is not held against its samples. */
  const isTimely = (at: number, now: number) => at >= Math.max(0, now - acceptedDelayMs) && at <= now + acceptedLeadMs

  const headOf = async (ids: Uint32Array, from: number, to: number, signal: AbortSignal | undefined) => {
    const head = await storage.call('metrics.head', { ids: ids.slice(), from, to }, { signal })
    return {
      head,
      transfer: [head.ids, head.counts, head.times, head.values].map((column) => column.buffer as ArrayBuffer),
    }
  }

  const select: MetricStore['select'] = async (matchers, range, { maxSamples = defaultMaxSamples, signal } = {}) => {
    const handles = index.match(matchers)
    if (handles.length === 0 || range.from >= range.to) return []
    const ids = Uint32Array.from(handles, ({ id }) => id)
    const { head, transfer } = await headOf(ids, range.from, range.to, signal)
    const answer = await read.call('metrics.select', { ids, ...range, maxSamples, head }, { signal, transfer })
    tell.damage(answer.damage)
    return selectedSeries(handles, answer)
  }

  return {
    series(name, labels, { decimals } = {}) {
      const now = clock.now()
      let handle = index.find(name, labels)
      if (!handle) {
        const refusal = cardinality.refusal(name, labels, now)
        handle = refusal ? undefined : index.add(name, labels)
        if (!handle) {
          if (refusedKeys.size < mostRefusedRemembered) refusedKeys.add(seriesKey(name, labels))
          tell.cardinality(name, refusal ?? { of: 'total' }, limits)
          return undefined
        }
        cardinality.touch(handle, now)
        writer.declare(handle)
      }
      if (decimals !== undefined) roundedTo.set(handle.id, 10 ** decimals)
      return handle
    },
    append(sampledAt, samples) {
      const now = clock.now()
      const at = Math.floor(sampledAt)
      if (!isTimely(at, now)) return refuse(samples.length)
      for (const [series, value] of samples) {
        const { id } = series
        const power = roundedTo.get(id)
        const kept = power === 0 ? value : roundTo(value, power)
        if (!writer.push(id, at, kept)) {
          refuse(1)
          continue
        }
        samplesAppended++
        cardinality.touch(series, now)
        newest.put(id, at, kept, false)
      }
    },
    markStale(endedAt, series) {
      const at = Math.floor(endedAt)
      if (!isTimely(at, clock.now())) return refuse(series.length)
      for (const { id } of series) {
        if (writer.pushStale(id, at)) newest.put(id, at, Number.NaN, true)
        else refuse(1)
      }
    },
    flush: () => writer.flush(),
    select,
    async latest(matchers, at, lookbackMs = defaultLookbackMs) {
      const handles = index.match(matchers)
      const inMemory = handles.map((handle) => ({ handle, sample: newest.get(handle.id) }))
      // Memory knows the newest of all; the newest before an earlier instant, or from before the start, is stored.
      const isKnown = inMemory.every(({ sample }) => (sample ? sample.at <= at : lookbackMs <= defaultLookbackMs))
      if (!isKnown) return latestOf(await select(matchers, { from: at - lookbackMs + 1, to: at + 1 }))
      return inMemory.flatMap(({ handle, sample }) =>
        sample && !sample.isStale && sample.at > at - lookbackMs
          ? [{ ...handle, at: sample.at, value: sample.value }]
          : [],
      )
    },
    async reduce(matchers, range, stepMs, { signal } = {}) {
      const { tier, ...steps } = chooseTier(range, stepMs, coverage)
      const handles = index.match(matchers)
      if (handles.length === 0 || steps.stepCount === 0) return { tier, ...steps, series: [] }
      const cells = handles.length * steps.stepCount * stepColumnNames.length
      if (cells > mostCells) {
        throw new AppError(
          'too-large',
          `${handles.length} series in ${steps.stepCount} steps are more than one answer holds. Ask for fewer series, a shorter range or larger steps.`,
        )
      }
      const ids = Uint32Array.from(handles, ({ id }) => id)
      const to = steps.from + steps.stepMs * steps.stepCount
      const { head, transfer } = await headOf(ids, steps.from - counterGapMs, to, signal)
      const answer = await read.call('metrics.reduce', { ids, tier, ...steps, head }, { signal, transfer })
      tell.damage(answer.damage)
      const series = handles
        .map((handle, i) => ({ ...handle, ...stepColumnsOf(answer.columns, steps.stepCount, i) }))
        .filter(({ count }) => count.some((observed) => observed > 0))
      return { tier, ...steps, series }
    },
    expressions: createStoredExpressions({
      ...{ storage, read, index, newest, openedAt: clock.now() },
      coverage: () => coverage,
      closedRanges: options.closedRanges ?? (() => false),
      onDamage: (damage) => tell.damage(damage),
    }),
    names: async (prefix) => index.names(prefix),
    async usage() {
      const stored = await storage.call('metrics.usage', null)
      return {
        ...stored,
        activeSeries: cardinality.active(clock.now()),
        samplesAppended,
        refusedSeries: refusedKeys.size,
        refusedSamples,
        oldestAt: coverage.hour,
      }
    },
    async applyRetention(now, days) {
      const cutoffs = {
        raw: now - days.raw * dayMs,
        fiveMinute: now - days.fiveMinute * dayMs,
        hour: now - days.hour * dayMs,
      }
      let givenUp = 0
      for (let more = true; more; ) {
        const answer = await storage.call('metrics.retain', cutoffs)
        givenUp += answer.samplesGivenUp
        coverage = answer.coverage
        more = answer.more
      }
      return givenUp
    },
    async giveUpOldestDay() {
      const answer = await storage.call('metrics.giveUpOldestDay', null)
      coverage = answer.coverage
      return answer.gone
    },
    async close() {
      stopTending()
      advance.stop()
      try {
        await writer.flush()
      } finally {
        writer.stop()
      }
    },
  }
}

function roundTo(value: number, power: number): number {
  const scaled = value * power
  return Math.abs(scaled) < Number.MAX_SAFE_INTEGER ? Math.round(scaled) / power : value
}

/** Views into the answer's columns; series without samples are left out. */
function selectedSeries(handles: readonly SeriesHandle[], { counts, times, values }: SeriesSamples): SelectedSeries[] {
  const selected: SelectedSeries[] = []
  let at = 0
  for (const [i, handle] of handles.entries()) {
    const end = at + (counts[i] ?? 0)
    if (end > at) selected.push({ ...handle, times: times.subarray(at, end), values: values.subarray(at, end) })
    at = end
  }
  return selected
}

/** The last sample of each series, where the series has not ended with it. */
function latestOf(selected: readonly SelectedSeries[]): LatestSample[] {
  return selected.flatMap(({ id, name, labels, times, values }) => {
    const last = times.length - 1
    if (isStaleAt(values, last)) return []
    return [{ id, name, labels, at: times[last] ?? 0, value: values[last] ?? Number.NaN }]
  })
}
