/**
 * What happens when a storage thread has ended for good. What services hold in memory was made from it, so a new thread
 * alone would not do: the console starts itself anew where somebody will start it, and says so where nobody does.
 */
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger } from '#main/ports.ts'

/** One that falls sooner would fall again: then a person has to look. */
const leastUptimeMs = 10 * 60_000

export function afterStorageLoss(options: {
  readonly clock: Clock
  readonly logger: Logger
  readonly notices: Notices
  /** Absent where nobody would start the console again. */
  readonly restart: (() => void) | undefined
}): (error: Error) => void {
  const { clock, logger, notices, restart } = options
  const startedMs = clock.monotonicMs()
  return (error) => {
    const startsAnew = restart !== undefined && clock.monotonicMs() - startedMs >= leastUptimeMs
    notices.raise({
      id: 'storage.lost',
      level: 'error',
      title: 'Storage has stopped',
      message: `A storage worker ended by itself (${error.message}). ${
        startsAnew ? 'Belfry starts itself anew.' : 'Nothing is recorded any more: restart Belfry.'
      }`,
    })
    if (!startsAnew) return
    logger.error('Belfry starts itself anew, for its storage has stopped', { error })
    restart()
  }
}
