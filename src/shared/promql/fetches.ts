/** What must be gathered before an expression can be evaluated: gathering may wait, computing may not. */
import type { Matcher } from '../domain/series.ts'
import type { Expr, VectorSelector } from './ast.ts'
import type { EvaluationOptions, StepRange } from './evaluation.ts'
import { courseOf, type Grid, gridOf, instantGrid, spanOf, subqueryGrid } from './grid.ts'

/** A selector looks back this far for the newest sample. Prometheus's default. */
export const defaultLookbackMs = 300_000
/** Prometheus's default interval of evaluation. */
export const defaultSubqueryStepMs = 60_000

/** What a selector needs: all samples of the matching series in `[from, to)`. */
export interface Fetch {
  readonly selector: VectorSelector
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly to: number
  /** Whether the newest sample of each series suffices. */
  readonly newestOnly: boolean
}

/** Everything to fetch before `expr` can be evaluated at `at`, one entry for each selector node. */
export function selectorsOf(expr: Expr, at: number, options: EvaluationOptions = {}): Fetch[] {
  return fetchesIn(expr, instantGrid(at), { start: at, end: at }, options)
}

/** Everything to fetch before `expr` can be evaluated at all steps, one entry for each selector node. */
export function fetchesOf(expr: Expr, steps: StepRange, options: EvaluationOptions = {}): Fetch[] {
  return fetchesIn(expr, gridOf(steps), { start: steps.start, end: steps.end }, options)
}

function fetchesIn(expr: Expr, grid: Grid, query: { start: number; end: number }, options: EvaluationOptions): Fetch[] {
  const closed = options.closedRanges ? 0 : 1
  return selectorsIn(expr).map(({ selector, rangeMs, within }) => {
    let inner = grid
    for (const subquery of within) {
      inner = subqueryGrid(courseOf(subquery, inner, query), inner.count, {
        rangeMs: subquery.rangeMs,
        stepMs: subquery.stepMs ?? options.subqueryStepMs ?? defaultSubqueryStepMs,
        closedRanges: options.closedRanges ?? false,
      })
    }
    const course = courseOf(selector, inner, query)
    const { first, last } = spanOf({ start: course.first, stepMs: course.advanceMs, count: inner.count })
    return {
      selector,
      matchers: selector.matchers,
      from: first - (rangeMs ?? options.lookbackMs ?? defaultLookbackMs) + closed,
      to: last + 1,
      newestOnly: rangeMs === null && first === last,
    }
  })
}

interface SelectorUse {
  readonly selector: VectorSelector
  /** Null for an instant selector. */
  readonly rangeMs: number | null
  /** The subqueries around it, outermost first. */
  readonly within: readonly (Expr & { type: 'subquery' })[]
}

/** Every selector, in the order of the text. */
export function selectorsIn(expr: Expr, within: SelectorUse['within'] = []): SelectorUse[] {
  switch (expr.type) {
    case 'vector-selector':
      return [{ selector: expr, rangeMs: null, within }]
    case 'matrix-selector':
      return [{ selector: expr.selector, rangeMs: expr.rangeMs, within }]
    case 'subquery':
      return selectorsIn(expr.inner, [...within, expr])
    case 'paren':
      return selectorsIn(expr.inner, within)
    case 'unary':
      return selectorsIn(expr.operand, within)
    case 'binary':
      return [...selectorsIn(expr.left, within), ...selectorsIn(expr.right, within)]
    case 'call':
      return expr.args.flatMap((arg) => selectorsIn(arg, within))
    case 'aggregation':
      return [...(expr.parameter ? selectorsIn(expr.parameter, within) : []), ...selectorsIn(expr.operand, within)]
    case 'number':
    case 'string':
      return []
  }
}
