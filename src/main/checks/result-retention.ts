/** Gives up old results and state intervals, in slices that do not hold up commits. */
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'

const dayMs = 86_400_000
/** Evidence is for people who look back over weeks; state history is for reports over years. */
const resultDays = 30
const intervalDays = 3 * 366
const everyMs = 3_600_000
const sliceRows = 500
const pauseMs = 50

/** Once an hour. Returns what stops it. */
export function startResultRetention(
  { clock, timers, logger }: { clock: Clock; timers: Timers; logger: Logger },
  store: StateStore,
): () => void {
  let stopPause: (() => void) | null = null
  let stopped = false

  async function prune(): Promise<void> {
    stopPause = null
    const now = clock.now()
    const limits = { resultsBefore: now - resultDays * dayMs, intervalsBefore: now - intervalDays * dayMs }
    try {
      if (stopped || !(await store.askLong('check.prunable', limits))) return
      await store.commit([['check.prune', { ...limits, limit: sliceRows }]])
      if (!stopped) stopPause = timers.after(pauseMs, () => void prune())
    } catch (error) {
      logger.warn('old results of checks could not be given up; tried again in an hour', { error })
    }
  }

  const stopTimer = timers.every(everyMs, () => void prune())
  return () => {
    stopped = true
    stopTimer()
    stopPause?.()
  }
}
