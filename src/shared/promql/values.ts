/** What expressions evaluate to. Labels carry the metric's name as `__name__`, as in Prometheus. */
import type { Labels } from '../domain/series.ts'

export interface Sample {
  readonly labels: Labels
  readonly value: number
  /** The stored sample's instant; the evaluation's for computed ones. Epoch ms. */
  readonly at: number
}

/** Samples `[start, end)` of one series that fall into a range selector, stale markers left out. Never empty. */
export interface RangeSeries {
  readonly labels: Labels
  readonly times: Float64Array
  readonly values: Float64Array
}

export interface RangeWindow {
  /** Left-open: a sample at `from` is outside (unless ranges are closed), one at `to` inside. Epoch ms. */
  readonly from: number
  readonly to: number
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[]; readonly window: RangeWindow }

export type Vector = Extract<Value, { type: 'vector' }>
export type Matrix = Extract<Value, { type: 'matrix' }>

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
