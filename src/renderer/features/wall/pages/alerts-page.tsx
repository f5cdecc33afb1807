import type { WallContent } from '#shared/contract/walls.ts'
import { formatAge } from '../../../format/duration.ts'
import { formatCount } from '../../../format/unit.ts'
import { cx } from '../../../ui/class-names.ts'
import { StateMark } from '../../../ui/state-mark.tsx'
import css from '../wall.module.css'
import type { WallSize } from '../wall-size.ts'
import { Nothing } from './nothing.tsx'

/** What fires, the newest first, a line each. */
export function AlertsPage(props: {
  readonly content: Extract<WallContent, { kind: 'alerts' }>
  readonly size: WallSize
  readonly now: number
}) {
  const { content, size, now } = props
  const { alerts } = content
  if (alerts.length === 0) return <Nothing title="No alert is firing" isGood />
  const fits = alerts.length + content.more <= size.lines
  const shown = fits ? alerts : alerts.slice(0, Math.max(1, size.lines - 1))
  const rest = alerts.length + content.more - shown.length
  return (
    <ul className={cx(css['lines'])} aria-label="Firing alerts, the newest first">
      {shown.map((alert) => (
        <li key={alert.id} className={cx(css['line'], alert.isAcknowledged && css['quiet'])}>
          <StateMark state={alert.severity} word={null} />
          <span className={cx(css['lineText'])}>{alert.title}</span>
          {alert.isAcknowledged && <span className={cx(css['quiet'])}>taken</span>}
          <span className={cx(css['age'])}>{formatAge(now - alert.since)}</span>
        </li>
      ))}
      {rest > 0 && <li className={cx(css['line'], css['quiet'])}>and {formatCount(rest)} more</li>}
    </ul>
  )
}
