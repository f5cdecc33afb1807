import { BellOff } from 'lucide-react'
import type { AlertView } from '#shared/contract/alerts.ts'
import { formatAge } from '../../format/duration.ts'
import { formatShort } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { alertTitle, useActiveAlerts } from '../../live/use-active-alerts.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './overview.module.css'

const most = 12

/** What rings, what is about to, and who has taken it. */
export function AlertsPanel() {
  const active = useActiveAlerts()
  const alerts = active.data?.alerts ?? []
  const firing = alerts.filter(({ state }) => state === 'firing').length
  return (
    <Panel
      title="Alerts"
      isPadded={false}
      note={
        <>
          {active.data && (firing === 0 ? 'nothing is firing' : `${firing} firing`)} <StaleBadge of={active} />
        </>
      }
    >
      <Answer of={active} what="Alerts">
        {() =>
          alerts.length === 0 ? (
            <EmptyState icon={BellOff} title="Nothing rings">
              Rules are being evaluated. What fires will be here first.
            </EmptyState>
          ) : (
            <ul className={cx(css['list'])}>
              {alerts.slice(0, most).map((alert) => (
                <AlertLine key={alert.id} alert={alert} />
              ))}
              {alerts.length > most && (
                <li className={cx(css['line'])}>
                  <Link to="alerts">{alerts.length - most} more alerts</Link>
                </li>
              )}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function AlertLine({ alert }: { readonly alert: AlertView }) {
  const now = useNow()
  const zone = useZone()
  const { acknowledgement, snoozedUntil, state, severity } = alert
  const notes = [
    state === 'pending' ? 'pending' : state === 'recovering' ? 'recovering' : null,
    acknowledgement && `taken by ${acknowledgement.by}`,
    snoozedUntil && snoozedUntil > now ? `snoozed until ${formatShort(snoozedUntil, zone, now)}` : null,
  ].filter(Boolean)
  return (
    <li className={cx(css['line'])}>
      <StateMark state={severity} word={null} />
      <div className={cx(css['lineText'])}>
        <Link to="alert" params={{ id: alert.id }} className={cx(css['lineTitle'])}>
          {alertTitle(alert)}
        </Link>
        {notes.length > 0 && <span className={cx(css['muted'])}>{notes.join(' · ')}</span>}
      </div>
      <span className={cx(css['muted'])}>{formatAge(now - (alert.firedAt ?? alert.activeAt))}</span>
    </li>
  )
}
