/**
 * Expressions over the sample store, as the main loop sees them: it knows which series match and tells the read worker
 * their ids, their labels once, and what the head holds of them. Evaluates and encodes nothing.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { atEase } from '#main/store/expressions/at-ease.ts'
import type {
  CheckedExpression,
  Evaluated,
  EvaluationInput,
  ExpressionPlan,
  Source,
  WrittenExpression,
} from '#main/store/expressions/messages.ts'
import type { Coverage, SeriesSamples } from '#main/store/metrics/messages.ts'
import type { ReadMetricMethods, StorageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import type { Channel } from '#main/store/worker-channel.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Matcher } from '#shared/domain/series.ts'
import { eachOf } from '#shared/promql/steps.ts'
import type { LatestSample, Range, SeriesHandle } from './metric-store.ts'
import type { NewestSamples } from './newest-samples.ts'
import { createNumberColumn } from './number-column.ts'
import type { SeriesIndex } from './series-index.ts'

export type Question = Pick<EvaluationInput, 'text' | 'when' | 'limits' | 'as'>

export interface StoredExpressions {
  check(text: string, signal?: AbortSignal): Promise<CheckedExpression>
  /** Rejects with AppError `invalid` for what is no expression. */
  written(text: string, signal: AbortSignal): Promise<WrittenExpression>
  /** Rejects with AppError `invalid` for what is no expression, `too-large` beyond the limits; or when aborted. */
  evaluate(question: Question, signal: AbortSignal): Promise<Evaluated>
  /** The matchers of vector selectors. Rejects with AppError `invalid` for texts that are none. */
  selectors(texts: readonly string[], signal: AbortSignal): Promise<(readonly Matcher[])[]>
  /**
   * Series that match any of these, each once, in no order. Those that are known to have ended before the range are left
   * out; others may turn out to have no samples in it.
   */
  series(matchers: readonly (readonly Matcher[])[], range: Range, signal: AbortSignal): Promise<SeriesHandle[]>
  /** The newest sample of each series that matches any of these, in `(at - 5m, at]`; ended series are left out. */
  newest(matchers: readonly (readonly Matcher[])[], at: number, signal: AbortSignal): Promise<LatestSample[]>
  /** Of all series, in no order. */
  labelNames(): string[]
  /** Of all series, in no order, with the number of series that have each. */
  labelValues(label: string): { readonly value: string; readonly series: number }[]
}

export interface StoredExpressionsOptions {
  readonly storage: Channel<StorageMetricMethods>
  readonly read: Channel<ReadMetricMethods>
  readonly index: SeriesIndex
  readonly newest: NewestSamples
  /** Since then `newest` has missed no sample. */
  readonly openedAt: number
  readonly coverage: () => Coverage
  readonly closedRanges: () => boolean
  readonly onDamage: (damage: readonly string[]) => void
}

/** Older samples say nothing about now. */
const lookbackMs = 5 * 60_000
/** On the main loop: several questions may take turns. */
const sliceMs = 4
/** Told in one message: their copying takes a millisecond or two. */
const seriesPerMessage = 1000
/** Asked of the head in one message, so that a commit does not wait for all of a large question. */
const headSeriesPerMessage = 2000

export function createStoredExpressions(options: StoredExpressionsOptions): StoredExpressions {
  const { storage, read, index, newest, openedAt, coverage, onDamage } = options
  /** 1: the worker knows the series. */
  let told = createNumberColumn(0)

  async function tell(handles: readonly SeriesHandle[], signal: AbortSignal): Promise<void> {
    const untold = handles.filter(({ id }) => told.get(id) === 0)
    for (let from = 0; from < untold.length; from += seriesPerMessage) {
      const rows = untold.slice(from, from + seriesPerMessage)
      const column = told
      await read.call('query.learn', rows, { signal })
      for (const { id } of rows) column.set(id, 1)
    }
  }

  async function headOf(ids: Uint32Array, { from, to }: Range, most: number, signal: AbortSignal) {
    const parts: SeriesSamples[] = []
    let samples = 0
    for (let start = 0; start < ids.length; start += headSeriesPerMessage) {
      const part = { ids: ids.slice(start, start + headSeriesPerMessage), from, to }
      const held = await storage.call('metrics.head', part, { signal })
      samples += held.times.length
      if (samples > most) {
        throw new AppError(
          'too-large',
          `The query would touch more than ${most} samples, the limit query.maxSamples. Ask for a shorter range, fewer series or larger steps, or raise the limit.`,
        )
      }
      parts.push(held)
    }
    return { parts, samples }
  }

  /** Memory knows the newest samples of all since the start; null when an instant is asked that some are after. */
  async function newestOf(handles: readonly SeriesHandle[], { from, to }: Range, signal: AbortSignal) {
    const [ids, times, values]: [number[], number[], number[]] = [[], [], []]
    let isKnown = true
    const take = ({ id }: SeriesHandle) => {
      const sample = newest.get(id)
      if (sample && sample.at >= to) isKnown = false
      if (!sample || sample.isStale || sample.at < from) return
      ids.push(id)
      times.push(sample.at)
      values.push(sample.value)
    }
    await atEase(eachOf(handles, take), signal, sliceMs)
    if (!isKnown) return null
    const part: SeriesSamples = {
      ids: Uint32Array.from(ids),
      counts: new Uint32Array(ids.length).fill(1),
      times: Float64Array.from(times),
      values: Float64Array.from(values),
    }
    return { parts: [part], samples: ids.length }
  }

  async function sourcesOf(plan: ExpressionPlan, limits: Question['limits'], signal: AbortSignal) {
    const sources: Source[] = []
    const handles: SeriesHandle[][] = []
    let left = limits.maxSamples
    for (const { matchers, from, to, newestOnly } of plan.selections) {
      const found = await atEase(index.matching(matchers), signal, sliceMs)
      await nextTurn()
      const ids = idsOf(found)
      const inMemory = newestOnly && to > openedAt ? await newestOf(found, { from, to }, signal) : null
      const { parts, samples } = inMemory ?? (await headOf(ids, { from, to }, left, signal))
      left -= samples
      sources.push({ ids, head: parts, isWhole: inMemory !== null })
      handles.push(found)
    }
    return { sources, handles: handles.flat() }
  }

  async function series(matcherSets: readonly (readonly Matcher[])[], range: Range, signal: AbortSignal) {
    const found = new Map<number, SeriesHandle>()
    for (const matchers of matcherSets) {
      const matching = await atEase(index.matching(matchers), signal, sliceMs)
      await nextTurn()
      const take = (handle: SeriesHandle) => {
        const last = newest.get(handle.id)
        if (last === undefined || last.at >= range.from) found.set(handle.id, handle)
      }
      await atEase(eachOf(matching, take), signal, sliceMs)
    }
    return [...found.values()]
  }

  return {
    check: (text, signal) => read.call('query.check', { text }, { signal }),
    written: (text, signal) => read.call('query.written', { text }, { signal }),
    selectors: (texts, signal) => read.call('query.selectors', { texts }, { signal }),
    async evaluate(question, signal) {
      const asked = {
        text: question.text,
        when: question.when,
        coverage: coverage(),
        closedRanges: options.closedRanges(),
      }
      const plan = await read.call('query.plan', asked, { signal })
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        const { sources, handles } = await sourcesOf(plan, question.limits, signal)
        await tell(handles, signal)
        const transfer = sources.flatMap(buffersOf)
        const answer = await read.call('query.evaluate', { ...question, ...asked, sources }, { signal, transfer })
        if (answer.known) {
          onDamage(answer.damage)
          return answer
        }
        told = createNumberColumn(0)
      }
      throw new AppError('unavailable', 'The thread that answers queries was started anew again and again; try later.')
    },
    series,
    async newest(matcherSets, at, signal) {
      const range = { from: at - lookbackMs + 1, to: at + 1 }
      return (await series(matcherSets, range, signal)).flatMap((handle) => {
        const sample = newest.get(handle.id)
        if (!sample || sample.isStale || sample.at < range.from || sample.at >= range.to) return []
        return [{ ...handle, at: sample.at, value: sample.value }]
      })
    },
    labelNames: () => index.labelNames(),
    labelValues: (label) => index.labelValues(label),
  }
}

function idsOf(handles: readonly SeriesHandle[]): Uint32Array {
  const ids = new Uint32Array(handles.length)
  for (const [i, { id }] of handles.entries()) ids[i] = id
  return ids
}

/** A worker that falls over this question will do so again. */
const mostAttempts = 3

const buffersOf = ({ head }: Source): ArrayBuffer[] =>
  head.flatMap(({ ids, counts, times, values }) =>
    [ids, counts, times, values].map((column) => column.buffer as ArrayBuffer),
  )
