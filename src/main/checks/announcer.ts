/**
 * Tells of confirmed states, each once it is durable and its series shows it. States that change while others are being
 * made durable are told together, so a thousand changes at once cost few commits.
 */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Logger } from '#main/ports.ts'
import type { Journal } from './journal.ts'

export interface Announcer {
  announce(checkId: string): void
  /** Resolves when all was told. */
  settled(): Promise<void>
}

/** When the disk refuses, it is told all the same: evaluation goes on from memory. */
export function createAnnouncer(
  journal: Pick<Journal, 'commit'>,
  metrics: Pick<MetricStore, 'flush'>,
  logger: Logger,
  tell: (checkId: string) => void,
): Announcer {
  const waiting = new Set<string>()
  let underway: Promise<void> | null = null

  async function tellAll(): Promise<void> {
    while (waiting.size > 0) {
      const ids = [...waiting]
      waiting.clear()
      await journal.commit()
      try {
        await metrics.flush()
      } catch (error) {
        logger.error('states could not be written to their series', { checks: ids, error })
      }
      for (const id of ids) tellOne(id)
    }
  }

  function tellOne(id: string) {
    try {
      tell(id)
    } catch (error) {
      logger.error('whoever was told of a state failed', { check: id, error })
    }
  }

  return {
    announce(checkId) {
      waiting.add(checkId)
      underway ??= tellAll().finally(() => {
        underway = null
      })
    },
    settled: async () => {
      await underway
    },
  }
}
