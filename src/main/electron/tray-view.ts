/** What the tray says: the worst state by shape and colour, counts in words, the alerts that matter most. Pure. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'

/** Names of the images in resources/icons: each its own shape, so that colour is not needed to tell them apart. */
type TrayState = 'up' | 'degraded' | 'down' | 'unknown'

export interface TrayView {
  readonly state: TrayState
  readonly tooltip: string
  /** Worst first, at most five. */
  readonly alerts: readonly { readonly id: string; readonly label: string; readonly isHeld: boolean }[]
  /** Of all that are firing and not yet snoozed. */
  readonly firingIds: readonly string[]
}

export interface TrayFacts {
  readonly checks: readonly CheckView[]
  /** Active ones, worst first. */
  readonly alerts: readonly AlertView[]
  /** When the newest sample was taken; null before the first. */
  readonly newestSampleAt: number | null
  readonly now: number
}

const maxAlerts = 5
const maxLabelLength = 60
/** Data older than this is not shown as well, whatever it says. */
const staleAfterMs = 60_000

export function trayViewOf({ checks, alerts, newestSampleAt, now }: TrayFacts): TrayView {
  const firing = alerts.filter((alert) => alert.state === 'firing' || alert.state === 'recovering')
  const ageMs = newestSampleAt === null ? null : Math.max(0, now - newestSampleAt)
  return {
    state: stateOf(checks, firing, ageMs),
    tooltip: ['Belfry', countsOf(checks), alertsOf(firing.length), ageOf(ageMs)]
      .filter((part) => part !== '')
      .join('\n'),
    alerts: firing
      .slice(0, maxAlerts)
      .map((alert) => ({ id: alert.id, label: labelOf(alert), isHeld: alert.acknowledgement !== null })),
    firingIds: firing.filter((alert) => alert.snoozedUntil === null).map((alert) => alert.id),
  }
}

function stateOf(checks: readonly CheckView[], firing: readonly AlertView[], ageMs: number | null): TrayState {
  const isAny = (state: CheckView['state']) => checks.some((check) => check.enabled && check.state === state)
  if (isAny('down') || firing.some((alert) => alert.severity === 'critical')) return 'down'
  if (isAny('degraded') || firing.length > 0) return 'degraded'
  if (isAny('unknown') || isAny('unobserved') || ageMs === null || ageMs > staleAfterMs) return 'unknown'
  return 'up'
}

function countsOf(checks: readonly CheckView[]): string {
  const enabled = checks.filter((check) => check.enabled)
  const count = (state: CheckView['state']) => enabled.filter((check) => check.state === state).length
  const parts = (['down', 'degraded', 'unknown', 'unobserved', 'up'] as const)
    .map((state) => ({ state, count: count(state) }))
    .filter((part) => part.count > 0)
    .map((part) => `${part.count} ${part.state === 'unobserved' ? 'not observed' : part.state}`)
  return parts.join(', ')
}

function alertsOf(count: number): string {
  if (count === 0) return 'No alerts'
  return count === 1 ? '1 alert' : `${count} alerts`
}

function ageOf(ageMs: number | null): string {
  if (ageMs === null) return 'No data yet'
  if (ageMs < 2000) return 'Updated just now'
  if (ageMs < 120_000) return `Updated ${Math.round(ageMs / 1000)} s ago`
  return `No data for ${Math.round(ageMs / 60_000)} min`
}

function labelOf(alert: AlertView): string {
  const text = alert.annotations['summary'] || alert.rule
  const label = text.length > maxLabelLength ? `${text.slice(0, maxLabelLength - 1)}…` : text
  // In a menu an ampersand marks the key of the next letter.
  return label.replaceAll('&', '&&')
}

const morningHour = 9

/** The next 9:00 by this machine's clock, epoch ms. */
export function nextMorning(now: number): number {
  const morning = new Date(now)
  morning.setHours(morningHour, 0, 0, 0)
  if (morning.getTime() <= now) morning.setDate(morning.getDate() + 1)
  return morning.getTime()
}
