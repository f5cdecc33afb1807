/** Selectors: samples of storage as vectors and ranges. Ranges and the lookback are left-open, as in Prometheus 3. */
import { isStaleAt, type Samples, type SelectedSeries } from '../domain/series.ts'
import type { MatrixSelector, Subquery, VectorSelector } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import { courseOf } from './grid.ts'
import { type Identity, type Ranges, type Vector, vectorBuilder } from './operands.ts'
import type { Steps } from './steps.ts'

/** The newest sample of each series within the lookback, unless a stale marker came last; its value, or its instant in seconds. */
export function* instantVector(
  selector: VectorSelector,
  evaluation: Evaluation,
  read: 'value' | 'instant' = 'value',
): Steps<Vector> {
  const series = seriesOf(selector, evaluation)
  const { grid, lookbackMs, closedRanges, effort } = evaluation
  const { first, advanceMs } = courseOf(selector, grid, evaluation.query)
  const builder = vectorBuilder(series.length, evaluation)
  for (const one of series) {
    const { times, values } = one
    const base = builder.add(identityOf(one))
    let isEmpty = true
    let after = 0
    for (let step = 0; step < grid.count; step++) {
      const at = first + step * advanceMs
      while (after < times.length && (times[after] ?? 0) <= at) after++
      if (after === 0) continue
      const sampledAt = times[after - 1] ?? 0
      const ageMs = at - sampledAt
      if (ageMs > lookbackMs || (ageMs === lookbackMs && !closedRanges) || isStaleAt(values, after - 1)) continue
      builder.values[base + step] = read === 'value' ? (values[after - 1] ?? Number.NaN) : sampledAt / 1000
      builder.present[base + step] = 1
      isEmpty = false
    }
    if (isEmpty) builder.removeLast()
    if (effort.spend(times.length + grid.count)) yield
  }
  return builder.build()
}

export function* selectedRanges({ selector, rangeMs }: MatrixSelector, evaluation: Evaluation): Steps<Ranges> {
  const rows: Identity[] = []
  const samples: Samples[] = []
  for (const series of seriesOf(selector, evaluation)) {
    rows.push(identityOf(series))
    samples.push(withoutStale(series))
    if (evaluation.effort.spend(series.times.length)) yield
  }
  return { type: 'matrix', rows, samples, course: courseOf(selector, evaluation.grid, evaluation.query), rangeMs }
}

/** The vector of a subquery's own steps as ranges for the steps outside. */
export function* subqueryRanges(
  subquery: Subquery,
  inner: Vector,
  innerEvaluation: Evaluation,
  evaluation: Evaluation,
): Steps<Ranges> {
  const { start, stepMs, count } = innerEvaluation.grid
  const samples: Samples[] = []
  for (let row = 0; row < inner.rows.length; row++) {
    const base = row * count
    let length = 0
    for (let step = 0; step < count; step++) length += inner.present[base + step] ?? 0
    const [times, values] = [new Float64Array(length), new Float64Array(length)]
    let index = 0
    for (let step = 0; step < count; step++) {
      if (inner.present[base + step] !== 1) continue
      times[index] = start + step * stepMs
      values[index++] = inner.values[base + step] ?? Number.NaN
    }
    samples.push({ times, values })
    if (evaluation.effort.spend(count)) yield
  }
  const course = courseOf(subquery, evaluation.grid, evaluation.query)
  return { type: 'matrix', rows: inner.rows, samples, course, rangeMs: subquery.rangeMs }
}

function seriesOf(selector: VectorSelector, { data }: Evaluation): readonly SelectedSeries[] {
  const series = data.get(selector)
  // A missing answer is a mistake of the caller; an empty vector would hide it as "no data".
  if (!series) throw new Error(`no data was gathered for the selector at ${selector.span.from}`)
  return series
}

const identityOf = ({ name, labels }: SelectedSeries): Identity => ({ name, labels, isNameLeaving: false })

function withoutStale({ times, values }: Samples): Samples {
  let stale = 0
  for (let index = 0; index < values.length; index++) if (isStaleAt(values, index)) stale++
  if (stale === 0) return { times, values }
  const kept = { times: new Float64Array(times.length - stale), values: new Float64Array(times.length - stale) }
  let next = 0
  for (let index = 0; index < values.length; index++) {
    if (isStaleAt(values, index)) continue
    kept.times[next] = times[index] ?? 0
    kept.values[next++] = values[index] ?? Number.NaN
  }
  return kept
}
