/** Always on top: how things stand, whether what is shown is live, how Belfry itself is, and what time it is. */
import { Pause, Play, Search } from 'lucide-react'
import type { CheckView, TimelineState } from '#shared/contract/checks.ts'
import type { Severity } from '#shared/contract/common.ts'
import { useConnection } from '../client/use-connection.ts'
import { formatClock, formatInstant, zoneName } from '../format/instant.ts'
import { useNow } from '../format/use-now.ts'
import { useActiveAlerts } from '../live/use-active-alerts.ts'
import { useChecks } from '../live/use-checks.ts'
import { Link } from '../navigation/link.tsx'
import { useZone } from '../theme/appearance.ts'
import { useRangeStore } from '../time-range/range-store.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import { markWord, StateMark } from '../ui/state-mark.tsx'
import { Unseen } from '../ui/unseen.tsx'
import { DataAge } from './data-age.tsx'
import { HealthButton } from './health-button.tsx'
import css from './status-bar.module.css'

const worstFirst: readonly TimelineState[] = ['down', 'degraded', 'unknown', 'maintenance', 'unobserved', 'up']

const severities: readonly Severity[] = ['critical', 'error', 'warning', 'info']
const isLoud = (severity: Severity) => severity === 'critical' || severity === 'error'

/** Their words give way first in a narrow window. */
const quiet: ReadonlySet<TimelineState> = new Set(['unknown', 'maintenance', 'unobserved'])

export function StatusBar({ onPalette }: { readonly onPalette: () => void }) {
  return (
    <header className={cx(css['bar'])}>
      <Counts />
      <div className={cx(css['end'])}>
        <Button variant="quiet" size="small" icon={Search} onPress={onPalette}>
          <Unseen>Go to or do anything </Unseen>
          <span className={cx(css['spare'])}>
            <Kbd keys="mod+k" />
          </span>
        </Button>
        <PlayButton />
        <HealthButton />
        <DataAge />
        <Clock />
      </div>
    </header>
  )
}

function Counts() {
  const checks = useChecks()
  const alerts = useActiveAlerts()
  const firing = alerts.data?.alerts.filter(({ state }) => state === 'firing') ?? []
  const worst = severities.find((severity) => firing.some((alert) => alert.severity === severity)) ?? 'info'
  const isOld = checks.isStale || alerts.isStale
  return (
    <nav aria-label="How things stand" className={cx(css['counts'], isOld && css['old'])}>
      {firing.length > 0 && (
        <Link to="alerts" className={cx(css['count'], isLoud(worst) && css['firing'])}>
          <StateMark state={worst} word={null} />
          <strong>{firing.length}</strong> firing
        </Link>
      )}
      {countsOf(checks.data ?? []).map(([state, count]) => (
        <Link key={state} to="checks" query={{ state }} title={markWord(state)} className={cx(css['count'])}>
          <StateMark state={state} word={null} />
          <strong>{count}</strong>
          <span className={cx(quiet.has(state) && css['spare'])} aria-hidden="true">
            {markWord(state).toLowerCase()}
          </span>
        </Link>
      ))}
      {checks.data?.length === 0 && <span className={cx(css['quiet'])}>No checks yet</span>}
      {checks.data === null && checks.failure && <span className={cx(css['quiet'])}>Checks could not be loaded</span>}
    </nav>
  )
}

function countsOf(checks: readonly CheckView[]): [TimelineState, number][] {
  return worstFirst
    .map((state): [TimelineState, number] => [state, checks.filter((check) => check.state === state).length])
    .filter(([, count]) => count > 0)
}

function PlayButton() {
  const { state } = useConnection()
  const { pausedAt, heldAt, pause, play } = useRangeStore()
  const zone = useZone()
  if (state !== 'open') return <span className={cx(css['lost'])}>{state === 'closed' ? 'Closed' : 'Reconnecting'}</span>
  if (pausedAt !== null) {
    return (
      <Button variant="secondary" size="small" icon={Play} onPress={play}>
        Paused at {formatClock(pausedAt, zone)}
      </Button>
    )
  }
  const word = heldAt === null ? 'Live' : 'Held'
  return (
    <Button
      variant="quiet"
      size="small"
      icon={Pause}
      aria-label={`${word}; pause all charts`}
      onPress={() => pause(Date.now())}
    >
      {word}
    </Button>
  )
}

function Clock() {
  const now = useNow()
  const zone = useZone()
  return (
    <time className={cx(css['clock'])} title={`${formatInstant(now, zone)} ${zone}`}>
      {formatClock(now, zone)} <span className={cx(css['quiet'])}>{zoneName(now, zone)}</span>
    </time>
  )
}
