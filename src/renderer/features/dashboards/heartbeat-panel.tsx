import { useMemo } from 'react'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { useCall } from '../../client/use-call.ts'
import { formatRatio } from '../../format/unit.ts'
import { useChecks } from '../../live/use-checks.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { HeartbeatBar } from '../../ui/heartbeat-bar.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './board.module.css'

const refresh = { everyMs: 30_000 } as const

export function HeartbeatPanel({
  panel,
  scope,
}: {
  readonly panel: Extract<Panel, { type: 'heartbeat' }>
  readonly scope: Scope
}) {
  const checks = useChecks()
  const fitting = useMemo(
    () => (checks.data ?? []).filter((check) => fits(check, panel.checks, scope)).slice(0, panel.limit),
    [checks.data, panel, scope],
  )
  return (
    <Answer of={checks} what="Checks">
      {() =>
        fitting.length === 0 ? (
          <p className={cx(css['nothing'])}>No check fits.</p>
        ) : (
          <Heartbeats title={panel.title || 'Checks'} checks={fitting} />
        )
      }
    </Answer>
  )
}

function Heartbeats({ title, checks }: { readonly title: string; readonly checks: readonly CheckView[] }) {
  const histories = useCall('checks.histories', { ids: checks.map(({ id }) => id) }, refresh)
  const byId = new Map<string, CheckHistory>((histories.data ?? []).map((history) => [history.id, history]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className={cx(css['scroller'])} tabIndex={0} aria-label={title}>
      <ul className={cx(css['heartbeats'])}>
        {checks.map((check) => {
          const history = byId.get(check.id)
          return (
            <li key={check.id} className={cx(css['heartbeat'])}>
              <Link to="check" params={{ id: check.id }} className={cx(css['checkName'])}>
                <StateMark state={check.state} word={null} /> {check.name}
              </Link>
              <HeartbeatBar label={check.name} beats={history?.bar ?? []} />
              <span className={cx(css['note'])}>{formatRatio(history?.uptime.day.availabilityRatio ?? null, 2)}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function fits(
  check: CheckView,
  { labels, text }: Extract<Panel, { type: 'heartbeat' }>['checks'],
  scope: Scope,
): boolean {
  const wanted = interpolate(text, scope).toLowerCase()
  const isNamed = check.name.toLowerCase().includes(wanted) || check.target.toLowerCase().includes(wanted)
  return isNamed && Object.entries(labels).every(([name, value]) => check.labels[name] === interpolate(value, scope))
}
