/**
 * An expression as it is asked of summaries: buckets of equal width that keep count, sum, minimum, maximum, last value and
 * counter increase. What can be told exactly at that resolution is: averages, extremes, sums, counts, rates and increases
 * become sums over what the buckets keep. Everything else sees the last value of each bucket, and says so.
 */
import { formatDuration } from '../config/duration.ts'
import type { BinaryExpr, Expr, FunctionCall, MatrixSelector, Span, VectorSelector } from './ast.ts'
import { unwrapped } from './ast.ts'
import { positionOf } from './problem.ts'

/** What a bucket keeps; a sample stands at the bucket's end. */
export type SummaryColumn = 'count' | 'sum' | 'min' | 'max' | 'last' | 'increase'

export interface OnSummaries {
  readonly expr: Expr
  /** The selectors of `expr`, each with that of the original whose series it stands for, and the column it takes of them. */
  readonly columnOf: ReadonlyMap<VectorSelector, { readonly original: VectorSelector; readonly column: SummaryColumn }>
  /** With positions. Empty: the result is exact at this resolution. */
  readonly warnings: readonly string[]
}

export function onSummaries(expr: Expr, text: string, widthMs: number): OnSummaries {
  const columnOf = new Map<VectorSelector, { original: VectorSelector; column: SummaryColumn }>()
  const warnings = new Set<string>()
  const resolution = formatDuration(widthMs)

  const warn = (span: Span, message: string) => void warnings.add(`${positionOf(text, span.from)}: ${message}`)

  const taking = (original: VectorSelector, column: SummaryColumn): VectorSelector => {
    const selector = { ...original }
    columnOf.set(selector, { original, column })
    return selector
  }

  /** At least `least` whole buckets. */
  const widened = (rangeMs: number, least = 1) => Math.max(least, Math.ceil(rangeMs / widthMs)) * widthMs

  function rewritten(node: Expr): Expr {
    switch (node.type) {
      case 'number':
      case 'string':
        return node
      case 'vector-selector':
        return taking(node, 'last')
      case 'matrix-selector':
        warn(node.span, `the samples of this range are the last of each ${resolution}`)
        return lastValues(node, 1)
      case 'subquery':
      case 'paren':
        return { ...node, inner: rewritten(node.inner) }
      case 'unary':
        return { ...node, operand: rewritten(node.operand) }
      case 'binary':
        return { ...node, left: rewritten(node.left), right: rewritten(node.right) }
      case 'aggregation':
        return {
          ...node,
          parameter: node.parameter && rewritten(node.parameter),
          operand: rewritten(node.operand),
        }
      case 'call':
        return called(node)
    }
  }

  function called(call: FunctionCall): Expr {
    const range = call.args.map(unwrapped).find((arg) => arg.type === 'matrix-selector')
    if (range) return overRange(call, range)
    if (call.name === 'timestamp') warn(call.span, `timestamp tells the end of each ${resolution}`)
    return { ...call, args: call.args.map(rewritten) }
  }

  function overRange(call: FunctionCall, range: MatrixSelector): Expr {
    const { span, rangeMs } = range
    const windowMs = widened(rangeMs)
    const sumOf = (column: SummaryColumn): FunctionCall => over('sum_over_time', column)
    const over = (name: string, column: SummaryColumn): FunctionCall => ({
      type: 'call',
      name,
      args: [{ type: 'matrix-selector', selector: taking(range.selector, column), rangeMs: windowMs, span }],
      span: call.span,
    })
    const tellWindow = () => {
      if (windowMs === rangeMs) return
      const [asked, told] = [formatDuration(rangeMs), formatDuration(windowMs)]
      warn(span, `the range of ${asked} is told over ${told}, for a value each ${resolution} is what is kept`)
    }
    /** What adds up over time is less in less of it. */
    const inAskedTime = (expr: Expr) => (windowMs === rangeMs ? expr : binary('*', expr, rangeMs / windowMs, call.span))
    tellWindow()
    switch (call.name) {
      case 'avg_over_time':
        return binary('/', sumOf('sum'), sumOf('count'), call.span)
      case 'sum_over_time':
        return inAskedTime(sumOf('sum'))
      case 'count_over_time':
        return inAskedTime(sumOf('count'))
      case 'min_over_time':
        return over('min_over_time', 'min')
      case 'max_over_time':
        return over('max_over_time', 'max')
      case 'last_over_time':
      case 'present_over_time':
      case 'absent_over_time':
        return over(call.name, 'last')
      case 'increase':
        return inAskedTime(sumOf('increase'))
      case 'rate':
        return binary('/', sumOf('increase'), windowMs / 1000, call.span)
      default: {
        warn(call.span, `${call.name} sees the last value of each ${resolution} only`)
        const args = call.args.map((arg) => (unwrapped(arg) === range ? lastValues(range, 2) : rewritten(arg)))
        return { ...call, args }
      }
    }
  }

  /** Functions that compare values need two of them. */
  function lastValues(range: MatrixSelector, least: number): MatrixSelector {
    return { ...range, selector: taking(range.selector, 'last'), rangeMs: widened(range.rangeMs, least) }
  }

  return { expr: rewritten(expr), columnOf, warnings: [...warnings] }
}

function binary(op: '*' | '/', left: Expr, right: Expr | number, span: Span): BinaryExpr {
  return {
    type: 'binary',
    op,
    bool: false,
    matching: { mode: 'ignoring', labels: [], group: null, include: [] },
    left,
    right: typeof right === 'number' ? { type: 'number', value: right, span } : right,
    span,
  }
}
