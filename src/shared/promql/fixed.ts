/** Which parts of an expression have one value for all steps of a query, because `@` fixes when they look. */
import type { Expr, FunctionCall } from './ast.ts'

/** Functions that look at the instant of evaluation themselves. Without arguments all functions of time do. */
const ofTheInstant = new Set(['time', 'timestamp', 'predict_linear'])
const constant = new Set(['pi'])

/** The largest such parts. Empty for an expression without `@`. */
export function fixedPartsOf(expr: Expr): ReadonlySet<Expr> {
  const parts = new Set<Expr>()
  visit(expr, parts)
  return parts
}

/** `moves`: differs between steps; `fixed`: has an `@`; `constant`: neither, and cheap. */
type Kind = 'moves' | 'fixed' | 'constant'

function visit(expr: Expr, parts: Set<Expr>): Kind {
  const kind = kindOf(expr, parts)
  if (kind === 'fixed') parts.add(expr)
  return kind
}

function kindOf(expr: Expr, parts: Set<Expr>): Kind {
  switch (expr.type) {
    case 'number':
    case 'string':
      return 'constant'
    case 'vector-selector':
      return expr.at === null ? 'moves' : 'fixed'
    case 'matrix-selector':
      return expr.selector.at === null ? 'moves' : 'fixed'
    case 'subquery':
      visit(expr.inner, parts)
      return expr.at === null ? 'moves' : 'fixed'
    case 'paren':
      return visit(expr.inner, parts)
    case 'unary':
      return visit(expr.operand, parts)
    case 'binary':
      return joined([visit(expr.left, parts), visit(expr.right, parts)])
    case 'aggregation':
      return joined([visit(expr.operand, parts), expr.parameter ? visit(expr.parameter, parts) : 'constant'])
    case 'call':
      return kindOfCall(expr, parts)
  }
}

function kindOfCall(expr: FunctionCall, parts: Set<Expr>): Kind {
  const kinds = expr.args.map((arg) => visit(arg, parts))
  if (constant.has(expr.name)) return 'constant'
  return ofTheInstant.has(expr.name) || expr.args.length === 0 ? 'moves' : joined(kinds)
}

function joined(kinds: readonly Kind[]): Kind {
  if (kinds.includes('moves')) return 'moves'
  return kinds.includes('fixed') ? 'fixed' : 'constant'
}
