import type { Ledger } from '#main/notify/ledger.ts'
import type { Ports } from '#main/ports.ts'

const dayMs = 86_400_000
/** Resolved alerts that had fired; pending ones that never did; messages. */
const kept = { alertsMs: 400 * dayMs, unfiredMs: dayMs, messagesMs: 90 * dayMs }
/** In slices, so that commits do not wait for a long deletion. */
const mostAtOnce = 1000
const everyMs = 600_000

/** Gives up old history little by little. Returns what stops it. */
export function keepHistoryInBounds(ports: Pick<Ports, 'clock' | 'timers' | 'logger'>, ledger: Ledger): () => void {
  return ports.timers.every(everyMs, () => {
    const now = ports.clock.now()
    const alerts = { before: now - kept.alertsMs, unfiredBefore: now - kept.unfiredMs, limit: mostAtOnce }
    ledger
      .commit([
        ['alert.prune', alerts],
        ['outbox.prune', { before: now - kept.messagesMs, limit: mostAtOnce }],
      ])
      .catch((error: unknown) => ports.logger.error('old alerts could not be given up', { error }))
  })
}
