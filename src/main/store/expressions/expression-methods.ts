/** What the read worker does with expressions: reads them, says what they need, and evaluates them over stored samples. */
import type { Matcher, SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { tierWidthMs } from '#shared/promql/choose-tier.ts'
import type { Data } from '#shared/promql/evaluation.ts'
import { printExpr } from '#shared/promql/print.ts'
import { prometheusTree } from '#shared/promql/prometheus-tree.ts'
import type { Steps } from '#shared/promql/steps.ts'
import type { ChunkReader } from '../metrics/chunk-reader.ts'
import type { Damage } from '../metrics/damage.ts'
import type { SeriesRow } from '../metrics/messages.ts'
import { moving } from '../worker-channel.ts'
import { atEase } from './at-ease.ts'
import { checkExpression, parseExpression, parseSelector, typeOf } from './check-expression.ts'
import { evaluateInstant } from './evaluate-instant.ts'
import { evaluateRange } from './evaluate-range.ts'
import { type CountSamples, countUpTo, gatherBuckets, gatherSamples, type Selection } from './gather.ts'
import { createKnownSeries } from './known-series.ts'
import type {
  CheckedExpression,
  Evaluated,
  EvaluatedResult,
  EvaluationAnswer,
  EvaluationInput,
  ExpressionPlan,
  ExpressionQuestion,
  WrittenExpression,
} from './messages.ts'
import { type Plan, planOf } from './plan.ts'

export function expressionMethods(reader: () => ChunkReader, damage: Damage) {
  const known = createKnownSeries()

  function* evaluated(plan: Plan, selections: readonly Selection[], input: EvaluationInput): Steps<Evaluated> {
    const { when, limits, as } = input
    const counter = countUpTo(limits.maxSamples)
    const data: Data = yield* gathered(plan, selections, counter.count)
    const options = {
      lookbackMs: plan.lookbackMs,
      closedRanges: input.closedRanges,
      limits: { maxSamples: limits.maxSamples, maxPoints: limits.maxSamples },
    }
    const asked = { parsed: plan.parsed, data, when, as, options }
    const { result, warnings, infos } = yield* when.type === 'range' ? evaluateRange(asked) : evaluateInstant(asked)
    return {
      type: when.type === 'range' ? 'matrix' : typeOf(plan.parsed),
      tier: plan.tier,
      samples: counter.total(),
      warnings: [...plan.warnings, ...warnings],
      infos,
      damage: damage.take(),
      result,
    }
  }

  function* gathered(plan: Plan, selections: readonly Selection[], count: CountSamples): Steps<Data> {
    const { tier } = plan
    const data = new Map<VectorSelector, readonly SelectedSeries[]>()
    for (const [i, selection] of selections.entries()) {
      const takers = [...plan.takes].filter(([, take]) => take.selection === i)
      if (tier === 'raw') {
        const found = yield* gatherSamples(reader(), selection, count)
        for (const [selector] of takers) data.set(selector, found)
        continue
      }
      const columns = new Set(takers.flatMap(([, { column }]) => column ?? []))
      const buckets = { tier, widthMs: tierWidthMs[tier], columns }
      const found = yield* gatherBuckets(reader(), selection, buckets, count)
      for (const [selector, { column }] of takers) data.set(selector, (column && found.get(column)) ?? [])
    }
    return data
  }

  return {
    'query.check': ({ text }: { text: string }): CheckedExpression => checkExpression(text),
    /** The expression written anew, and its tree as Prometheus tells it. */
    'query.written': ({ text }: { text: string }): WrittenExpression => {
      const { expr } = parseExpression(text)
      return { formatted: printExpr(expr), tree: prometheusTree(expr) }
    },
    /** The matchers of each text. */
    'query.selectors': ({ texts }: { texts: readonly string[] }): (readonly Matcher[])[] => texts.map(parseSelector),
    'query.learn': (rows: readonly SeriesRow[]): void => known.learn(rows),
    'query.plan': (question: ExpressionQuestion): ExpressionPlan => {
      const { tier, selections } = planOf(parseExpression(question.text), question)
      return { tier, selections }
    },
    'query.evaluate': async (input: EvaluationInput, signal: AbortSignal): Promise<EvaluationAnswer> => {
      const plan = planOf(parseExpression(input.text), input)
      const selections: Selection[] = []
      for (const [i, { from, to }] of plan.selections.entries()) {
        const source = input.sources[i]
        const series = source && known.inOrder(source.ids)
        if (!series) return { known: false }
        selections.push({ series, source, from, to })
      }
      const answer = { known: true as const, ...(await atEase(evaluated(plan, selections, input), signal)) }
      return moving(answer, buffersOf(answer.result))
    },
  }
}

/** Buffers to hand over: each was made for this answer alone. */
function buffersOf(result: EvaluatedResult): ArrayBuffer[] {
  switch (result.form) {
    case 'steps':
      return [result.steps.values, result.steps.present].map(({ buffer }) => buffer as ArrayBuffer)
    case 'points':
      return [result.points.counts, result.points.times, result.points.values].map(
        ({ buffer }) => buffer as ArrayBuffer,
      )
    case 'json':
      return result.chunks.map(({ buffer }) => buffer as ArrayBuffer)
    case 'text':
      return []
  }
}
