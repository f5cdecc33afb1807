/** From reduced series to the points of a chart: round steps, one number a step, series added up. Pure. */
import { pickLabels } from './labels.ts'
import type { StepColumns } from './rollup.ts'
import type { Labels } from './series.ts'

export type PointKind = 'avg' | 'min' | 'max' | 'last' | 'rate' | 'increase'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Steps that people read at a glance and that divide the next larger unit. */
const roundStepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 30].map((count) => count * day),
]

/** The smallest round step that needs at most `points` steps for a range of this length. */
export function roundStepMs(lengthMs: number, points: number): number {
  const leastMs = lengthMs / points
  return roundStepsMs.find((stepMs) => stepMs >= leastMs) ?? Math.ceil(leastMs / day) * day
}

/** One number a step, null where nothing was observed (or, for `rate` and `increase`, where the tier keeps none). */
export function pointsOf(columns: StepColumns, kind: PointKind): (number | null)[] {
  return Array.from(columns.count, (count, step) => (count === 0 ? null : finiteOrNull(pointAt(columns, kind, step))))
}

function pointAt(columns: StepColumns, kind: PointKind, step: number): number {
  const at = (column: Float64Array) => column[step] ?? Number.NaN
  switch (kind) {
    case 'avg':
      return at(columns.sum) / at(columns.count)
    case 'rate':
      return (at(columns.increase) / at(columns.increaseMs)) * second
    case 'min':
    case 'max':
    case 'last':
    case 'increase':
      return at(columns[kind])
  }
}

/** Infinities and NaN have no place on a chart and none in JSON. */
const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null)

/**
 * The step at which a series sampled at even intervals has a sample in every step: the same when it has them at
 * `stepMs`, a larger round one when samples are further apart. Series without two samples say nothing.
 */
export function densestStepMs(counts: readonly Float64Array[], stepMs: number): number {
  const apart = counts.map(stepsApart).filter((steps) => steps !== null)
  const most = Math.max(1, ...apart)
  return most < leastSparse ? stepMs : (roundStepsMs.find((round) => round >= most * stepMs * measuredShare) ?? stepMs)
}

/** Below it a missed sample now and then explains the distance. */
const leastSparse = 1.2

/** The distance is measured in whole steps: a round one that is this near is the one meant. */
const measuredShare = 0.95

/** How many steps lie between neighbouring samples as a rule: the mean of those distances that are no holes. */
function stepsApart(count: Float64Array): number | null {
  const observed = [...count.keys()].filter((step) => (count[step] ?? 0) > 0)
  const distances = observed.slice(1).map((step, i) => step - (observed[i] ?? 0))
  if (distances.length === 0) return null
  const middle = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 1
  const usual = distances.filter((distance) => distance <= 2 * middle)
  return usual.reduce((a, b) => a + b, 0) / usual.length
}

export interface LabelledPoints {
  readonly labels: Labels
  readonly values: readonly (number | null)[]
}

/**
 * Adds up series that agree in the labels `by`, step by step. A step is null only where none of them was observed. In
 * order of first appearance; the result keeps only those labels.
 */
export function sumPoints(series: readonly LabelledPoints[], by: readonly string[]): LabelledPoints[] {
  const groups = new Map<string, { labels: Labels; values: (number | null)[] }>()
  for (const { labels, values } of series) {
    const kept = pickLabels(labels, by)
    const key = JSON.stringify(by.map((name) => kept[name] ?? ''))
    const group = groups.get(key)
    if (group) group.values = group.values.map((sum, step) => added(sum, values[step] ?? null))
    else groups.set(key, { labels: kept, values: [...values] })
  }
  return [...groups.values()]
}

const added = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : a + b)
