/** Gives up samples that are older than the settings want them, soon after the start and then every few hours. */
import type { Settings } from '#shared/contract/settings.ts'
import type { Clock, Logger, Timers } from '../ports.ts'
import type { MetricStore } from './metric-store.ts'

const firstAfterMs = 5 * 60_000
const everyMs = 3 * 3_600_000

export interface RetentionOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly metrics: Pick<MetricStore, 'applyRetention'>
  /** As they are when it is time. */
  readonly settings: () => Settings['storage']
}

/** Returns what stops it; a deletion under way still ends by itself. */
export function keepRetention({ ports, metrics, settings }: RetentionOptions): () => void {
  const { clock, timers, logger } = ports
  let running = false

  async function apply(): Promise<void> {
    if (running) return
    running = true
    const { rawDays, fiveMinuteDays, hourDays } = settings()
    try {
      const days = { raw: rawDays, fiveMinute: fiveMinuteDays, hour: hourDays }
      const samples = await metrics.applyRetention(clock.now(), days)
      if (samples > 0) logger.info('gave up samples beyond their retention', { samples, ...days })
    } catch (error) {
      logger.error('samples beyond their retention could not be given up', { error })
    } finally {
      running = false
    }
  }

  const stopFirst = timers.after(firstAfterMs, () => void apply())
  const stopEvery = timers.every(everyMs, () => void apply())
  return () => {
    stopFirst()
    stopEvery()
  }
}
