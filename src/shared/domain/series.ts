/** Series and samples as every reader of history sees them. */

/** Label names to values, without `__name__`. */
export type Labels = Readonly<Record<string, string>>

/** As in PromQL; regular expressions are anchored at both ends and run with RE2 semantics. */
export interface Matcher {
  /** `__name__` matches the metric's name. */
  readonly label: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** Samples of one series: `times` ascending epoch ms without doubles; same length. NaN may be a stale marker. */
export interface Samples {
  readonly times: Float64Array
  readonly values: Float64Array
}

export interface SelectedSeries extends Samples {
  readonly id: number
  readonly name: string
  readonly labels: Labels
}

/**
 * Prometheus's stale marker: the quiet NaN 0x7ff0000000000002, told from other NaNs by its bits only.
 * Source: prometheus/model/value/value.go.
 */
export const staleNaNBits = 0x7ff0000000000002n

/** Whether the value at `index` is the stale marker (reads bits: a plain comparison cannot tell). */
export function isStaleAt(values: Float64Array, index: number): boolean {
  if (!Number.isNaN(values[index])) return false
  return new BigUint64Array(values.buffer, values.byteOffset + index * 8, 1)[0] === staleNaNBits
}
