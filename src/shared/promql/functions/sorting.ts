/** The order of an instant's samples. Over a range there is none, and nothing is sorted. */
import type { Evaluation } from '../evaluation.ts'
import { type Identity, identityKey, labelOf, textOf, type Vector, vectorOf } from '../operands.ts'
import type { FunctionName } from '../signatures.ts'
import type { PromqlFunction } from './function.ts'

export const sortingFunctions = {
  sort: byValue((a, b) => a - b),
  sort_desc: byValue((a, b) => b - a),
  sort_by_label: byLabels(1),
  sort_by_label_desc: byLabels(-1),
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

/** NaN comes last in both orders. */
export function compareValues(a: number, b: number, order: (a: number, b: number) => number): number {
  const [left, right] = [Number.isNaN(a), Number.isNaN(b)]
  return left || right ? Number(left) - Number(right) : order(a, b)
}

function byValue(order: (a: number, b: number) => number): PromqlFunction {
  return (args, _call, evaluation) => {
    const vector = vectorOf(args[0])
    return ordered(vector, evaluation, (a, b) =>
      compareValues(vector.values[a] ?? Number.NaN, vector.values[b] ?? Number.NaN, order),
    )
  }
}

function byLabels(direction: 1 | -1): PromqlFunction {
  return (args, _call, evaluation) => {
    const vector = vectorOf(args[0])
    const labels = args.slice(1).map(textOf)
    return ordered(vector, evaluation, (a, b) => {
      const [left, right] = [vector.rows[a], vector.rows[b]]
      return left && right ? direction * compareLabels(left, right, labels) : 0
    })
  }
}

function compareLabels(a: Identity, b: Identity, labels: readonly string[]): number {
  for (const label of labels) {
    const [left, right] = [labelOf(a, label), labelOf(b, label)]
    if (left !== right) return naturalOrder(left, right)
  }
  const [left, right] = [identityKey(a), identityKey(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Runs of digits count as numbers: `node-9` comes before `node-10`. */
function naturalOrder(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one = '', other = ''] = [left[index], right[index]]
    if (one === other) continue
    const difference = Number(one) - Number(other)
    if (difference !== 0 && !Number.isNaN(difference)) return difference
    if (Number.isNaN(difference)) return one < other ? -1 : 1
  }
  return left.length - right.length
}

function ordered(vector: Vector, { grid }: Evaluation, compare: (a: number, b: number) => number): Vector {
  if (grid.count !== 1) return vector
  const rows = [...vector.rows.keys()].filter((row) => vector.present[row] === 1).sort(compare)
  return {
    type: 'vector',
    rows: rows.flatMap((row) => vector.rows[row] ?? []),
    values: Float64Array.from(rows, (row) => vector.values[row] ?? Number.NaN),
    present: new Uint8Array(rows.length).fill(1),
  }
}
