/** The sample store as the console has it, with both workers, on a directory and at an instant of choice. */
import { systemTimers } from '#main/adapters/clock.ts'
import { createEvents } from '#main/events.ts'
import { openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices } from '#main/notices.ts'
import { openStore } from '#main/store/open-store.ts'
import type { Matcher } from '#shared/domain/series.ts'
import { memoryLogger } from '#test/support/ports.ts'

const day = 86_400_000

export async function openLiveStore(directory: string, now: number) {
  const clock = { now: () => now, monotonicMs: () => performance.now() }
  const logger = memoryLogger()
  const events = createEvents()
  const notices = createNotices(clock, logger, events)
  const store = await openStore({ directory, host: 'headless', logger, clock })
  const metrics = await openMetricStore({
    channels: store.channels,
    clock,
    timers: systemTimers,
    logger,
    notices,
    events,
  })
  return {
    metrics,
    /** Number of samples selected. */
    async select(matchers: readonly Matcher[], from: number, to: number): Promise<number> {
      const series = await metrics.select(matchers, { from, to })
      return series.reduce((sum, { times }) => sum + times.length, 0)
    },
    /** Number of samples that the steps stand for. */
    async reduce(matchers: readonly Matcher[], from: number, to: number, stepMs: number): Promise<number> {
      const { series } = await metrics.reduce(matchers, { from, to }, stepMs)
      return series.reduce((sum, { count }) => sum + count.reduce((a, b) => a + b, 0), 0)
    },
    /** Gives up raw samples before `at`. */
    deleteBefore: (at: number) => metrics.applyRetention(now, { raw: (now - at) / day, fiveMinute: 999, hour: 999 }),
    async close() {
      await metrics.close()
      await store.close()
    },
  }
}
