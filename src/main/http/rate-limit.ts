/** So many requests a minute of each asker: a bucket that fills again steadily, so that a burst is let through. */
import type { Clock } from '#main/ports.ts'

export interface RateLimit {
  /** Takes one. 0: come in; otherwise the milliseconds after which there is one again. */
  take(asker: string): number
}

const minuteMs = 60_000
/** More askers than this at once share one bucket: memory is bounded, and the flood is one. */
const mostAskers = 1000

/** `perMinute` is asked each time, for it may change. */
export function createRateLimit(clock: Clock, perMinute: () => number): RateLimit {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    take(asker) {
      const nowMs = clock.monotonicMs()
      const most = perMinute()
      if (buckets.size >= mostAskers && !buckets.has(asker)) {
        // A bucket that would be full by now says nothing.
        for (const [key, { atMs }] of buckets) if (nowMs - atMs >= minuteMs) buckets.delete(key)
      }
      const key = buckets.has(asker) || buckets.size < mostAskers ? asker : 'the rest'
      const bucket = buckets.get(key) ?? { left: most, atMs: nowMs }
      const left = Math.min(most, bucket.left + ((nowMs - bucket.atMs) / minuteMs) * most)
      buckets.set(key, { left: left >= 1 ? left - 1 : left, atMs: nowMs })
      return left >= 1 ? 0 : Math.ceil(((1 - left) / most) * minuteMs)
    },
  }
}
