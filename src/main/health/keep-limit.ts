/**
 * Keeps history below `storage.maxBytes`: after each look the oldest day of raw samples goes, one at a time, until it
 * fits, and what went is said. Summaries of those days stay: they are small, and the long view is what they are for.
 */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Logger, Timers } from '#main/ports.ts'
import type { StorageUsage } from '#shared/contract/settings.ts'
import { historyBytesOf } from './storage-outlook.ts'

const everyMs = 10 * 60_000
/** A look gives up this many at most; the next goes on. */
const mostDays = 50

export interface StorageLimitOptions {
  readonly ports: { readonly timers: Timers; readonly logger: Logger }
  readonly metrics: Pick<MetricStore, 'giveUpOldestDay'>
  readonly notices: Notices
  readonly usage: () => Promise<Pick<StorageUsage, 'kinds'>>
  /** As it is when it is time; 0: none. */
  readonly limitBytes: () => number
}

/** Returns what stops it. */
export function keepStorageLimit({ ports, metrics, notices, usage, limitBytes }: StorageLimitOptions): () => void {
  const { timers, logger } = ports
  let isRunning = false

  async function apply(): Promise<void> {
    const limit = limitBytes()
    if (limit === 0) return notices.withdraw('storage.limit')
    const days: string[] = []
    let samples = 0
    let bytes = historyBytesOf(await usage())
    while (bytes > limit && days.length < mostDays) {
      const gone = await metrics.giveUpOldestDay()
      if (gone === null) break
      days.push(gone.day)
      samples += gone.samples
      bytes = historyBytesOf(await usage())
    }
    if (days.length > 0) logger.warn('gave up raw samples to stay below the limit', { days, samples, limit })
    const [first] = days
    const said = first === days.at(-1) ? first : `${first} to ${days.at(-1)}`
    if (bytes > limit && days.length < mostDays) {
      notices.raise({
        id: 'storage.limit',
        level: 'warning',
        title: 'History is larger than its limit',
        message: `It takes ${mebibytes(bytes)} of ${mebibytes(limit)} (storage.maxBytes), and no whole day of raw samples is left to give up. Raise the limit, or keep summaries for a shorter time.`,
      })
    } else if (first !== undefined) {
      notices.raise({
        id: 'storage.limit',
        level: 'info',
        title: 'Raw samples were given up',
        message: `History was larger than ${mebibytes(limit)} (storage.maxBytes): ${samples} samples of ${said} are gone; their summaries are kept.`,
      })
    }
  }

  return timers.every(everyMs, () => {
    if (isRunning) return
    isRunning = true
    apply()
      .catch((error: unknown) => logger.error('the limit of storage could not be kept', { error }))
      .finally(() => {
        isRunning = false
      })
  })
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`
