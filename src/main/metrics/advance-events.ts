/** Tells screens that there is more to ask for: at once, then at most once a second. */
import type { Events } from '../events.ts'
import type { Timers } from '../ports.ts'

const leastIntervalMs = 1000

export interface AdvanceEvents {
  /** Samples up to `at` are durable. */
  advanced(at: number): void
  stop(): void
}

export function createAdvanceEvents(events: Events, timers: Timers): AdvanceEvents {
  let newestAt = Number.NEGATIVE_INFINITY
  let hasMore = false
  let stopTimer: (() => void) | null = null
  const emit = () => {
    hasMore = false
    events.emit('metrics.advanced', { at: newestAt })
    stopTimer = timers.after(leastIntervalMs, () => {
      stopTimer = null
      if (hasMore) emit()
    })
  }
  return {
    advanced(at) {
      newestAt = Math.max(newestAt, at)
      hasMore = true
      if (!stopTimer) emit()
    },
    stop: () => stopTimer?.(),
  }
}
