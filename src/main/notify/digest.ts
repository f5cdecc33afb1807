import { compareSeverity } from '#shared/domain/severity.ts'
import type { Message } from './message.ts'

const titlesShown = 6

/** Many messages as one, worst first. A flood of toasts tells less than one that says how many there are. */
export function digestOf(messages: readonly Message[], key: string): Message {
  const sorted = messages.toSorted((a, b) => compareSeverity(b.severity, a.severity))
  const fired = messages.filter(({ event }) => event === 'fired').length
  const resolved = messages.length - fired
  const counts = [fired > 0 ? `${fired} alerts fire` : '', resolved > 0 ? `${resolved} alerts resolved` : '']
  const more = messages.length > titlesShown ? [`and ${messages.length - titlesShown} more`] : []
  return {
    key,
    event: fired > 0 ? 'fired' : 'resolved',
    alertId: null,
    severity: sorted[0]?.severity ?? 'info',
    title: counts.filter(Boolean).join(', '),
    body: [...sorted.slice(0, titlesShown).map(({ title }) => title), ...more].join('\n'),
    at: Math.max(...messages.map(({ at }) => at)),
    labels: {},
    annotations: {},
  }
}
