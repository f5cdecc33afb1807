import { type Expr, isComparison } from './ast.ts'

/**
 * An expression whose result holds every set of labels that `expr` looked at, whether its condition lets it through or
 * not: filters become `bool`. With the same data it tells a condition that is false from series that are gone. Selector
 * nodes stay the same objects, so what was gathered for `expr` serves.
 */
export function presenceOf(expr: Expr): Expr {
  switch (expr.type) {
    case 'paren':
      return { ...expr, inner: presenceOf(expr.inner) }
    case 'binary':
      if (isComparison(expr.op))
        return { ...expr, bool: true, left: presenceOf(expr.left), right: presenceOf(expr.right) }
      if (expr.op === 'or') return { ...expr, left: presenceOf(expr.left), right: presenceOf(expr.right) }
      // `and` and `unless` only take away from their left side.
      if (expr.op === 'and' || expr.op === 'unless') return presenceOf(expr.left)
      return expr
    default:
      return expr
  }
}
