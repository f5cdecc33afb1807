import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAgo } from '../../format/duration.ts'
import { useNow } from '../../format/use-now.ts'
import { alertTitle } from '../../live/use-active-alerts.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { Answer } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './board.module.css'

const refresh = { on: { 'alerts.changed': 'refetch' }, atMostEveryMs: 1000 } as const

export function AlertListPanel({
  panel,
  scope,
}: {
  readonly panel: Extract<Panel, { type: 'alert-list' }>
  readonly scope: Scope
}) {
  const now = useNow()
  const { states, severities, limit } = panel
  const labels = panel.labels.map((label) => interpolate(label, scope))
  const found = useCall('alerts.list', { states, severities, labels, limit }, refresh)
  return (
    <Answer of={found} what="Alerts">
      {({ alerts }) =>
        alerts.length === 0 ? (
          <p className={cx(css['nothing'])}>No alert is {states.join(' or ') || 'listed'}.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
          <section className={cx(css['scroller'])} tabIndex={0} aria-label={panel.title || 'Alerts'}>
            <ul className={cx(css['alerts'])}>
              {alerts.map((alert) => (
                <li key={alert.id}>
                  <Link to="alert" params={{ id: alert.id }} className={cx(css['alert'])}>
                    <StateMark state={alert.state === 'resolved' ? 'resolved' : alert.severity} word={null} />
                    <span className={cx(css['alertTitle'])}>{alertTitle(alert)}</span>
                    <span className={cx(css['note'])}>
                      {alert.state} {formatAgo(alert.resolvedAt ?? alert.firedAt ?? alert.activeAt, now)}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </Answer>
  )
}
