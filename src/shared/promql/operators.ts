import type { BinaryExpr } from './ast.ts'

/** Arithmetic answers a number, a comparison a truth. */
export type Operator = (left: number, right: number) => number | boolean

/** Set operators work on whole vectors and have no entry. */
export const operators: Readonly<Partial<Record<BinaryExpr['op'], Operator>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: (left, right) => Math.atan2(left, right),
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** As IEEE 754's pow, where JavaScript says NaN for 1^NaN and (+-1)^Infinity. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  return base ** exponent
}
