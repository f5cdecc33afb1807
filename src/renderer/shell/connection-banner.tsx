import { useConnection } from '../client/use-connection.ts'
import { formatAge } from '../format/duration.ts'
import { formatClock } from '../format/instant.ts'
import { useNow } from '../format/use-now.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import { StateMark } from '../ui/state-mark.tsx'
import css from './banner.module.css'

/** A break this short is not worth a word. */
const toldAfterMs = 1500

/** Says that the console cannot be reached, since when, and that what is shown is from then. */
export function ConnectionBanner() {
  const { lostAt } = useConnection()
  const now = useNow()
  const zone = useZone()
  if (lostAt === null || now - lostAt < toldAfterMs) return null
  return (
    <div className={cx(css['banner'], css['lost'])} role="status">
      <StateMark state="unknown" word={null} />
      <span>
        <strong>Belfry cannot be reached</strong> since {formatClock(lostAt, zone)} ({formatAge(now - lostAt)}). What
        you see is from then. Trying again; if it was stopped, start it and this page comes back by itself.
      </span>
    </div>
  )
}
