import { useMemo } from 'react'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { type CallState, useCall } from '../../client/use-call.ts'
import { formatAge, formatDuration } from '../../format/duration.ts'
import { formatCount, formatRatio } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useAge, useIsOld } from '../../live/data-age.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { HeartbeatBar } from '../../ui/heartbeat-bar.tsx'
import { Answer, StaleBadge } from '../../ui/placeholder.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import css from './overview.module.css'
import { isAbnormal, worstFirst } from './worst-first.ts'

/** More tiles than these are no overview; the worst are among them. */
const mostTiles = 60
const beats = 48

/** A tile for each check, the worst first. */
export function ChecksPanel({ checks }: { readonly checks: CallState<CheckView[]> }) {
  const shown = useMemo(() => worstFirst(checks.data ?? []).slice(0, mostTiles), [checks.data])
  const ids = useMemo(() => shown.map(({ id }) => id).sort(), [shown])
  const histories = useCall(
    'checks.histories',
    { ids, buckets: beats },
    { isEnabled: ids.length > 0, everyMs: 60_000, on: { 'checks.changed': 'refetch' }, atMostEveryMs: 10_000 },
  )
  const historyOf = useMemo(() => new Map(histories.data?.map((history) => [history.id, history])), [histories.data])
  const count = checks.data?.length ?? 0
  const unseen = checks.data?.filter(({ enabled, state }) => enabled && state === 'unobserved').length ?? 0
  const abnormal = checks.data?.filter(isAbnormal).length ?? 0
  return (
    <section aria-label="Checks" className={cx(css['checks'])}>
      <header className={cx(css['heading'])}>
        <h2>Checks</h2>
        <span className={cx(css['muted'])}>{summary(abnormal, count, unseen)}</span>
        <StaleBadge of={checks} />
      </header>
      <Answer of={checks} what="Checks">
        {() => (
          <ul className={cx(css['tiles'])}>
            {shown.map((check) => (
              <Tile key={check.id} check={check} history={historyOf.get(check.id)} />
            ))}
          </ul>
        )}
      </Answer>
      {count > shown.length && <Link to="checks">{formatCount(count - shown.length)} more checks</Link>}
    </section>
  )
}

function summary(abnormal: number, count: number, unseen: number): string {
  if (abnormal > 0)
    return `${formatCount(abnormal)} of ${formatCount(count)} ${abnormal === 1 ? 'needs' : 'need'} a look`
  if (unseen > 0) return `${formatCount(unseen)} of ${formatCount(count)} not observed`
  return count === 1 ? 'one, and it is well' : `all ${formatCount(count)} are well`
}

function Tile({ check, history }: { readonly check: CheckView; readonly history: CheckHistory | undefined }) {
  const now = useNow()
  const isOld = useIsOld(check)
  const ageMs = useAge(check)
  const { state, name, target, reason, stateSince, confirming, last } = check
  const isLoud = isAbnormal(check)
  return (
    <li className={cx(css['tile'], css[state], isLoud && css['loud'], isOld && css['old'])}>
      <div className={cx(css['tileHead'])}>
        <StateMark state={state} word={null} />
        <Link to="check" params={{ id: check.id }} className={cx(css['tileName'])} title={`${name}, ${target}`}>
          {name}
        </Link>
        <span className={cx(css['muted'])}>
          {state === 'up' ? '' : `${check.enabled ? markWord(state) : 'Paused'} ${formatAge(now - stateSince)}`}
        </span>
      </div>
      <p className={cx(css['tileText'])} title={isLoud || state === 'unobserved' ? reason.message : target}>
        {confirming
          ? `${markWord(confirming.toward)}? ${confirming.seen} of ${confirming.needed} results say so.`
          : isLoud || (state === 'unobserved' && check.enabled)
            ? reason.message
            : target}
      </p>
      <HeartbeatBar label={name} beats={history?.bar ?? []} height={18} />
      <div className={cx(css['tileFoot'])}>
        <span title="Availability of the last 24 h">
          {formatRatio(history?.uptime.day.availabilityRatio ?? null, 2)}
        </span>
        {check.enabled && ageMs !== null && (
          <span className={cx(isOld && css['oldAge'])} title="Age of what is shown">
            {isOld ? `no news for ${formatAge(ageMs)}` : ageMs < 1000 ? 'just now' : `${formatAge(ageMs)} ago`}
          </span>
        )}
        <span>
          {last && (last.outcome === 'up' || last.outcome === 'degraded') ? formatDuration(last.durationMs) : ''}
        </span>
      </div>
    </li>
  )
}
