/** Operators between scalars and vectors. How two vectors find each other is in matching.ts and sets.ts. */
import { type BinaryExpr, isSetOperator, type UnaryExpr } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { renamed } from '../functions/function.ts'
import { nameless, namesDiffer, type Operand, refusingDoubles, type Scalar, type Vector } from '../operands.ts'
import type { Steps } from '../steps.ts'
import { matched } from './matching.ts'
import { workOf } from './operators.ts'
import { combined } from './sets.ts'

export function* evaluateBinary(
  expr: BinaryExpr,
  left: Operand,
  right: Operand,
  evaluation: Evaluation,
): Steps<Operand> {
  if (left.type === 'scalar' && right.type === 'scalar') return betweenScalars(expr, left, right)
  if (left.type === 'vector' && right.type === 'vector') {
    if (isSetOperator(expr.op)) return yield* combined(expr, left, right, evaluation)
    return yield* matched(expr, left, right, evaluation)
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    return yield* withScalar(expr, left, right.values, false, evaluation)
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    return yield* withScalar(expr, right, left.values, true, evaluation)
  }
  throw new Error(`${expr.op} was parsed with ${left.type} and ${right.type}`)
}

/** `-x`: a vector loses its names, for the values mean something else now. */
export function* negate(operand: Operand, expr: UnaryExpr, evaluation: Evaluation): Steps<Operand> {
  if (operand.type === 'scalar') return { type: 'scalar', values: negated(operand.values) }
  if (operand.type !== 'vector') throw new Error(`- was parsed with ${operand.type}`)
  const rows = operand.rows.map((row) => nameless(row, evaluation))
  const result: Vector = { ...operand, rows, values: negated(operand.values) }
  if (evaluation.effort.spend(operand.values.length)) yield
  const isUnique = evaluation.delayedNames || !namesDiffer(operand.rows)
  return isUnique ? result : yield* refusingDoubles(result, expr.span, evaluation)
}

/** A loop, for a typed array's own map is many times slower. */
function negated(values: Float64Array): Float64Array {
  const result = new Float64Array(values.length)
  for (let index = 0; index < values.length; index++) result[index] = -(values[index] ?? Number.NaN)
  return result
}

function betweenScalars(expr: BinaryExpr, left: Scalar, right: Scalar): Scalar {
  const work = workOf(expr)
  if (work.type === 'filter') throw new Error(`${expr.op} was parsed between scalars without bool`)
  const values = left.values.map((value, step) => work.compute(value, right.values[step] ?? Number.NaN))
  return { type: 'scalar', values }
}

/** `isSwapped`: the scalar stands on the left. */
function* withScalar(
  expr: BinaryExpr,
  vector: Vector,
  scalar: Float64Array,
  isSwapped: boolean,
  evaluation: Evaluation,
): Steps<Vector> {
  const work = workOf(expr)
  const { count } = evaluation.grid
  const { rows } = vector
  const values = work.type === 'compute' ? new Float64Array(vector.values.length) : vector.values
  const present = work.type === 'compute' ? vector.present : new Uint8Array(vector.present.length)
  for (let row = 0; row < rows.length; row++) {
    const base = row * count
    for (let step = 0; step < count; step++) {
      if (vector.present[base + step] !== 1) continue
      const own = vector.values[base + step] ?? Number.NaN
      const other = scalar[step] ?? Number.NaN
      if (work.type === 'compute') values[base + step] = isSwapped ? work.compute(other, own) : work.compute(own, other)
      // A filter lets the vector's own value through, on whichever side it stands.
      else if (isSwapped ? work.keeps(other, own) : work.keeps(own, other)) present[base + step] = 1
    }
    if (evaluation.effort.spend(2 * count)) yield
  }
  const result: Vector = { type: 'vector', rows, values, present }
  if (work.type === 'compute') return yield* renamed(result, expr, evaluation)
  return result
}
