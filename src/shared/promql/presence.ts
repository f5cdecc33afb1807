import { type Expr, type FunctionCall, isComparison, unwrapped, type VectorSelector } from './ast.ts'

export interface Presence {
  readonly expr: Expr
  /** Selectors of `expr` that are to find nothing; all others are nodes of the original. */
  readonly empty: readonly VectorSelector[]
}

/**
 * An expression whose result holds every set of labels that `expr` looked at, whether its condition lets it through or
 * not: filters become `bool`, and `absent` speaks always. With the same data it tells a condition that is false from
 * series that are gone.
 */
export function presenceOf(expr: Expr): Presence {
  const empty: VectorSelector[] = []
  return { expr: present(expr, empty), empty }
}

function present(expr: Expr, empty: VectorSelector[]): Expr {
  switch (expr.type) {
    case 'paren':
      return { ...expr, inner: present(expr.inner, empty) }
    case 'binary':
      if (isComparison(expr.op)) {
        return { ...expr, bool: true, left: present(expr.left, empty), right: present(expr.right, empty) }
      }
      if (expr.op === 'or') return { ...expr, left: present(expr.left, empty), right: present(expr.right, empty) }
      // `and` and `unless` only take away from their left side.
      return expr.op === 'and' || expr.op === 'unless' ? present(expr.left, empty) : expr
    case 'call':
      return expr.name === 'absent' || expr.name === 'absent_over_time' ? alwaysAbsent(expr, empty) : expr
    default:
      return expr
  }
}

function alwaysAbsent(expr: FunctionCall, empty: VectorSelector[]): Expr {
  const arg = expr.args[0] ? unwrapped(expr.args[0]) : undefined
  if (arg?.type === 'vector-selector') return { ...expr, args: [fresh(arg, empty)] }
  if (arg?.type === 'matrix-selector') return { ...expr, args: [{ ...arg, selector: fresh(arg.selector, empty) }] }
  return { ...expr, name: 'vector', args: [{ type: 'number', value: 1, span: expr.span }] }
}

function fresh(selector: VectorSelector, empty: VectorSelector[]): VectorSelector {
  const copy = { ...selector }
  empty.push(copy)
  return copy
}
