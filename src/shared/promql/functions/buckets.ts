/** Quantiles and shares within the buckets of a classic histogram. Source: prometheus/promql/quantile.go. */

export interface Bucket {
  readonly upTo: number
  /** All observations up to the bound. */
  readonly count: number
}

/** Buckets by ascending bound, those of the same bound made one. */
export function coalesced(buckets: readonly Bucket[]): Bucket[] {
  const result: Bucket[] = []
  for (const bucket of buckets) {
    const last = result.at(-1)
    if (last?.upTo === bucket.upTo) result[result.length - 1] = { upTo: last.upTo, count: last.count + bucket.count }
    else result.push(bucket)
  }
  return result
}

/**
 * The `q`-quantile (0..1) by linear interpolation within a bucket. NaN without a bucket up to infinity, without another,
 * or without observations. `wasRepaired`: counts that fell from one bound to the next were raised by more than rounding.
 */
export function bucketQuantile(q: number, buckets: readonly Bucket[]): { value: number; wasRepaired: boolean } {
  const { counts, wasRepaired } = monotonic(buckets)
  return { value: quantileIn(q, buckets, counts), wasRepaired }
}

function quantileIn(q: number, buckets: readonly Bucket[], counts: readonly number[]): number {
  if (Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const last = buckets.length - 1
  const bound = (index: number) => buckets[index]?.upTo ?? Number.NaN
  const countAt = (index: number) => counts[index] ?? Number.NaN
  if (bound(last) !== Number.POSITIVE_INFINITY || last < 1 || countAt(last) === 0) return Number.NaN
  const rank = q * countAt(last)
  let found = 0
  while (found < last && !(countAt(found) >= rank)) found++
  if (found === last) return bound(last - 1)
  if (found === 0 && bound(0) <= 0) return bound(0)
  const [from, below] = found === 0 ? [0, 0] : [bound(found - 1), countAt(found - 1)]
  return from + (bound(found) - from) * ((rank - below) / (countAt(found) - below))
}

/** Differences up to this share of the counts come from rounding. */
const roundingTolerance = 1e-12
/** The smallest number of full precision. */
const leastNormal = 2 ** -1022

/** Counts that never fall: a bucket counts at least what the one before does. */
function monotonic(buckets: readonly Bucket[]): { counts: number[]; wasRepaired: boolean } {
  const counts: number[] = []
  let wasRepaired = false
  let before = buckets[0]?.count ?? Number.NaN
  for (const { count } of buckets) {
    if (count === before || isAlmost(before, count)) counts.push(before)
    else if (count < before) {
      wasRepaired = true
      counts.push(before)
    } else {
      before = count
      counts.push(count)
    }
  }
  return { counts, wasRepaired }
}

function isAlmost(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true
  const difference = Math.abs(a - b)
  const sum = Math.abs(a) + Math.abs(b)
  if (a === 0 || b === 0 || sum < leastNormal) return difference < roundingTolerance * leastNormal
  return difference / Math.min(sum, Number.MAX_VALUE) < roundingTolerance
}

/** The share of observations between two values. NaN where there is no telling; 0 where `upper` is not above `lower`. */
export function bucketFraction(lower: number, upper: number, buckets: readonly Bucket[]): number {
  const last = buckets.at(-1)
  if (last?.upTo !== Number.POSITIVE_INFINITY) return Number.NaN
  if (last.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN
  if (lower >= upper) return 0
  return (rankOf(upper, buckets, last.count) - rankOf(lower, buckets, last.count)) / last.count
}

/** How many observations are below a value. */
function rankOf(value: number, buckets: readonly Bucket[], all: number): number {
  let rank = 0
  let from = Number.NEGATIVE_INFINITY
  for (const [index, { upTo, count }] of buckets.entries()) {
    if (index === 0 && upTo > 0) from = 0
    if (from >= value) return rank
    // Nobody knows where in a bucket without a beginning its observations are: all are taken for less.
    if (upTo > value && from === Number.NEGATIVE_INFINITY) return count
    if (upTo > value) return Math.min(all, rank + ((count - rank) * (value - from)) / (upTo - from))
    rank = count
    from = upTo
  }
  return all
}
