/** A rule's condition as a form has it: some series, perhaps over a window, compared with a number. */
import { type ComparisonOperator, isComparison, unwrapped } from '#shared/promql/ast.ts'
import { formatDurationMs } from '#shared/promql/duration.ts'
import type { Parsed } from '#shared/promql/parse.ts'

/** What is made of the samples of a window; `none`: the newest sample is compared. */
export const windowFunctions = [
  ...['none', 'rate', 'increase', 'avg_over_time', 'min_over_time', 'max_over_time', 'sum_over_time'],
  ...['count_over_time', 'last_over_time', 'delta', 'deriv', 'changes'],
] as const
export type WindowFunction = (typeof windowFunctions)[number]

export const operators: readonly ComparisonOperator[] = ['>', '>=', '<', '<=', '==', '!=']

export interface Condition {
  /** Metric and filter, such as `node_load1{instance="a"}`. */
  readonly selector: string
  readonly function: WindowFunction
  readonly windowMs: number
  readonly operator: ComparisonOperator
  /** As it is typed. */
  readonly threshold: string
}

export const emptyCondition: Condition = {
  ...{ selector: '', function: 'none', windowMs: 300_000, operator: '>', threshold: '' },
}

export function conditionText({ selector, function: name, windowMs, operator, threshold }: Condition): string {
  const subject = name === 'none' ? selector.trim() : `${name}(${selector.trim()}[${formatDurationMs(windowMs)}])`
  return `${subject} ${operator} ${threshold.trim()}`
}

/** Null for what a form cannot say without losing something. */
export function conditionOf({ text, expr }: Parsed): Condition | null {
  const node = unwrapped(expr)
  if (node.type !== 'binary' || !isComparison(node.op) || node.bool) return null
  const threshold = text.slice(node.right.span.from, node.right.span.to)
  if (!/^-?[\d.]+(e[+-]?\d+)?$/i.test(threshold) || node.right.type === 'paren') return null
  const left = node.left
  const compared = { operator: node.op, threshold }
  if (left.type === 'vector-selector') {
    if (left.offsetMs !== 0 || left.at !== null) return null
    const selector = text.slice(left.span.from, left.span.to)
    return { ...emptyCondition, selector, ...compared }
  }
  if (left.type !== 'call' || left.args.length !== 1) return null
  const [arg] = left.args
  const name = windowFunctions.find((one) => one === left.name)
  if (arg?.type !== 'matrix-selector' || name === undefined || name === 'none') return null
  if (arg.selector.offsetMs !== 0 || arg.selector.at !== null) return null
  const selector = text.slice(arg.selector.span.from, arg.selector.span.to)
  return { selector, function: name, windowMs: arg.rangeMs, ...compared }
}
