/**
 * PromQL for whoever asks: panels, the HTTP API, programs. Bounds every query in time, size and number and names the
 * limit that ended it; what series match, where their samples lie and how they are computed is the store's.
 */
import type { MetricMetadataBook } from '#main/metrics/metadata.ts'
import type { LatestSample, Range, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { StoredExpressions } from '#main/metrics/stored-expressions.ts'
import type { Clock, Timers } from '#main/ports.ts'
import { atEase } from '#main/store/expressions/at-ease.ts'
import type { CheckedExpression, Evaluated, When, WrittenExpression } from '#main/store/expressions/messages.ts'
import { formatDuration } from '#shared/config/duration.ts'
import type { QuerySettings } from '#shared/config/schema.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { MetricMetadata } from '#shared/contract/query.ts'
import { compareLabels, labelValue } from '#shared/domain/labels.ts'
import { eachOf } from '#shared/promql/steps.ts'
import { byText, sortedInSteps } from './sorted-in-steps.ts'
import { type SeriesStatistics, statisticsOf } from './statistics.ts'
import { createTurns } from './turns.ts'

export interface RangeQuestion {
  readonly expr: string
  /** Epoch ms; the range includes both ends. */
  readonly from: number
  readonly to: number
  readonly stepMs: number
  /** Less time than `query.timeout` gives. */
  readonly timeoutMs?: number | undefined
}

export interface InstantQuestion {
  readonly expr: string
  /** Epoch ms; null: now. */
  readonly at: number | null
  readonly timeoutMs?: number | undefined
}

export interface Answer extends Evaluated {
  readonly when: When
  readonly durationMs: number
}

export interface Selection {
  /** Vector selectors; none: all series. */
  readonly selectors: readonly string[]
  /** Epoch ms; null: open. */
  readonly from: number | null
  readonly to: number | null
}

export interface QueryService {
  /**
   * Rejects with AppError `invalid` for a wrong expression or range, `too-large` or `timeout` when a limit was met, which
   * the message names.
   */
  range(question: RangeQuestion, as: 'columns' | 'json', signal: AbortSignal): Promise<Answer>
  /** Rejects as `range` does. */
  instant(question: InstantQuestion, as: 'columns' | 'json', signal: AbortSignal): Promise<Answer>
  /** As they are set now. */
  limits(): QuerySettings
  check(expr: string, signal: AbortSignal): Promise<CheckedExpression>
  /** Formatted, and as a tree in Prometheus's words. Rejects with AppError `invalid` for what is no expression. */
  written(expr: string, signal: AbortSignal): Promise<WrittenExpression>
  /** Ascending. Rejects with AppError `invalid` for what is no vector selector. */
  labelNames(selection: Selection, signal: AbortSignal): Promise<string[]>
  /** Ascending. */
  labelValues(label: string, selection: Selection, signal: AbortSignal): Promise<string[]>
  /** At most `limit`, by name and labels. */
  series(selection: Selection, limit: number, signal: AbortSignal): Promise<SeriesHandle[]>
  /** Newest samples of series that any of the selectors matches, by name and labels; ended series are left out. */
  newest(selectors: readonly string[], signal: AbortSignal): Promise<LatestSample[]>
  /** How many series there are, by what; the first `limit` of each list, most first. */
  statistics(limit: number, signal: AbortSignal): Promise<SeriesStatistics>
  /** Of one metric or of all, ascending. */
  metadata(metric: string | null): MetricMetadata[]
}

export interface QueryServiceOptions {
  readonly expressions: StoredExpressions
  readonly metadata: MetricMetadataBook
  readonly clock: Clock
  readonly timers: Timers
  readonly settings: () => QuerySettings
}

/** On the main loop, of series that were found. */
const sliceMs = 4

export function createQueryService(options: QueryServiceOptions): QueryService {
  const { expressions, metadata, clock, timers, settings } = options
  const turns = createTurns(() => settings().concurrency)

  async function evaluate(
    { expr, timeoutMs }: InstantQuestion | RangeQuestion,
    when: When,
    as: 'columns' | 'json',
    signal: AbortSignal,
  ): Promise<Answer> {
    const { maxSamples, timeout } = settings()
    const startedMs = clock.monotonicMs()
    const limits = { maxSamples }
    const evaluated = await within(Math.min(timeout, timeoutMs ?? timeout), signal, (bounded) =>
      turns.take(bounded, () => expressions.evaluate({ text: expr, when, as, limits }, bounded)),
    )
    return { ...evaluated, when, durationMs: clock.monotonicMs() - startedMs }
  }

  /** The work's own signal aborts when `signal` does and, with a failure that names the limit, when its time is up. */
  async function within<T>(
    timeoutMs: number,
    signal: AbortSignal,
    work: (bounded: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController()
    const giveUp = () => controller.abort(new AppError('closed', 'The query was cancelled before it was done.'))
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    const limit = timeoutMs < settings().timeout ? 'the timeout it was asked with' : 'the limit query.timeout'
    const message = `The query took longer than ${formatDuration(timeoutMs)}, ${limit}. Ask for a shorter range, fewer series or larger steps, or raise the limit.`
    const stopTimer = timers.after(timeoutMs, () => controller.abort(new AppError('timeout', message)))
    try {
      return await work(controller.signal)
    } finally {
      stopTimer()
      signal.removeEventListener('abort', giveUp)
    }
  }

  async function matching({ selectors, from, to }: Selection, signal: AbortSignal): Promise<SeriesHandle[]> {
    const range: Range = { from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }
    return within(settings().timeout, signal, async (bounded) => {
      const matchers = selectors.length === 0 ? [[]] : await expressions.selectors(selectors, bounded)
      return expressions.series(matchers, range, bounded)
    })
  }

  return {
    async range(question, as, signal) {
      const { from, to, stepMs } = question
      refuseSteps(from, to, stepMs, settings().maxPoints)
      return evaluate(question, { type: 'range', start: from, end: to, stepMs }, as, signal)
    },
    async instant(question, as, signal) {
      const start = question.at ?? clock.now()
      return evaluate(question, { type: 'instant', start, end: start, stepMs: 1 }, as, signal)
    },
    limits: settings,
    check: (expr, signal) => expressions.check(expr, signal),
    written: (expr, signal) => expressions.written(expr, signal),
    async labelNames(selection, signal) {
      if (selection.selectors.length === 0) return inOrder(expressions.labelNames(), byText, signal)
      const names = new Set<string>()
      await visited(await matching(selection, signal), signal, ({ labels }) => {
        names.add('__name__')
        for (const name of Object.keys(labels)) names.add(name)
      })
      return inOrder([...names], byText, signal)
    },
    async labelValues(label, selection, signal) {
      if (selection.selectors.length === 0) {
        const all = expressions.labelValues(label).map(({ value }) => value)
        return inOrder(all, byText, signal)
      }
      const values = new Set<string>()
      await visited(await matching(selection, signal), signal, (series) => {
        const value = labelValue(series, label)
        if (value !== '') values.add(value)
      })
      return inOrder([...values], byText, signal)
    },
    async series(selection, limit, signal) {
      const found = await matching(selection, signal)
      return (await inOrder(found, bySeries, signal)).slice(0, limit)
    },
    async newest(selectors, signal) {
      const samples = await within(settings().timeout, signal, async (bounded) => {
        const matchers = await expressions.selectors(selectors, bounded)
        return expressions.newest(matchers, clock.now(), bounded)
      })
      return inOrder(samples, bySeries, signal)
    },
    statistics: (limit, signal) => atEase(statisticsOf(expressions, limit), signal, sliceMs),
    metadata(metric) {
      const described = metadata.of(metric ?? '')
      if (metric !== null) return described ? [{ metric, ...described }] : []
      return Array.from(metadata.all(), ([name, description]) => ({ metric: name, ...description }))
    },
  }
}

const inOrder = <T>(items: readonly T[], compare: (a: T, b: T) => number, signal: AbortSignal): Promise<T[]> =>
  atEase(sortedInSteps(items, compare), signal, sliceMs)

const visited = <T>(items: readonly T[], signal: AbortSignal, visit: (item: T) => void): Promise<void> =>
  atEase(eachOf(items, visit), signal, sliceMs)

const bySeries = (a: SeriesHandle, b: SeriesHandle): number =>
  byText(a.name, b.name) || compareLabels(a.labels, b.labels)

function refuseSteps(from: number, to: number, stepMs: number, maxPoints: number): void {
  if (!(stepMs > 0)) throw new AppError('invalid', `expected a step above 0, got ${stepMs} ms`)
  if (!(from <= to)) throw new AppError('invalid', 'expected the end of the range at or after its start')
  const steps = Math.floor((to - from) / stepMs) + 1
  if (steps <= maxPoints) return
  throw new AppError(
    'invalid',
    `The range has ${steps} steps, more than ${maxPoints}, the limit query.maxPoints. Ask for larger steps or a shorter range.`,
  )
}
