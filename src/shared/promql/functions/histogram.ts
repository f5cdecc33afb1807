/** Classic histograms: series of one name that differ in `le`, each counting all observations up to that bound. */

import type { Span } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import {
  type Identity,
  identityKey,
  labelOf,
  merged,
  nameless,
  operationsOfKey,
  scalarOf,
  type Vector,
  vectorBuilder,
  vectorOf,
  withLabel,
} from '../operands.ts'
import type { FunctionName } from '../signatures.ts'
import type { Steps } from '../steps.ts'
import { type Bucket, bucketFraction, bucketQuantile, coalesced } from './buckets.ts'
import type { PromqlFunction } from './function.ts'
import { noteQuantile } from './quantile-note.ts'

export const histogramFunctions = {
  *histogram_quantile(args, call, evaluation) {
    const quantiles = scalarOf(args[0])
    noteQuantile(quantiles, call.span, evaluation)
    return yield* overBuckets(vectorOf(args[1]), call.span, evaluation, (buckets, step) => {
      const { value, wasRepaired } = bucketQuantile(quantiles[step] ?? Number.NaN, buckets)
      if (wasRepaired) {
        evaluation.notes.inform(
          call.span,
          'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)',
        )
      }
      return value
    })
  },
  *histogram_fraction(args, call, evaluation) {
    const [lower, upper] = [scalarOf(args[0]), scalarOf(args[1])]
    return yield* overBuckets(vectorOf(args[2]), call.span, evaluation, (buckets, step) =>
      bucketFraction(lower[step] ?? Number.NaN, upper[step] ?? Number.NaN, buckets),
    )
  },
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

interface Histogram {
  readonly identity: Identity
  /** By bound, ascending. */
  readonly bounds: { readonly upTo: number; readonly row: number }[]
}

/** One value for each histogram at each step where it has buckets. */
function* overBuckets(
  vector: Vector,
  span: Span,
  evaluation: Evaluation,
  compute: (buckets: Bucket[], step: number) => number,
): Steps<Vector> {
  const { count } = evaluation.grid
  const histograms = yield* histogramsIn(vector, span, evaluation)
  const builder = vectorBuilder(histograms.length, evaluation)
  for (const { identity, bounds } of histograms) {
    const base = builder.add(nameless(identity, evaluation))
    for (let step = 0; step < count; step++) {
      const buckets: Bucket[] = []
      for (const { upTo, row } of bounds) {
        if (vector.present[row * count + step] !== 1) continue
        buckets.push({ upTo, count: vector.values[row * count + step] ?? Number.NaN })
      }
      if (evaluation.effort.spend(10 * (bounds.length + 1))) yield
      if (buckets.length === 0) continue
      builder.values[base + step] = compute(coalesced(buckets), step)
      builder.present[base + step] = 1
    }
  }
  return yield* merged(builder.build(), span, evaluation)
}

function* histogramsIn(vector: Vector, span: Span, evaluation: Evaluation): Steps<Histogram[]> {
  const histograms = new Map<string, Histogram>()
  for (const [row, identity] of vector.rows.entries()) {
    const bound = labelOf(identity, 'le')
    const upTo = boundOf(bound)
    if (upTo === null) {
      const metric = identity.name === '' ? '' : ` for metric name "${identity.name}"`
      evaluation.notes.warn(span, `bucket label "le" is missing or has a malformed value of "${bound}"${metric}`)
      continue
    }
    const whole = withLabel(identity, 'le', '')
    const key = identityKey(whole)
    const histogram = histograms.get(key) ?? { identity: whole, bounds: [] }
    histogram.bounds.push({ upTo, row })
    histograms.set(key, histogram)
    if (evaluation.effort.spend(operationsOfKey)) yield
  }
  for (const { bounds } of histograms.values()) bounds.sort((a, b) => (a.upTo < b.upTo ? -1 : a.upTo > b.upTo ? 1 : 0))
  return [...histograms.values()]
}

/** A number as Go writes it. */
function boundOf(text: string): number | null {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null
}
