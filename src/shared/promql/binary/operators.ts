import type { BinaryExpr } from '../ast.ts'

type Arithmetic = (left: number, right: number) => number
type Comparison = (left: number, right: number) => boolean

const arithmetic = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: (left, right) => Math.atan2(left, right),
} as const satisfies Readonly<Record<string, Arithmetic>>

const comparisons = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
} as const satisfies Readonly<Record<string, Comparison>>

/** As IEEE 754's pow, where JavaScript says NaN for 1^NaN and (+-1)^Infinity. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  return base ** exponent
}

/** A comparison that filters keeps a side's own value; all others compute one. */
export type Work =
  | { readonly type: 'compute'; readonly compute: Arithmetic }
  | { readonly type: 'filter'; readonly keeps: Comparison }

/** Set operators work on whole vectors and have none. */
export function workOf({ op, bool }: BinaryExpr): Work {
  switch (op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'atan2':
      return { type: 'compute', compute: arithmetic[op] }
    case 'and':
    case 'or':
    case 'unless':
      throw new Error(`the set operator ${op} has no values to work on`)
    default: {
      const keeps = comparisons[op]
      return bool
        ? { type: 'compute', compute: (left, right) => (keeps(left, right) ? 1 : 0) }
        : { type: 'filter', keeps }
    }
  }
}
