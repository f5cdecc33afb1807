/** What an expression needs to be found before it can be evaluated. Pure: the same question has the same plan. */
import type { VectorSelector } from '#shared/promql/ast.ts'
import { fetchesOf, selectorsOf } from '#shared/promql/evaluate.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import type { ExpressionPlan, ExpressionQuestion } from './messages.ts'

export interface Plan extends ExpressionPlan {
  readonly parsed: Parsed
  /** Which selection holds the data of a selector. */
  readonly selectionOf: ReadonlyMap<VectorSelector, number>
}

export function planOf(parsed: Parsed, { when }: ExpressionQuestion): Plan {
  const fetches = when.type === 'range' ? fetchesOf(parsed.expr, when) : selectorsOf(parsed.expr, when.start)
  const selections: ExpressionPlan['selections'][number][] = []
  const numbers = new Map<string, number>()
  const selectionOf = new Map<VectorSelector, number>()
  for (const { selector, matchers, from, to } of fetches) {
    const key = JSON.stringify([matchers, from, to])
    const number = numbers.get(key) ?? selections.push({ matchers, from, to }) - 1
    numbers.set(key, number)
    selectionOf.set(selector, number)
  }
  return { parsed, tier: 'raw', selections, selectionOf }
}
