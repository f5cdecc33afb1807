/** What an expression needs to be found before it can be evaluated. Pure: the same question has the same plan. */
import { counterGapMs } from '#shared/domain/rollup.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { chooseTier, tierWidthMs } from '#shared/promql/choose-tier.ts'
import { defaultLookbackMs, fetchesOf, selectorsOf } from '#shared/promql/fetches.ts'
import { onSummaries, type SummaryColumn } from '#shared/promql/on-summaries.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import type { ExpressionPlan, ExpressionQuestion, SelectionPlan } from './messages.ts'

export interface Plan extends ExpressionPlan {
  /** The expression as it is evaluated: of summaries it asks for other things. */
  readonly parsed: Parsed
  readonly lookbackMs: number
  /** Of each selector of `parsed`: which selection holds its data, and of summaries which column it takes. */
  readonly takes: ReadonlyMap<VectorSelector, { readonly selection: number; readonly column: SummaryColumn | null }>
  readonly warnings: readonly string[]
}

export function planOf(parsed: Parsed, { when, coverage, closedRanges }: ExpressionQuestion): Plan {
  const steps = when.type === 'range' ? when : null
  const fetchesIn = (lookbackMs: number) => {
    const options = { lookbackMs, closedRanges }
    return steps ? fetchesOf(parsed.expr, steps, options) : selectorsOf(parsed.expr, when.start, options)
  }
  const tier = chooseTier(parsed.expr, parsed.text, steps, fetchesIn(defaultLookbackMs), coverage)
  const widthMs = tierWidthMs[tier]
  const lookbackMs = Math.max(defaultLookbackMs, widthMs)

  const selections: SelectionPlan[] = []
  const numbers = new Map<string, number>()
  const selectionOf = new Map<VectorSelector, number>()
  for (const { selector, matchers, newestOnly: isNewest, ...range } of fetchesIn(lookbackMs)) {
    const newestOnly = isNewest && tier === 'raw'
    const { from, to } = tier === 'raw' ? range : bucketsOver(range, widthMs)
    const key = JSON.stringify([matchers, from, to, newestOnly])
    const number = numbers.get(key) ?? selections.push({ matchers, from, to, newestOnly }) - 1
    numbers.set(key, number)
    selectionOf.set(selector, number)
  }
  const numberOf = (selector: VectorSelector) => selectionOf.get(selector) ?? 0
  if (tier === 'raw') {
    const takes = Array.from(selectionOf, ([selector, selection]) => [selector, { selection, column: null }] as const)
    return { parsed, tier, lookbackMs, selections, takes: new Map(takes), warnings: [] }
  }
  const { expr, columnOf, warnings } = onSummaries(parsed.expr, parsed.text, widthMs)
  const takes = Array.from(
    columnOf,
    ([selector, { original, column }]) => [selector, { selection: numberOf(original), column }] as const,
  )
  return { parsed: { ...parsed, expr }, tier, lookbackMs, selections, takes: new Map(takes), warnings }
}

/**
 * The buckets that end within the range or within two buckets before it, for ranges are widened to as many, with the
 * reading that the first increase starts from.
 */
function bucketsOver({ from, to }: { from: number; to: number }, widthMs: number): { from: number; to: number } {
  return {
    from: (Math.floor(from / widthMs) - 3) * widthMs - counterGapMs,
    to: Math.ceil(to / widthMs) * widthMs,
  }
}
