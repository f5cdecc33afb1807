/** Which checks the overview shows, and in which order: what needs a person first. */
import type { CheckView, TimelineState } from '#shared/contract/checks.ts'

const ranks: Readonly<Record<TimelineState, number>> = {
  down: 0,
  degraded: 2,
  unknown: 3,
  maintenance: 5,
  unobserved: 6,
  up: 7,
}
/** A check that is being confirmed as worse stands between those that are and those that are not. */
const confirmingRank = 1

/** Worst first; among equals what changed last, for it is the news; the quiet ones by name. */
export function worstFirst(checks: readonly CheckView[]): readonly CheckView[] {
  return [...checks].sort((a, b) => {
    const [x, y] = [rankOf(a), rankOf(b)]
    if (x !== y) return x - y
    return x < ranks.unobserved ? b.stateSince - a.stateSince : a.name.localeCompare(b.name)
  })
}

/** Whether a person should look at it. */
export function isAbnormal(check: CheckView): boolean {
  return rankOf(check) < ranks.maintenance
}

function rankOf({ state, confirming }: CheckView): number {
  const isWorsening = state === 'up' && confirming !== null && confirming.toward !== 'up'
  return isWorsening ? confirmingRank : ranks[state]
}
