/**
 * A clock that never goes back. When the system's is set back, this one goes on from where it was, a little slower, until
 * the other has caught up: so nothing is recorded twice, no old state is taken for the present one, and no timer that
 * counts by it begins anew. What is set forward is followed at once.
 */
import type { Clock } from '../ports.ts'

/** As much slower while it waits, as NTP daemons slew; rates over a minute are off by as much. */
const slewRatio = 0.05
/** Further back than this the history is not worth waiting for: the clock was wrong for long. A day. */
const longestWaitMs = 86_400_000

export function steadyClock(
  system: Pick<Clock, 'now' | 'monotonicMs'>,
): Required<Pick<Clock, 'now' | 'monotonicMs' | 'aheadMs' | 'notBefore'>> {
  let shownAt = Number.NEGATIVE_INFINITY
  let shownMs = system.monotonicMs()
  const look = () => {
    const nowMs = system.monotonicMs()
    const systemAt = system.now()
    const leastAt = shownAt + (nowMs - shownMs) * (1 - slewRatio)
    shownAt = leastAt - systemAt > longestWaitMs ? systemAt : Math.max(systemAt, leastAt)
    shownMs = nowMs
    return shownAt
  }
  return {
    now: () => Math.floor(look()),
    monotonicMs: system.monotonicMs,
    aheadMs: () => Math.max(0, look() - system.now()),
    notBefore(at) {
      if (at - look() <= longestWaitMs) shownAt = Math.max(shownAt, at)
    },
  }
}
