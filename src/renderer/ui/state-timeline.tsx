/** State intervals over a range, drawn to scale. Hover, or focus and use the arrow keys, to read them one by one. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import type { StateInterval } from '#shared/contract/checks.ts'
import { formatDuration } from '../format/duration.ts'
import { formatInstant } from '../format/instant.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from './class-names.ts'
import { markWord, StateMark } from './state-mark.tsx'
import css from './state-timeline.module.css'

interface StateTimelineProps {
  readonly label: string
  /** Oldest first, without gaps. */
  readonly intervals: readonly StateInterval[]
  /** Half-open, epoch ms: the two edges of the picture. */
  readonly range: { readonly from: number; readonly to: number }
  readonly height?: number
}

export function StateTimeline({ label, intervals, range, height = 28 }: StateTimelineProps) {
  const zone = useZone()
  const [cursor, setCursor] = useState<number | null>(null)
  const read = cursor === null ? undefined : intervals[Math.min(cursor, intervals.length - 1)]
  const span = range.to - range.from
  const shareOf = (at: number) => (Math.min(range.to, Math.max(range.from, at)) - range.from) / span

  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const at = range.from + ((event.clientX - box.left) / box.width) * span
    const index = intervals.findIndex((interval) => interval.from <= at && at < interval.to)
    setCursor(index < 0 ? null : index)
  }
  const press = (event: KeyboardEvent) => {
    const from = cursor ?? intervals.length
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: intervals.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setCursor(Math.max(0, Math.min(intervals.length - 1, to)))
  }
  return (
    <div className={cx(css['timeline'])}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-readonly
        aria-valuemin={0}
        aria-valuemax={Math.max(0, intervals.length - 1)}
        aria-valuenow={cursor ?? Math.max(0, intervals.length - 1)}
        aria-valuetext={told(read ?? intervals.at(-1), zone)}
        className={cx(css['bar'])}
        style={{ height }}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
        onKeyDown={press}
        onBlur={() => setCursor(null)}
      >
        {intervals.map((interval) => {
          const left = shareOf(interval.from)
          const share = shareOf(interval.to) - left
          if (share <= 0) return null
          return (
            <span
              key={interval.from}
              className={cx(css['interval'], css[interval.state], interval === read && css['read'])}
              style={{ left: `${left * 100}%`, width: `${share * 100}%` }}
            />
          )
        })}
      </div>
      <div className={cx(css['reading'])}>
        {read ? (
          <>
            <StateMark state={read.state} />
            <span className={cx(css['when'])}>
              {formatInstant(read.from, zone)} – {formatInstant(read.to, zone)} ({formatDuration(read.to - read.from)})
            </span>
            <span className={cx(css['reason'])}>{read.reason.message}</span>
          </>
        ) : (
          <>
            <span>{formatInstant(range.from, zone)}</span>
            <span className={cx(css['end'])}>{formatInstant(range.to, zone)}</span>
          </>
        )}
      </div>
    </div>
  )
}

function told(interval: StateInterval | undefined, zone: string): string {
  if (!interval) return 'nothing observed'
  const length = formatDuration(interval.to - interval.from)
  return `${markWord(interval.state)} from ${formatInstant(interval.from, zone)} for ${length}. ${interval.reason.message}`
}
