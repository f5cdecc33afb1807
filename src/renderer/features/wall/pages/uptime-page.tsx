import type { TimelineState } from '#shared/contract/checks.ts'
import type { WallContent } from '#shared/contract/walls.ts'
import { formatCount, formatRatio } from '../../../format/unit.ts'
import { cx } from '../../../ui/class-names.ts'
import { StateMark } from '../../../ui/state-mark.tsx'
import css from '../wall.module.css'
import type { WallSize } from '../wall-size.ts'
import { Nothing } from './nothing.tsx'

/** Of the bar's height: the state can be told by it as well. */
const heights: Readonly<Record<TimelineState, number>> = {
  up: 0.5,
  degraded: 0.75,
  down: 1,
  unknown: 0.5,
  maintenance: 0.5,
  unobserved: 0.12,
}

const pitch = 4
const beatWidth = 3
const barHeight = 20

/** A line for each check: its last day as a bar, and how much of day, week and month it was there. */
export function UptimePage(props: {
  readonly content: Extract<WallContent, { kind: 'uptime' }>
  readonly size: WallSize
}) {
  const { content, size } = props
  const { rows, more } = content
  if (rows.length === 0) return <Nothing title="No check belongs to this page" />
  const room = Math.max(1, size.lines - 1)
  const isAll = rows.length + more <= room
  const shown = isAll ? rows : rows.slice(0, Math.max(1, room - 1))
  const rest = rows.length + more - shown.length
  return (
    <table className={cx(css['uptimes'])}>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Last 24 h</th>
          <th scope="col">24 h</th>
          <th scope="col">7 d</th>
          <th scope="col">30 d</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <span className={cx(css['who'])}>
                <StateMark state={row.state} word={null} />
                <span className={cx(css['lineText'])}>{row.name}</span>
              </span>
            </th>
            <td>
              <Bar states={row.bar} />
            </td>
            <td>{formatRatio(row.dayRatio, 2)}</td>
            <td>{formatRatio(row.weekRatio, 2)}</td>
            <td>{formatRatio(row.monthRatio, 2)}</td>
          </tr>
        ))}
        {rest > 0 && (
          <tr>
            <td colSpan={5} className={cx(css['quiet'])}>
              and {formatCount(rest)} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

function Bar({ states }: { readonly states: readonly TimelineState[] }) {
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, states.length) * pitch} ${barHeight}`}
      preserveAspectRatio="none"
      className={cx(css['bar'])}
      aria-hidden="true"
    >
      {[...new Set(states)].map((state) => (
        <path key={state} d={beatsOf(states, state)} className={cx(css[`fill-${state}`])} />
      ))}
    </svg>
  )
}

/** One path for all beats of a state. */
function beatsOf(states: readonly TimelineState[], wanted: TimelineState): string {
  const tall = barHeight * heights[wanted]
  return states
    .map((state, index) => (state === wanted ? `M${index * pitch} ${barHeight}v${-tall}h${beatWidth}v${tall}z` : ''))
    .join('')
}
