/** A PromQL expression as a tree. Every node knows where it stands in its text, so that a problem can point at it. */
import type { Matcher } from '../domain/series.ts'
import type { AggregationName } from './signatures.ts'

/** Half-open offsets into the expression's text, in UTF-16 code units. */
export interface Span {
  readonly from: number
  readonly to: number
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

interface NumberLiteral {
  readonly type: 'number'
  readonly value: number
  readonly span: Span
}

interface StringLiteral {
  readonly type: 'string'
  readonly value: string
  readonly span: Span
}

/** The instant after `@`, in epoch ms, or an end of the query's own range. */
export type At = number | 'start' | 'end'

/** When a selector or a subquery looks, as against the instant of evaluation. */
export interface Moment {
  /** Null: at the instant of evaluation. */
  readonly at: At | null
  /** Positive looks into the past, from `at` when that is given. */
  readonly offsetMs: number
}

/** `node_load1{job="a"} @ 1609746000 offset 5m`. The name, when there is one, is the matcher `__name__ =`. */
export interface VectorSelector extends Moment {
  readonly type: 'vector-selector'
  readonly matchers: readonly Matcher[]
  readonly span: Span
}

/** `selector[5m]`; offset and @ stand on the selector. */
export interface MatrixSelector {
  readonly type: 'matrix-selector'
  readonly selector: VectorSelector
  readonly rangeMs: number
  readonly span: Span
}

/** `expression[1h:5m]`: the expression at every whole multiple of the step within the range. */
export interface Subquery extends Moment {
  readonly type: 'subquery'
  readonly inner: Expr
  readonly rangeMs: number
  /** Null: the evaluation's default. */
  readonly stepMs: number | null
  readonly span: Span
}

export interface FunctionCall {
  readonly type: 'call'
  readonly name: string
  readonly args: readonly Expr[]
  readonly span: Span
}

export interface Aggregation {
  readonly type: 'aggregation'
  readonly op: AggregationName
  /** `by` with no labels when the modifier is absent: everything falls into one group. */
  readonly grouping: { readonly mode: 'by' | 'without'; readonly labels: readonly string[] }
  /** The first argument of topk, bottomk, quantile (a number) and count_values (a label). */
  readonly parameter: Expr | null
  readonly operand: Expr
  readonly span: Span
}

export interface UnaryExpr {
  readonly type: 'unary'
  readonly op: '-' | '+'
  readonly operand: Expr
  readonly span: Span
}

const arithmeticOperators = ['+', '-', '*', '/', '%', '^', 'atan2'] as const
const comparisonOperators = ['==', '!=', '<', '<=', '>', '>='] as const
const setOperators = ['and', 'or', 'unless'] as const
type ArithmeticOperator = (typeof arithmeticOperators)[number]
export type ComparisonOperator = (typeof comparisonOperators)[number]
type SetOperator = (typeof setOperators)[number]

/** How two vectors find each other. The default is `ignoring` with no labels, one to one. */
export interface Matching {
  readonly mode: 'on' | 'ignoring'
  readonly labels: readonly string[]
  /** Which side may have several partners; `group_left` makes the left side "many". */
  readonly group: 'left' | 'right' | null
  /** Labels taken over from the "one" side. */
  readonly include: readonly string[]
}

export interface BinaryExpr {
  readonly type: 'binary'
  readonly op: ArithmeticOperator | ComparisonOperator | SetOperator
  /** A comparison answers 0 or 1 instead of filtering. */
  readonly bool: boolean
  readonly matching: Matching
  readonly left: Expr
  readonly right: Expr
  readonly span: Span
}

export interface ParenExpr {
  readonly type: 'paren'
  readonly inner: Expr
  readonly span: Span
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | FunctionCall
  | Aggregation
  | UnaryExpr
  | BinaryExpr
  | ParenExpr

const isOneOf =
  <T extends string>(set: readonly T[]) =>
  (text: string): text is T =>
    set.some((member) => member === text)

export const isArithmetic = isOneOf(arithmeticOperators)
export const isComparison = isOneOf(comparisonOperators)
export const isSetOperator = isOneOf(setOperators)

/** The expression inside any number of parentheses. */
export function unwrapped(expr: Expr): Exclude<Expr, ParenExpr> {
  return expr.type === 'paren' ? unwrapped(expr.inner) : expr
}
