/**
 * One evaluation of a group: its rules one after the other, each seeing what those before it wrote. Equal questions are
 * asked once, and none may take for ever.
 */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Ports } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { EvaluationOptions } from '#shared/promql/evaluation.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import { evaluateExpression, type Gathered, type RuleAnswer } from './evaluate-rule.ts'
import { createExpander, type Expander } from './expand.ts'
import { keepPace } from './pace.ts'
import { readsAny } from './reads.ts'
import type { Rule } from './rule.ts'

/** An evaluation that has not its samples by then is broken off. */
const evaluateWithinMs = 30_000

export type Evaluated = { readonly answer: RuleAnswer } | { readonly problem: string }

export interface Round {
  /** Never rejects: what fails is told as a problem. `at` is the instant asked for. */
  evaluate(rule: Rule, at: number): Promise<Evaluated>
  /** For the templates of a rule. */
  expanderAt(at: number, externalLabels: Labels): Expander
  /** A rule wrote samples of these metrics. */
  wrote(...names: readonly string[]): void
}

export function openRound(
  { clock, timers, logger }: Pick<Ports, 'clock' | 'timers' | 'logger'>,
  metrics: MetricStore,
  closing: AbortSignal,
  options: EvaluationOptions,
): Round {
  const gathered: Gathered = new Map()
  const written = new Set<string>()

  async function evaluated(parsed: Parsed, at: number): Promise<RuleAnswer> {
    if (readsAny(parsed, written)) {
      await metrics.flush()
      gathered.clear()
      written.clear()
    }
    const late = new AbortController()
    const stop = timers.after(evaluateWithinMs, () => late.abort())
    const signal = AbortSignal.any([late.signal, closing])
    try {
      return await evaluateExpression(parsed, { metrics, at, signal, gathered, options, pace: keepPace(clock, signal) })
    } catch (error) {
      if (error instanceof AppError || !late.signal.aborted) throw error
      throw new AppError('timeout', `It took longer than ${evaluateWithinMs / 1000} s.`)
    } finally {
      stop()
    }
  }

  return {
    async evaluate(rule, at) {
      try {
        return { answer: await evaluated(rule.parsed, at) }
      } catch (error) {
        if (error instanceof AppError) return { problem: error.message }
        if (!closing.aborted) logger.error('a rule failed unexpectedly', { rule: rule.id, error })
        return { problem: `Unexpected failure: ${error instanceof Error ? error.message : String(error)}` }
      }
    },
    expanderAt: (at, externalLabels) =>
      createExpander(async (expression) => (await evaluated(parsePromql(expression), at)).samples, externalLabels),
    wrote(...names) {
      for (const name of names) written.add(name)
    },
  }
}
