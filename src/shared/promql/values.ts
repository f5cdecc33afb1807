/** What expressions evaluate to. Labels carry the metric's name as `__name__`, as in Prometheus. */
import type { Labels } from '../domain/series.ts'

export interface Sample {
  readonly labels: Labels
  readonly value: number
  /** The instant of evaluation. Epoch ms. */
  readonly at: number
}

/** The samples of one series within a range, stale markers left out. Never empty. */
export interface RangeSeries {
  readonly labels: Labels
  readonly times: Float64Array
  readonly values: Float64Array
}

/** The value of an expression at one instant. */
export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[] }

/** One series at the steps of a range query; both arrays have an entry for each step. */
export interface StepSeries {
  readonly labels: Labels
  readonly values: Float64Array
  /** 1 where the series has a sample. */
  readonly present: Uint8Array
}

/** The values of an expression at the steps of a range. */
export interface RangeResult {
  readonly type: 'matrix' | 'scalar' | 'string'
  /** Only series that have a sample at some step; a scalar is one series without labels. */
  readonly series: readonly StepSeries[]
  readonly text?: string
}

/** Labels without the metric's name. */
export function withoutName(labels: Labels): Labels {
  if (!Object.hasOwn(labels, '__name__')) return labels
  const { __name__: _name, ...rest } = labels
  return rest
}

/** The same text for the same set of labels, in any order. */
export function labelKey(labels: Labels): string {
  let key = ''
  for (const name of Object.keys(labels).sort()) key += `${name}\u0001${labels[name]}\u0002`
  return key
}

/** `{a="b", c="d"}`, for messages. */
export function showLabels(labels: Labels): string {
  const { __name__: name, ...rest } = labels
  const pairs = Object.keys(rest)
    .sort()
    .map((label) => `${label}=${JSON.stringify(rest[label])}`)
  return `${name ?? ''}{${pairs.join(', ')}}`
}
