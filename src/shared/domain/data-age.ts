/** When what is shown of something that is measured regularly is too old to be shown as it stands. */

/** Short intervals are forgiven this much, for a probe may take as long. */
const leastMs = 10_000

/** Older than two intervals. `lastAt` null: nothing has come yet, which is no age. All in ms. */
export function isTooOld(lastAt: number | null, everyMs: number, now: number): boolean {
  return lastAt !== null && now - lastAt > Math.max(2 * everyMs, leastMs)
}
