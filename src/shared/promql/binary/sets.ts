/** and, or, unless: which series are there is decided step by step, who matches whom once. */
import type { BinaryExpr } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { merged, type Vector, type VectorBuilder, vectorBuilder } from '../operands.ts'
import type { Steps } from '../steps.ts'
import { rowsBySignature } from './signature.ts'

export function* combined(expr: BinaryExpr, left: Vector, right: Vector, evaluation: Evaluation): Steps<Vector> {
  const leftRows = yield* rowsBySignature(left.rows, expr.matching, evaluation)
  const rightRows = yield* rowsBySignature(right.rows, expr.matching, evaluation)
  if (expr.op === 'or') {
    const builder = vectorBuilder(left.rows.length + right.rows.length, evaluation)
    for (const row of left.rows.keys()) copyRow(left, row, builder, evaluation, null)
    yield* filtered(right, rightRows, left, leftRows, 0, builder, evaluation)
    // The same series may come from the left at some steps and from the right at others.
    return yield* merged(builder.build(), expr.span, evaluation)
  }
  const builder = vectorBuilder(left.rows.length, evaluation)
  yield* filtered(left, leftRows, right, rightRows, expr.op === 'and' ? 1 : 0, builder, evaluation)
  return builder.build()
}

/** The rows of `vector` at the steps where the other side has a match (`wanted` 1) or none (0). */
function* filtered(
  vector: Vector,
  rows: ReadonlyMap<string, readonly number[]>,
  other: Vector,
  otherRows: ReadonlyMap<string, readonly number[]>,
  wanted: 0 | 1,
  builder: VectorBuilder,
  evaluation: Evaluation,
): Steps<void> {
  const { count } = evaluation.grid
  const masks = new Map<number, Uint8Array | null>()
  for (const [signature, members] of rows) {
    const partners = otherRows.get(signature)
    if (!partners && wanted === 1) continue
    const mask = partners ? new Uint8Array(count).fill(1 - wanted) : null
    for (const partner of partners ?? []) {
      for (let step = 0; step < count; step++)
        if (other.present[partner * count + step] === 1 && mask) mask[step] = wanted
      if (evaluation.effort.spend(count)) yield
    }
    for (const row of members) masks.set(row, mask)
  }
  for (const row of vector.rows.keys()) {
    const mask = masks.get(row)
    if (mask !== undefined) copyRow(vector, row, builder, evaluation, mask)
    if (evaluation.effort.spend(count)) yield
  }
}

function copyRow(
  vector: Vector,
  row: number,
  builder: VectorBuilder,
  { grid: { count } }: Evaluation,
  mask: Uint8Array | null,
): void {
  const identity = vector.rows[row]
  if (!identity) return
  const base = builder.add(identity)
  let isEmpty = true
  for (let step = 0; step < count; step++) {
    if (vector.present[row * count + step] !== 1 || mask?.[step] === 0) continue
    builder.values[base + step] = vector.values[row * count + step] ?? Number.NaN
    builder.present[base + step] = 1
    isEmpty = false
  }
  if (isEmpty) builder.removeLast()
}
