/** How a collector's state is shown: with the marks of all states, and words of its own. */
import type { CollectorState, CollectorStatus } from '#shared/contract/collectors.ts'
import { isTooOld } from '#shared/domain/data-age.ts'
import { consoleTime } from '../../live/console-time.ts'
import type { Mark } from '../../ui/state-mark.tsx'

const marks: Readonly<Record<CollectorState, Mark>> = {
  up: 'up',
  failing: 'down',
  unobserved: 'unobserved',
  paused: 'unobserved',
}

const words: Readonly<Record<CollectorState, string>> = {
  up: 'Up',
  failing: 'Failing',
  unobserved: 'Not observed',
  paused: 'Paused',
}

/** One that reads only a part is up, and says that something is missing. */
export function markOf({ state, problems }: Pick<CollectorStatus, 'state' | 'problems'>): Mark {
  return state === 'up' && problems.length > 0 ? 'degraded' : marks[state]
}

export function wordOf({ state, problems, lastAt }: Pick<CollectorStatus, 'state' | 'problems' | 'lastAt'>): string {
  if (state === 'unobserved' && lastAt === null) return 'Waiting'
  return state === 'up' && problems.length > 0 ? 'Partly read' : words[state]
}

const order: readonly CollectorState[] = ['failing', 'unobserved', 'up', 'paused']

/** The worst first, then by name. */
export function worstFirst(collectors: readonly CollectorStatus[]): CollectorStatus[] {
  const rank = ({ state, problems }: CollectorStatus) => order.indexOf(state) - (problems.length > 0 ? 0.5 : 0)
  return collectors.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

/** Whether what is shown of it is older than two of its intervals. */
export function isOld({ enabled, lastAt, everyMs }: CollectorStatus, now: number): boolean {
  return enabled && isTooOld(lastAt, everyMs, consoleTime(now))
}
