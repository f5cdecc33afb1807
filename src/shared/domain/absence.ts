/**
 * What became of checks while nobody looked at the console, from their timelines: which were in trouble and came back,
 * which still are, and in which stretches Belfry itself could not see. Pure.
 */
import type { Reason, StateInterval, TimelineState } from '../contract/checks.ts'

export interface WatchedCheck {
  readonly id: string
  readonly name: string
  readonly state: TimelineState
  /** Ascending, adjacent, within the stretch that is asked for. */
  readonly intervals: readonly StateInterval[]
}

export interface CheckNews {
  readonly id: string
  readonly name: string
  /** At the end of the stretch. */
  readonly state: TimelineState
  readonly worst: 'down' | 'degraded'
  /** How often it became that bad, at least once. */
  readonly times: number
  /** How long it was that bad, all times together. */
  readonly badMs: number
  /** When it last changed. */
  readonly at: number
}

/** A stretch in which Belfry could not see, with the same reason for all. */
export interface Blindness {
  readonly from: number
  readonly to: number
  readonly reason: Reason
  readonly checks: number
}

const leastBlindMs = 1000
/** The operator's own doing, or only the beginning of a check. */
const expected = new Set(['paused', 'removed', 'not-watched', 'confirming'])

/** Those that are still in trouble first, then the longest trouble. Empty when nothing was. */
export function checkNewsOf(checks: readonly WatchedCheck[]): CheckNews[] {
  const news = checks.flatMap(({ id, name, state, intervals }): CheckNews[] => {
    const worst = (['down', 'degraded'] as const).find((bad) => intervals.some((one) => one.state === bad))
    if (worst === undefined) return []
    const bad = intervals.filter((one) => one.state === worst)
    const times = intervals.filter((one, index) => one.state === worst && intervals[index - 1]?.state !== worst).length
    const badMs = bad.reduce((sum, { from, to }) => sum + to - from, 0)
    return [{ id, name, state, worst, times, badMs, at: intervals.at(-1)?.from ?? 0 }]
  })
  return news.sort((a, b) => rank(a) - rank(b) || b.badMs - a.badMs || a.name.localeCompare(b.name))
}

const rank = ({ state, worst }: CheckNews) => (state === 'down' ? 0 : state === worst ? 1 : worst === 'down' ? 2 : 3)

/** Ascending. Stretches of several checks that overlap and have the same reason are one. */
export function blindnessOf(checks: readonly WatchedCheck[]): Blindness[] {
  const stretches = checks.flatMap(({ intervals }) =>
    intervals.filter(
      ({ from, to, state, reason }) =>
        (state === 'unobserved' || state === 'unknown') && to - from >= leastBlindMs && !expected.has(reason.code),
    ),
  )
  const joined: Blindness[] = []
  const newest = new Map<string, number>()
  for (const { from, to, reason } of stretches.sort((a, b) => a.from - b.from)) {
    const index = newest.get(reason.code)
    const known = index === undefined ? undefined : joined[index]
    if (index !== undefined && known !== undefined && from <= known.to) {
      joined[index] = { ...known, to: Math.max(known.to, to), checks: Math.min(checks.length, known.checks + 1) }
    } else {
      newest.set(reason.code, joined.length)
      joined.push({ from, to, reason, checks: 1 })
    }
  }
  return joined
}
