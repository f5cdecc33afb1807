/**
 * Whether a check is slow, by its 95th percentile over a window, without keeping the durations: the nearest-rank p95 is
 * above a limit exactly when more than 5 % of the results are, so each minute keeps two counts.
 */

/** Results of one minute. Slices are sorted by `at` and never overlap. */
export interface SlowSlice {
  /** Start of the minute, epoch ms. */
  readonly at: number
  readonly total: number
  /** How many took longer than the limit. */
  readonly slow: number
}

const sliceMs = 60_000
const windowMs = 600_000
/** A seldom probed check needs a longer window, or it would never have results enough. */
const leastIntervals = 10
/** One or two slow results are noise, however few there were. */
const leastSlowResults = 3
/** The share above which p95 is above the limit. */
const slowShare = 0.05

/** Adds a result and forgets what left the window. */
export function addDuration(
  slices: readonly SlowSlice[],
  at: number,
  isSlow: boolean,
  everyMs: number,
): readonly SlowSlice[] {
  const sliceAt = Math.floor(at / sliceMs) * sliceMs
  const oldestAt = at - Math.max(windowMs, leastIntervals * everyMs)
  const kept = slices.filter((slice) => slice.at > oldestAt - sliceMs)
  const last = kept.at(-1)
  const slow = isSlow ? 1 : 0
  if (last?.at !== sliceAt) return [...kept, { at: sliceAt, total: 1, slow }]
  return [...kept.slice(0, -1), { at: sliceAt, total: last.total + 1, slow: last.slow + slow }]
}

/** `unsure` while the window holds too few results to say. */
export function slowness(slices: readonly SlowSlice[]): {
  readonly verdict: 'slow' | 'fast' | 'unsure'
  readonly slow: number
  readonly total: number
} {
  const total = slices.reduce((sum, slice) => sum + slice.total, 0)
  const slow = slices.reduce((sum, slice) => sum + slice.slow, 0)
  if (slow >= leastSlowResults && slow > slowShare * total) return { verdict: 'slow', slow, total }
  return { verdict: total >= leastSlowResults ? 'fast' : 'unsure', slow, total }
}
