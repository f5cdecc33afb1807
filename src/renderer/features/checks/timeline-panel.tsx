/** The state over the range, drawn to scale, with totals that add up to the whole range. */
import type { CheckView, StateTotals, TimelineState, Uptime } from '#shared/contract/checks.ts'
import { useCall } from '../../client/use-call.ts'
import { useEvent } from '../../client/use-event.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatRatio } from '../../format/unit.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { useRange } from '../../time-range/use-range.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import { StateTimeline } from '../../ui/state-timeline.tsx'
import css from './timeline-panel.module.css'

/** Worst first; all six are accounted for, whether they occurred or not. */
const accounted: readonly TimelineState[] = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'unobserved']

const leastPauseMs = 2000
/** A moving timeline is asked for again when it has moved by this share of itself. */
const visibleShare = 1 / 300

export function TimelinePanel({ check }: { readonly check: CheckView }) {
  const range = useRange()
  const { from, to } = range
  const timeline = useCall('checks.timeline', () => ({ id: check.id, range: range.ofThisMoment() }), {
    key: `${check.id} ${range.isMoving ? range.key : `${from} ${to}`}`,
    everyMs: range.isMoving ? 15_000 : 3_600_000,
  })
  useEvent('checks.changed', (changed) => {
    if (changed.id !== check.id || !range.isMoving) return
    const isNews = changed.state !== timeline.data?.intervals.at(-1)?.state
    const ageMs = Date.now() - (timeline.dataAt ?? 0)
    if (isNews || ageMs >= Math.max(leastPauseMs, (to - from) * visibleShare)) timeline.refetch()
  })
  return (
    <Panel title="State over time" note={<StaleBadge of={timeline} />} actions={<TimeRangePicker />}>
      <Answer of={timeline} what="The timeline" loading={<Skeleton height={96} />}>
        {({ intervals, totals, uptime }) => (
          <div className={cx(css['content'])}>
            <StateTimeline
              label={`State of ${check.name}`}
              intervals={intervals}
              range={{ from: intervals[0]?.from ?? from, to: intervals.at(-1)?.to ?? to }}
            />
            <Totals totals={totals} uptime={uptime} />
          </div>
        )}
      </Answer>
    </Panel>
  )
}

function Totals({ totals, uptime }: { readonly totals: StateTotals; readonly uptime: Uptime }) {
  const windowMs = accounted.reduce((sum, state) => sum + totals[state], 0)
  return (
    <div className={cx(css['totals'])}>
      <dl className={cx(css['headline'])}>
        <div>
          <dt>Availability</dt>
          <dd>{formatRatio(uptime.availabilityRatio, 3)}</dd>
        </div>
        <div>
          <dt>Coverage</dt>
          <dd>{formatRatio(uptime.coverageRatio, 1)}</dd>
        </div>
      </dl>
      <table className={cx(css['table'])} aria-label="Time per state">
        <tbody>
          <tr>
            {accounted.map((state) => (
              <th key={state} scope="col" className={cx(totals[state] === 0 && css['none'])}>
                <StateMark state={state} word={markWord(state)} />
              </th>
            ))}
            <th scope="col">Window</th>
          </tr>
          <tr>
            {accounted.map((state) => (
              <td key={state} className={cx(totals[state] === 0 && css['none'])}>
                {totals[state] === 0 ? '0 s' : formatDuration(totals[state])}
                <span className={cx(css['share'])}>
                  {formatRatio(windowMs === 0 ? null : totals[state] / windowMs, 1)}
                </span>
              </td>
            ))}
            <td>
              {formatDuration(windowMs)}
              <span className={cx(css['share'])}>100 %</span>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}
