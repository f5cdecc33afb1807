/** In which order and in which groups alerts are listed. */
import type { AlertState, AlertView } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'

const stateRanks: Readonly<Record<AlertState, number>> = { firing: 0, pending: 1, recovering: 2, resolved: 3 }
const severityRanks: Readonly<Record<Severity, number>> = { critical: 0, error: 1, warning: 2, info: 3 }

export const severities: readonly Severity[] = ['critical', 'error', 'warning', 'info']

/** By state, then severity, then age: the one that has been waiting longest first. Resolved ones newest first. */
export function sortAlerts(alerts: readonly AlertView[]): readonly AlertView[] {
  return [...alerts].sort(
    (a, b) =>
      stateRanks[a.state] - stateRanks[b.state] ||
      (a.state === 'resolved'
        ? (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0)
        : severityRanks[a.severity] - severityRanks[b.severity] || startOf(a) - startOf(b)) ||
      (a.id < b.id ? -1 : 1),
  )
}

/** Since when it has been what it is: the instant its age is counted from. */
export function startOf(alert: AlertView): number {
  return alert.firedAt ?? alert.activeAt
}

export interface AlertGroup {
  /** The label's value, or the rule's name; null for alerts without the label. */
  readonly key: string | null
  readonly alerts: readonly AlertView[]
}

/**
 * The alerts by value of a label, or by rule with `alertname`; without a label one group of all. Groups stand in the
 * order of their first alert, so the worst group comes first; alerts without the label stand last.
 */
export function groupAlerts(alerts: readonly AlertView[], label: string | null): readonly AlertGroup[] {
  if (label === null) return [{ key: null, alerts }]
  const groups = new Map<string | null, AlertView[]>()
  for (const alert of alerts) {
    const key = label === 'alertname' ? alert.rule : (alert.labels[label] ?? null)
    const group = groups.get(key)
    if (group) group.push(alert)
    else groups.set(key, [alert])
  }
  return [...groups]
    .map(([key, members]) => ({ key, alerts: members }))
    .sort((a, b) => Number(a.key === null) - Number(b.key === null))
}

/** Label names worth grouping by: carried by at least two alerts, most common first; `alertname` always leads. */
export function groupableLabels(alerts: readonly AlertView[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { labels } of alerts)
    for (const name of Object.keys(labels))
      if (name !== 'alertname' && name !== 'severity') counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts]
    .filter(([, found]) => found >= 2)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name]) => name)
  return ['alertname', 'severity', ...names]
}

/** The list with what changed put in its place; what `keep` refuses leaves it. */
export function mergeAlert(
  alerts: readonly AlertView[],
  changed: AlertView,
  keep: (alert: AlertView) => boolean,
): readonly AlertView[] {
  const others = alerts.filter(({ id }) => id !== changed.id)
  return keep(changed) ? sortAlerts([...others, changed]) : others
}
