/** How alerts and what was sent of them are said. */
import type { AlertEvent, AlertState, AlertView, Delivery, RuleView } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'

export const alertStateWords: Readonly<Record<AlertState, string>> = {
  pending: 'Pending',
  firing: 'Firing',
  recovering: 'Recovering',
  resolved: 'Resolved',
}

export const severityWords: Readonly<Record<Severity, string>> = {
  info: 'Info',
  warning: 'Warning',
  error: 'Error',
  critical: 'Critical',
}

export const resolutionWords: Readonly<Record<NonNullable<AlertView['resolution']>, string>> = {
  cleared: 'the condition cleared',
  stale: 'its series vanished while its target was observed',
  manual: 'resolved by hand',
  'rule-removed': 'its rule was removed',
}

export const deliveryStateWords: Readonly<Record<Delivery['state'], string>> = {
  queued: 'Queued',
  sending: 'Sending',
  delivered: 'Delivered',
  retrying: 'Retrying',
  dead: 'Given up',
}

export const eventWords: Readonly<Record<AlertEvent['type'], string>> = {
  pending: 'Pending',
  fired: 'Fired',
  recovering: 'Recovering',
  refired: 'Fired again',
  resolved: 'Resolved',
  acknowledged: 'Acknowledged',
  unacknowledged: 'Acknowledgement undone',
  snoozed: 'Snoozed',
  unsnoozed: 'Snooze ended',
  health: 'Health changed',
  suppressed: 'Not told',
}

export const ruleHealthWords: Readonly<Record<RuleView['health'], string>> = {
  ok: 'OK',
  nodata: 'No data',
  error: 'Error',
  waiting: 'Waiting',
}

export const originWords: Readonly<Record<RuleView['origin'], string>> = {
  preset: 'Preset',
  own: 'Own',
  file: 'File',
}

/** One line for the list: the summary a rule wrote, or its name. */
export function headlineOf(alert: AlertView): string {
  return alert.annotations['summary'] ?? alert.annotations['title'] ?? alert.rule
}

/** What the alert speaks of, from the labels that name it; null when none does. */
export function subjectOf(alert: AlertView): string | null {
  const { target, instance, mountpoint, device } = alert.labels
  const where = target ?? instance ?? null
  const part = mountpoint ?? device ?? null
  if (where === null) return part
  return part === null ? where : `${where} ${part}`
}
