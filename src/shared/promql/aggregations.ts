/** Aggregations: many samples of a group become one, or the group's best are picked. One table line each. */
import type { Labels } from '../domain/series.ts'
import type { Aggregation } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import { meanOf, sumOf } from './kahan.ts'
import { problemAt } from './problem.ts'
import { quantileOf } from './quantile.ts'
import { eachOf, type Steps } from './steps.ts'
import { labelKey, type Sample, type Value, withoutName } from './values.ts'

export interface Aggregator {
  /** Whether a number comes before the vector, as in topk(5, x). */
  readonly parameterized: boolean
  /** `samples`: one group, in the vector's order, never empty; `labels`: those of the group. */
  apply(samples: readonly Sample[], parameter: number, labels: Labels, at: number): Sample[]
}

/** One value for the whole group. */
const reducing = (reduce: (values: number[]) => number): Aggregator => ({
  parameterized: false,
  apply: (samples, _parameter, labels, at) => [{ labels, value: reduce(valuesOf(samples)), at }],
})

/** The group's best by an order, with all their labels. */
const selecting = (order: (a: number, b: number) => number): Aggregator => ({
  parameterized: true,
  apply: (samples, count) => best(samples, count, order),
})

export const aggregators: Readonly<Record<string, Aggregator>> = {
  sum: reducing(sumOf),
  avg: reducing(meanOf),
  min: reducing(leastOf),
  max: reducing(mostOf),
  count: reducing((values) => values.length),
  group: reducing(() => 1),
  topk: selecting((a, b) => b - a),
  bottomk: selecting((a, b) => a - b),
  quantile: {
    parameterized: true,
    apply: (samples, q, labels, at) => [{ labels, value: quantileOf(valuesOf(samples), q), at }],
  },
}

export function* aggregate(
  expr: Aggregation,
  operand: Value,
  parameter: Value | null,
  evaluation: Evaluation,
): Steps<Value> {
  const aggregator = Object.hasOwn(aggregators, expr.op) ? aggregators[expr.op] : undefined
  if (!aggregator) throw problemAt(evaluation.text, expr.span.from, `the aggregation ${expr.op} is not supported yet`)
  if (operand.type !== 'vector') throw problemAt(evaluation.text, expr.span.from, `${expr.op} needs a vector`)
  const number = parameter?.type === 'scalar' ? parameter.value : Number.NaN
  const samples: Sample[] = []
  const groups = yield* groupsOf(operand.samples, expr.grouping)
  yield* eachOf(groups, (group) => {
    for (const sample of aggregator.apply(group.samples, number, group.labels, evaluation.at)) samples.push(sample)
  })
  return { type: 'vector', samples }
}

interface Group {
  readonly labels: Labels
  readonly samples: Sample[]
}

function* groupsOf(samples: readonly Sample[], grouping: Aggregation['grouping']): Steps<Iterable<Group>> {
  const groups = new Map<string, Group>()
  yield* eachOf(samples, (sample) => {
    const labels = groupLabels(grouping, sample.labels)
    const key = labelKey(labels)
    const group = groups.get(key)
    if (group) group.samples.push(sample)
    else groups.set(key, { labels, samples: [sample] })
  })
  return groups.values()
}

function groupLabels(grouping: Aggregation['grouping'], labels: Labels): Labels {
  const entries = Object.entries(grouping.mode === 'without' ? withoutName(labels) : labels)
  return Object.fromEntries(entries.filter(([label]) => grouping.labels.includes(label) === (grouping.mode === 'by')))
}

const valuesOf = (samples: readonly Sample[]) => samples.map((sample) => sample.value)

/** NaN counts only where there is nothing else. */
export function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least), Number.NaN)
}

export function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most), Number.NaN)
}

/** NaN comes last in both orders, as in Prometheus. A count that is no number selects nothing. */
function best(samples: readonly Sample[], count: number, order: (a: number, b: number) => number): Sample[] {
  const sorted = samples.toSorted((a, b) => {
    const [left, right] = [Number.isNaN(a.value), Number.isNaN(b.value)]
    return left || right ? Number(left) - Number(right) : order(a.value, b.value)
  })
  return sorted.slice(0, count >= 1 ? count : 0)
}
