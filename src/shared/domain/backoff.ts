/** When something that failed is tried again. */

const firstDelayMs = 5000
const growth = 1.5
const longestDelayMs = 300_000
/** Of the delay, to both sides, so that many failures do not come back at once. */
const jitterRatio = 0.1

/**
 * Milliseconds until the next attempt after `failures` failed ones (1 or more): 5 s, 7.5 s, ... up to 5 min, each moved by
 * up to a tenth. `chance` is uniform in [0, 1). The other side's wish (`retryAfterMs`) is a lower bound.
 */
export function retryDelayMs(failures: number, chance: number, retryAfterMs: number | null): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * growth ** Math.max(0, failures - 1))
  const moved = Math.round(delayMs * (1 + jitterRatio * (2 * chance - 1)))
  return Math.max(moved, retryAfterMs ?? 0)
}
