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
  const wanted = sizes.map((size) => Math.max(0, Math.trunc(size)))
  const most = wanted.reduce((greatest, size) => Math.max(greatest, size), 0)
  const present = new Uint8Array(vector.present.length)
  const picked: number[] = []
  for (const { rows } of groups) {
    const width = Math.min(most, rows.length)
    evaluation.effort.hold(width, count)
    const podium = yield* podiumOf(vector, rows, width, wanted, order, evaluation)
    for (let step = 0; step < count; step++) {
      for (let place = 0; place < (podium.heights[step] ?? 0); place++) {
        const row = podium.rows[step * width + place] ?? 0
        present[row * count + step] = 1
        if (count === 1) picked.push(row)
      }
    }
  }
  // The best come first; over a range there is no order.
  return count === 1 ? arranged(vector, picked) : { ...vector, present }
}

interface Podium {
  /** The rows at each step, best first: `width` places for each. */
  readonly rows: Uint32Array
  /** How many places are taken, by step. */
  readonly heights: Uint32Array
}

/** Row by row, so that numbers are read in their order: each takes its place at each step, or none. */
function* podiumOf(
  { values, present }: Vector,
  members: readonly number[],
  width: number,
  wanted: Float64Array,
  order: (a: number, b: number) => number,
  { grid: { count }, effort }: Evaluation,
): Steps<Podium> {
  const rows = new Uint32Array(count * width)
  const heights = new Uint32Array(count)
  for (const row of members) {
    let moved = 0
    for (let step = 0; step < count; step++) {
      if (present[row * count + step] !== 1) continue
      const most = Math.min(width, wanted[step] ?? 0)
      if (most === 0) continue
      const value = values[row * count + step] ?? Number.NaN
      const first = step * width
      const isBetterThan = (place: number) =>
        compareValues(value, values[(rows[first + place] ?? 0) * count + step] ?? Number.NaN, order) < 0
      const height = heights[step] ?? 0
      if (height === most && !isBetterThan(most - 1)) continue
      const place = placeOf(height, isBetterThan)
      const end = Math.min(height, most - 1)
      rows.copyWithin(first + place + 1, first + place, first + end)
      rows[first + place] = row
      heights[step] = end + 1
      moved += end - place
    }
    if (effort.spend(4 * count + moved)) yield
  }
  return { rows, heights }
}

/** The first place that is worse; of equals the earlier one stays before. */
function placeOf(height: number, isBetterThan: (place: number) => boolean): number {
  let [low, high] = [0, height]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBetterThan(middle)) high = middle
    else low = middle + 1
  }
  return low
}

const arranged = (vector: Vector, rows: readonly number[]): Vector => ({
  type: 'vector',
  rows: rows.flatMap((row) => vector.rows[row] ?? []),
  values: Float64Array.from(rows, (row) => vector.values[row] ?? Number.NaN),
  present: new Uint8Array(rows.length).fill(1),
})
