import type { AlertView } from '#shared/contract/alerts.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { type CallState, useCall } from '../client/use-call.ts'

/** Alerts that are pending, firing or recovering, worst and oldest first. */
export function useActiveAlerts(): CallState<OutputOf<'alerts.list'>> {
  return useCall('alerts.list', {}, { on: { 'alerts.changed': 'refetch' }, atMostEveryMs: 1000 })
}

/** What an alert is about, in one line: its summary, else its rule's name. */
export function alertTitle(alert: Pick<AlertView, 'annotations' | 'rule'>): string {
  return alert.annotations['summary'] ?? alert.rule
}
