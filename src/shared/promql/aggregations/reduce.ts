/** Aggregations to one value for each group and step: series by series, so that numbers are read in their order. */
import type { Evaluation } from '../evaluation.ts'
import { addTo, meanOf, newSum, totalOf } from '../kahan.ts'
import { type Vector, type VectorBuilder, vectorBuilder } from '../operands.ts'
import { quantileOf } from '../quantile.ts'
import type { Steps } from '../steps.ts'
import type { Groups } from './grouping.ts'

/** Adds every sample to what its group has at that step: `at` is the place of both. */
function* eachSample(
  vector: Vector,
  { groupOfRow }: Groups,
  { grid: { count }, effort }: Evaluation,
  visit: (at: number, value: number) => void,
): Steps<void> {
  const { values, present } = vector
  for (let row = 0; row < vector.rows.length; row++) {
    const from = row * count
    const to = (groupOfRow[row] ?? 0) * count
    for (let step = 0; step < count; step++) {
      if (present[from + step] === 1) visit(to + step, values[from + step] ?? Number.NaN)
    }
    if (effort.spend(2 * count)) yield
  }
}

function builderOf({ groups }: Groups, evaluation: Evaluation): VectorBuilder {
  const builder = vectorBuilder(groups.length, evaluation)
  for (const { identity } of groups) builder.add(identity)
  return builder
}

export function* sums(vector: Vector, groups: Groups, evaluation: Evaluation): Steps<Vector> {
  const { builder, totals, compensations } = yield* summedUp(vector, groups, evaluation)
  for (let at = 0; at < totals.length; at++) {
    const sum = totals[at] ?? Number.NaN
    builder.values[at] = totalOf({ sum, compensation: compensations[at] ?? 0 })
  }
  return builder.build()
}

export function* averages(vector: Vector, groups: Groups, evaluation: Evaluation): Steps<Vector> {
  const { builder, totals, compensations, sizes } = yield* summedUp(vector, groups, evaluation)
  const { count } = evaluation.grid
  for (let at = 0; at < totals.length; at++) {
    if (builder.present[at] !== 1) continue
    const sum = totals[at] ?? Number.NaN
    const size = sizes[at] ?? 0
    if (Number.isFinite(sum)) builder.values[at] = sum / size + (compensations[at] ?? 0) / size
    else {
      const values = membersAt(vector, groups.groups[Math.floor(at / count)]?.rows ?? [], at % count, count)
      builder.values[at] = meanOf(values)
      if (evaluation.effort.spend(values.length)) yield
    }
  }
  return builder.build()
}

function* summedUp(vector: Vector, groups: Groups, evaluation: Evaluation) {
  const builder = builderOf(groups, evaluation)
  const totals = new Float64Array(builder.values.length)
  const compensations = new Float64Array(builder.values.length)
  const sizes = new Uint32Array(builder.values.length)
  // As addTo, on columns: this is where most queries spend their time.
  yield* eachSample(vector, groups, evaluation, (at, value) => {
    const before = totals[at] ?? 0
    const total = before + value
    const lost = Math.abs(before) >= Math.abs(value) ? before - total + value : value - total + before
    compensations[at] = Number.isFinite(total) ? (compensations[at] ?? 0) + lost : 0
    totals[at] = total
    sizes[at] = (sizes[at] ?? 0) + 1
    builder.present[at] = 1
  })
  return { builder, totals, compensations, sizes }
}

export function* counts(
  vector: Vector,
  groups: Groups,
  evaluation: Evaluation,
  finish: (count: number) => number,
): Steps<Vector> {
  const builder = builderOf(groups, evaluation)
  yield* eachSample(vector, groups, evaluation, (at) => {
    builder.values[at] = (builder.values[at] ?? 0) + 1
    builder.present[at] = 1
  })
  for (let at = 0; at < builder.values.length; at++) builder.values[at] = finish(builder.values[at] ?? 0)
  return builder.build()
}

/** NaN counts only where there is nothing else. */
export function* extremes(
  vector: Vector,
  groups: Groups,
  evaluation: Evaluation,
  isBetter: (candidate: number, best: number) => boolean,
): Steps<Vector> {
  const builder = builderOf(groups, evaluation)
  const { values, present } = builder
  yield* eachSample(vector, groups, evaluation, (at, value) => {
    const best = values[at] ?? Number.NaN
    if (present[at] === 1 && !isBetter(value, best) && !Number.isNaN(best)) return
    values[at] = value
    present[at] = 1
  })
  return builder.build()
}

/** Source: B. P. Welford (1962), with compensated sums. */
export function* variances(
  vector: Vector,
  groups: Groups,
  evaluation: Evaluation,
  finish: (variance: number) => number,
): Steps<Vector> {
  const builder = builderOf(groups, evaluation)
  const { length } = builder.values
  const sizes = new Float64Array(length)
  const [means, meanRests] = [new Float64Array(length), new Float64Array(length)]
  const [squares, squareRests] = [new Float64Array(length), new Float64Array(length)]
  const [mean, square] = [newSum(), newSum()]
  yield* eachSample(vector, groups, evaluation, (at, value) => {
    const size = (sizes[at] ?? 0) + 1
    mean.sum = means[at] ?? 0
    mean.compensation = meanRests[at] ?? 0
    square.sum = squares[at] ?? 0
    square.compensation = squareRests[at] ?? 0
    const delta = value - totalOf(mean)
    addTo(mean, delta / size)
    addTo(square, delta * (value - totalOf(mean)))
    sizes[at] = size
    means[at] = mean.sum
    meanRests[at] = mean.compensation
    squares[at] = square.sum
    squareRests[at] = square.compensation
    builder.present[at] = 1
  })
  for (let at = 0; at < length; at++) {
    const total = totalOf({ sum: squares[at] ?? 0, compensation: squareRests[at] ?? 0 })
    builder.values[at] = finish(total / (sizes[at] ?? 0))
  }
  return builder.build()
}

export function* quantiles(vector: Vector, groups: Groups, evaluation: Evaluation, q: Float64Array): Steps<Vector> {
  const builder = builderOf(groups, evaluation)
  const { count } = evaluation.grid
  for (const [index, { rows }] of groups.groups.entries()) {
    for (let step = 0; step < count; step++) {
      const values = membersAt(vector, rows, step, count)
      if (evaluation.effort.spend(10 * rows.length)) yield
      if (values.length === 0) continue
      builder.values[index * count + step] = quantileOf(values, q[step] ?? Number.NaN)
      builder.present[index * count + step] = 1
    }
  }
  return builder.build()
}

/** The values a group has at a step. */
function membersAt({ values, present }: Vector, rows: readonly number[], step: number, count: number): number[] {
  const members: number[] = []
  for (const row of rows) {
    if (present[row * count + step] === 1) members.push(values[row * count + step] ?? Number.NaN)
  }
  return members
}
