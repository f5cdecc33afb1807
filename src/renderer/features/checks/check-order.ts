/** In which order checks are listed: the worst first, or by a column. */
import type { CheckHistory, CheckView, TimelineState } from '#shared/contract/checks.ts'
import type { Sort } from '../../ui/table.tsx'

export const checkColumns = ['state', 'name', 'uptime', 'latency', 'certificate', 'next'] as const
export type CheckColumn = (typeof checkColumns)[number]

export type CheckSort = Sort<CheckColumn>

/** Worst first: what a person should look at before anything else. */
export const worstFirst: CheckSort = { column: 'state', isDescending: false }

const stateRanks: Readonly<Record<TimelineState, number>> = {
  down: 0,
  degraded: 1,
  unknown: 2,
  up: 4,
  maintenance: 5,
  unobserved: 6,
}

/** Lower is worse. A check that is turning toward worse stands right after those that are there. */
function stateRank(check: Pick<CheckView, 'state' | 'confirming'>): number {
  const rank = stateRanks[check.state]
  const toward = check.confirming ? stateRanks[check.confirming.toward] : rank
  return toward < rank ? Math.min(rank, toward + 0.5) : rank
}

/**
 * A sorted copy. Where a column has no value the check stands last in both directions; equals are ordered by name.
 * Within a state the one that changed last stands first, for it is the news.
 */
export function sortChecks(
  checks: readonly CheckView[],
  sort: CheckSort,
  histories: ReadonlyMap<string, CheckHistory>,
): readonly CheckView[] {
  const keyed = checks.map((check) => ({ check, key: sortKey(check, sort.column, histories) }))
  const direction = sort.isDescending ? -1 : 1
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      if (a.key !== b.key) return a.key === null ? 1 : -1
    } else if (a.key !== b.key) {
      return a.key < b.key ? -direction : direction
    }
    if (sort.column === 'state' && a.check.stateSince !== b.check.stateSince && a.check.state !== 'up')
      return b.check.stateSince - a.check.stateSince
    return compareNames(a.check, b.check)
  })
  return keyed.map(({ check }) => check)
}

function sortKey(
  check: CheckView,
  column: CheckColumn,
  histories: ReadonlyMap<string, CheckHistory>,
): number | string | null {
  switch (column) {
    case 'state':
      return stateRank(check)
    case 'name':
      return check.name.toLowerCase()
    case 'uptime':
      return histories.get(check.id)?.uptime.day.availabilityRatio ?? null
    case 'latency':
      return check.last?.durationMs ?? null
    case 'certificate':
      return check.certificateExpiresAt
    case 'next':
      return check.nextRunAt
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function compareNames(a: CheckView, b: CheckView): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)
}
