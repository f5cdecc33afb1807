/** topk and bottomk: the group's best at each step, with all their labels. */
import type { Aggregation } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { compareValues } from '../functions/sorting.ts'
import type { Vector } from '../operands.ts'
import { failureAt } from '../problem.ts'
import { shownNumber } from '../shown-number.ts'
import type { Steps } from '../steps.ts'
import type { Groups } from './grouping.ts'

/** Counts must fit into 64 bits, as Prometheus demands of them. */
const greatestCount = 2 ** 63

export function* best(
  vector: Vector,
  { groups }: Groups,
  sizes: Float64Array,
  order: (a: number, b: number) => number,
  { op, span }: Aggregation,
  evaluation: Evaluation,
): Steps<Vector> {
  const { count } = evaluation.grid
  const odd = sizes.find((size) => !(Math.abs(size) < greatestCount))
  if (odd !== undefined && vector.rows.length > 0) {
    const words = Number.isNaN(odd) ? 'Parameter value is NaN' : `Scalar value ${shownNumber(odd)} overflows int64`
    throw failureAt(evaluation.text, span.from, words, `${op} needs a whole number of series to pick`)
  }
  const present = new Uint8Array(vector.present.length)
  const picked: number[] = []
  for (const { rows } of groups) {
    for (let step = 0; step < count; step++) {
      const size = Math.trunc(sizes[step] ?? 0)
      const members = rows.filter((row) => vector.present[row * count + step] === 1)
      const valueIn = (row: number) => vector.values[row * count + step] ?? Number.NaN
      members.sort((a, b) => compareValues(valueIn(a), valueIn(b), order))
      for (const row of members.slice(0, Math.max(0, size))) {
        present[row * count + step] = 1
        if (count === 1) picked.push(row)
      }
      if (evaluation.effort.spend(20 * rows.length)) yield
    }
  }
  // The best come first; over a range there is no order.
  return count === 1 ? arranged(vector, picked) : { ...vector, present }
}

const arranged = (vector: Vector, rows: readonly number[]): Vector => ({
  type: 'vector',
  rows: rows.flatMap((row) => vector.rows[row] ?? []),
  values: Float64Array.from(rows, (row) => vector.values[row] ?? Number.NaN),
  present: new Uint8Array(rows.length).fill(1),
})
