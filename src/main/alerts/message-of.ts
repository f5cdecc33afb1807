import type { Message } from '#main/notify/message.ts'
import type { AlertRecord } from './record.ts'
import { lasting } from './sentences.ts'

/** Labels that say nothing new beside a title. */
const plainLabels = new Set(['alertname', 'severity'])

/** What is said of an alert: the rule's own `summary` and `description`, or its name and labels. */
export function messageOf(record: AlertRecord, event: 'fired' | 'resolved', at: number): Message {
  const { episode, rule, severity } = record
  const summary = episode.annotations['summary'] || named(rule, episode.labels)
  const description = episode.annotations['description'] ?? ''
  const lasted = `It lasted ${lasting(at - (episode.firedAt ?? episode.activeAt))}.`
  return {
    // Told again after a snooze, it is another message.
    key: `${episode.id}:${event}:${at}`,
    event,
    alertId: episode.id,
    severity,
    title: event === 'fired' ? summary : `Resolved: ${summary}`,
    body: event === 'fired' ? description : lasted,
    at,
    labels: episode.labels,
    annotations: episode.annotations,
  }
}

function named(rule: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([name]) => !plainLabels.has(name))
  return pairs.length === 0 ? rule : `${rule} (${pairs.map(([name, value]) => `${name} ${value}`).join(', ')})`
}
