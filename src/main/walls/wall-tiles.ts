/** What checks and alerts look like on a wall: which belong there, which come first, and how few of them. Pure. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckHistory, CheckView, StateTotals, TimelineState } from '#shared/contract/checks.ts'
import type { UptimeRow, WallAlert, WallPage, WallTile } from '#shared/contract/walls.ts'

const ranks: Readonly<Record<TimelineState, number>> = {
  down: 0,
  degraded: 1,
  unknown: 2,
  maintenance: 3,
  unobserved: 4,
  up: 5,
}

interface CheckFilter {
  readonly labels: Readonly<Record<string, string>>
  readonly text: string
}

/** Enabled checks that carry all the labels and have the text in name or target. */
export function matchingChecks(checks: readonly CheckView[], { labels, text }: CheckFilter): CheckView[] {
  const wanted = Object.entries(labels)
  const part = text.toLowerCase()
  return checks.filter(
    (check) =>
      check.enabled &&
      wanted.every(([name, value]) => Object.hasOwn(check.labels, name) && check.labels[name] === value) &&
      (part === '' || `${check.name}\n${check.target}`.toLowerCase().includes(part)),
  )
}

/** Of any page that shows checks; all enabled ones where no page does. Each once. */
export function checksOfWall(checks: readonly CheckView[], pages: readonly WallPage[]): CheckView[] {
  const filters = pages.filter((page) => page.kind === 'checks' || page.kind === 'uptime')
  if (filters.length === 0) return matchingChecks(checks, { labels: {}, text: '' })
  return [...new Set(filters.flatMap((filter) => matchingChecks(checks, filter)))]
}

/** Worst first; among those that are not well what changed last, the others by name. */
export function worstFirst(checks: readonly CheckView[]): CheckView[] {
  return [...checks].sort((a, b) => {
    if (a.state !== b.state) return ranks[a.state] - ranks[b.state]
    return ranks[a.state] < ranks.maintenance ? b.stateSince - a.stateSince : a.name.localeCompare(b.name)
  })
}

export function isAbnormal({ state }: { readonly state: TimelineState }): boolean {
  return ranks[state] < ranks.maintenance
}

export function tileOf(check: CheckView, history: CheckHistory | undefined): WallTile {
  const { id, name, state, stateSince, reason, last } = check
  return {
    id,
    name,
    state,
    stateSince,
    message: state === 'up' ? '' : reason.message,
    availabilityRatio: history?.uptime.day.availabilityRatio ?? null,
    latencyMs: last && (last.outcome === 'up' || last.outcome === 'degraded') ? last.durationMs : null,
  }
}

export function uptimeRowOf(check: CheckView, history: CheckHistory | undefined): UptimeRow {
  return {
    id: check.id,
    name: check.name,
    state: check.state,
    dayRatio: history?.uptime.day.availabilityRatio ?? null,
    weekRatio: history?.uptime.week.availabilityRatio ?? null,
    monthRatio: history?.uptime.month.availabilityRatio ?? null,
    bar: history?.bar.map(({ state }) => state) ?? [],
  }
}

export function countsOf(checks: readonly CheckView[]): StateTotals {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, unobserved: 0 }
  for (const { state } of checks) counts[state]++
  return counts
}

/** Null for one that never fired. */
export function wallAlertOf(alert: AlertView): WallAlert | null {
  if (alert.state === 'pending' || alert.firedAt === null) return null
  return {
    id: alert.id,
    title: alert.annotations['summary'] || alert.rule,
    severity: alert.severity,
    state: alert.state,
    since: alert.resolvedAt ?? alert.firedAt,
    isAcknowledged: alert.acknowledgement !== null,
  }
}
