/** Alerts that speak of this check: those that are active, then the last ones that were. */
import type { CheckView } from '#shared/contract/checks.ts'
import { useCall } from '../../client/use-call.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { alertTitle } from '../../live/use-active-alerts.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './check-screen.module.css'

const shown = 20

export function CheckAlertsPanel({ check }: { readonly check: CheckView }) {
  const now = useNow()
  const zone = useZone()
  const alerts = useCall(
    'alerts.list',
    { states: ['pending', 'firing', 'recovering', 'resolved'], labels: [`check=${check.id}`], limit: shown },
    { on: { 'alerts.changed': 'refetch' }, atMostEveryMs: 1000 },
  )
  return (
    <Panel title="Alerts of this check" note={<StaleBadge of={alerts} />} isPadded={false}>
      <Answer of={alerts} what="Alerts" loading={<Skeleton height={80} />}>
        {({ alerts: list }) =>
          list.length === 0 ? (
            <EmptyState title="No alert yet">Rules that speak of this check have not fired.</EmptyState>
          ) : (
            <ul>
              {list.map((alert) => (
                <li key={alert.id} className={cx(css['alert'])}>
                  <StateMark state={alert.state === 'resolved' ? 'resolved' : alert.severity} />
                  <Link to="alert" params={{ id: alert.id }} className={cx(css['alertTitle'])}>
                    {alertTitle(alert)}
                  </Link>
                  <span className={cx(css['alertFacts'])}>
                    {alert.state} · {formatInstant(alert.firedAt ?? alert.activeAt, zone)} ·{' '}
                    {formatDuration((alert.resolvedAt ?? now) - (alert.firedAt ?? alert.activeAt))}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}
