/**
 * The `q`-quantile (0..1) by linear interpolation; -Infinity below 0, Infinity above 1, NaN for no values. NaN values
 * count as the smallest. Source: prometheus/promql/quantile.go.
 */
export function quantileOf(values: ArrayLike<number>, q: number): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const sorted = Array.from(values).sort((a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
    return a - b
  })
  const rank = q * (sorted.length - 1)
  const lower = Math.floor(rank)
  const weight = rank - lower
  const [below = Number.NaN, above = Number.NaN] = [sorted[lower], sorted[Math.min(sorted.length - 1, lower + 1)]]
  return below * (1 - weight) + above * weight
}
