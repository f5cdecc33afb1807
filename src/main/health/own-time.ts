/** Tells of time that Belfry lost or that its clock skipped: each told once, and withdrawn by itself. */
import { watchOverGaps } from '#main/checks/watchfulness.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Timers } from '#main/ports.ts'
import { humanizeDuration } from '#shared/domain/humanize.ts'

/** What is over is shown for so long. */
const shownMs = 600_000
const lookEveryMs = 1000
/** Less than this is no setting of a clock but its daily care. */
const leastAheadMs = 10_000
const clockNotice = 'time.clock'
const asleepNotice = 'time.asleep'

/** Returns what stops it. */
export function watchOwnTime({
  clock,
  timers,
  notices,
}: {
  readonly clock: Clock
  readonly timers: Timers
  readonly notices: Pick<Notices, 'raise' | 'withdraw'>
}): () => void {
  const withdrawals = new Map<string, () => void>()
  let isAhead = false

  function tell(id: string, title: string, message: string) {
    withdrawals.get(id)?.()
    notices.raise({ id, level: 'info', title, message })
    withdrawals.set(
      id,
      timers.after(shownMs, () => notices.withdraw(id)),
    )
  }

  const gaps = watchOverGaps(clock, timers, ({ fromAt, toAt, cause }) => {
    const length = inWords(toAt - fromAt)
    if (cause === 'asleep') {
      const message = `This machine slept, or Belfry was stopped or held up, for ${length}. Nothing was watched meanwhile: that time is accounted as not observed, and no alert comes of it.`
      tell(asleepNotice, `Nobody watched for ${length}`, message)
    } else {
      const message = `The clock of this machine was set forward by ${length}. That time never was: it is accounted as not observed, and no alert comes of it.`
      tell(clockNotice, 'The clock was set forward', message)
    }
  })

  const stopLooking = timers.every(lookEveryMs, () => {
    const aheadMs = clock.aheadMs?.() ?? 0
    if (isAhead && aheadMs === 0) notices.withdraw(clockNotice)
    if (!isAhead && aheadMs >= leastAheadMs) {
      withdrawals.get(clockNotice)?.()
      withdrawals.delete(clockNotice)
      notices.raise({
        id: clockNotice,
        level: 'warning',
        title: 'The clock was set back',
        message: `The clock of this machine is ${inWords(aheadMs)} behind Belfry's. Belfry goes on from where it was, a little slower until the other has caught up, so that nothing is counted twice. If the clock is wrong, set it right.`,
      })
    }
    isAhead = aheadMs >= leastAheadMs || (isAhead && aheadMs > 0)
  })

  return () => {
    gaps.close()
    stopLooking()
    for (const stop of withdrawals.values()) stop()
  }
}

const inWords = (durationMs: number) => humanizeDuration(Math.round(durationMs / 1000))
