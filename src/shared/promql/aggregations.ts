/** Aggregations: many samples of a group become one, or the group's best are picked. One table line each. */
import type { Labels } from '../domain/series.ts'
import type { Aggregation } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import { meanOf, sumOf } from './kahan.ts'
import { problemAt } from './problem.ts'
import { labelKey, type Sample, type Value, withoutName } from './values.ts'

/** Values of one group, in the vector's order; never empty. */
type Reduction = (values: number[]) => number
/** The samples of one group that stay, with all their labels. */
type Selection = (samples: Sample[], parameter: number) => Sample[]

export const reductions: Readonly<Record<string, Reduction>> = {
  sum: sumOf,
  avg: meanOf,
  min: (values) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max: (values) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  count: (values) => values.length,
  group: () => 1,
}

export const selections: Readonly<Record<string, Selection>> = {
  topk: (samples, k) => best(samples, k, (a, b) => b - a),
  bottomk: (samples, k) => best(samples, k, (a, b) => a - b),
}

export function aggregate(expr: Aggregation, operand: Value, parameter: Value | null, evaluation: Evaluation): Value {
  if (operand.type !== 'vector') throw problemAt(evaluation.text, expr.span.from, `${expr.op} needs a vector`)
  const groups = new Map<string, { labels: Labels; samples: Sample[] }>()
  for (const sample of operand.samples) {
    const labels = groupLabels(expr.grouping, sample.labels)
    const key = labelKey(labels)
    const group = groups.get(key)
    if (group) group.samples.push(sample)
    else groups.set(key, { labels, samples: [sample] })
  }
  const reduction = Object.hasOwn(reductions, expr.op) ? reductions[expr.op] : undefined
  if (reduction) {
    const samples = [...groups.values()].map(({ labels, samples: members }) => ({
      labels,
      value: reduction(members.map((sample) => sample.value)),
      at: evaluation.at,
    }))
    return { type: 'vector', samples }
  }
  const selection = Object.hasOwn(selections, expr.op) ? selections[expr.op] : undefined
  if (!selection || parameter?.type !== 'scalar') {
    throw problemAt(evaluation.text, expr.span.from, `the aggregation ${expr.op} is not supported yet`)
  }
  const { value } = parameter
  if (!Number.isFinite(value)) {
    throw problemAt(evaluation.text, expr.span.from, `${expr.op} needs a finite number of samples, got ${value}`)
  }
  return { type: 'vector', samples: [...groups.values()].flatMap((group) => selection(group.samples, value)) }
}

function groupLabels(grouping: Aggregation['grouping'], labels: Labels): Labels {
  const entries = Object.entries(grouping.mode === 'without' ? withoutName(labels) : labels)
  return Object.fromEntries(entries.filter(([label]) => grouping.labels.includes(label) === (grouping.mode === 'by')))
}

/** NaN comes last on both sides, as in Prometheus. */
function best(samples: Sample[], k: number, order: (a: number, b: number) => number): Sample[] {
  const sorted = samples.toSorted((a, b) => {
    if (Number.isNaN(a.value) || Number.isNaN(b.value))
      return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
    return order(a.value, b.value)
  })
  return sorted.slice(0, Math.max(0, Math.trunc(k)))
}
