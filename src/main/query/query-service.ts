/**
 * PromQL for whoever asks: panels, the HTTP API, programs. Bounds every query in time, size and number and names the
 * limit that ended it; what series match, where their samples lie and how they are computed is the store's.
 */
import type { MetricMetadataBook } from '#main/metrics/metadata.ts'
import type { Range, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { StoredExpressions } from '#main/metrics/stored-expressions.ts'
import type { Clock, Timers } from '#main/ports.ts'
import { atEase } from '#main/store/expressions/at-ease.ts'
import type { CheckedExpression, Evaluated, When } from '#main/store/expressions/messages.ts'
import { formatDuration } from '#shared/config/duration.ts'
import type { QuerySettings } from '#shared/config/schema.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { MetricMetadata } from '#shared/contract/query.ts'
import type { Labels } from '#shared/domain/series.ts'
import { eachOf } from '#shared/promql/steps.ts'
import { createTurns } from './turns.ts'

export interface RangeQuestion {
  readonly expr: string
  /** Epoch ms; the range includes both ends. */
  readonly from: number
  readonly to: number
  readonly stepMs: number
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
  /** `at` null: now. Rejects as `range` does. */
  instant(question: { expr: string; at: number | null }, as: 'columns' | 'json', signal: AbortSignal): Promise<Answer>
  check(expr: string, signal: AbortSignal): Promise<CheckedExpression>
  /** Ascending. Rejects with AppError `invalid` for what is no vector selector. */
  labelNames(selection: Selection, signal: AbortSignal): Promise<string[]>
  /** Ascending. */
  labelValues(label: string, selection: Selection, signal: AbortSignal): Promise<string[]>
  /** With `__name__`, at most `limit`, in no order. */
  series(selection: Selection, limit: number, signal: AbortSignal): Promise<Labels[]>
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

  async function evaluate(text: string, when: When, as: 'columns' | 'json', signal: AbortSignal): Promise<Answer> {
    const { maxSamples, maxPoints, timeout } = settings()
    const startedMs = clock.monotonicMs()
    const limits = { maxSamples, maxPoints }
    const evaluated = await within(timeout, signal, (bounded) =>
      turns.take(bounded, () => expressions.evaluate({ text, when, as, limits }, bounded)),
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
    const message = `The query took longer than ${formatDuration(timeoutMs)}, the limit query.timeout. Ask for a shorter range, fewer series or larger steps, or raise the limit.`
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
    range({ expr, from, to, stepMs }, as, signal) {
      refuseSteps(from, to, stepMs, settings().maxPoints)
      return evaluate(expr, { type: 'range', start: from, end: to, stepMs }, as, signal)
    },
    instant({ expr, at }, as, signal) {
      const start = at ?? clock.now()
      return evaluate(expr, { type: 'instant', start, end: start, stepMs: 1 }, as, signal)
    },
    check: (expr, signal) => expressions.check(expr, signal),
    async labelNames(selection, signal) {
      if (selection.selectors.length === 0) return expressions.labelNames()
      const names = new Set<string>()
      const found = await matching(selection, signal)
      await atEase(
        eachOf(found, ({ labels }) => {
          for (const name of Object.keys(labels)) names.add(name)
        }),
        signal,
        sliceMs,
      )
      if (found.length > 0) names.add('__name__')
      return [...names].sort()
    },
    async labelValues(label, selection, signal) {
      if (selection.selectors.length === 0) return expressions.labelValues(label)
      const values = new Set<string>()
      const found = await matching(selection, signal)
      await atEase(
        eachOf(found, ({ name, labels }) => {
          const value = label === '__name__' ? name : Object.hasOwn(labels, label) ? labels[label] : undefined
          if (value) values.add(value)
        }),
        signal,
        sliceMs,
      )
      return [...values].sort()
    },
    async series(selection, limit, signal) {
      const found = await matching(selection, signal)
      return found.slice(0, limit).map(({ name, labels }) => ({ __name__: name, ...labels }))
    },
    metadata(metric) {
      const described = metadata.of(metric ?? '')
      if (metric !== null) return described ? [{ metric, ...described }] : []
      return Array.from(metadata.all(), ([name, description]) => ({ metric: name, ...description }))
    },
  }
}

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
