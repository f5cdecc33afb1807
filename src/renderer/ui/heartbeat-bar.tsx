/**
 * The last stretch of a check as equal beats, oldest first. Height tells the state as well as colour does: down fills
 * the bar, up is low, and time nobody looked is a line on the ground. One focus stop; the arrow keys read beat by beat.
 */
import { type KeyboardEvent, memo, type PointerEvent, useState } from 'react'
import type { TimelineState } from '#shared/contract/checks.ts'
import { formatDuration } from '../format/duration.ts'
import { formatShort } from '../format/instant.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from './class-names.ts'
import css from './heartbeat-bar.module.css'
import { markWord } from './state-mark.tsx'

export interface Beat {
  readonly from: number
  readonly to: number
  readonly state: TimelineState
  readonly downMs: number
}

interface HeartbeatBarProps {
  /** Whose: part of the accessible name. */
  readonly label: string
  /** Oldest first. Empty: nothing is known yet. */
  readonly beats: readonly Beat[]
  readonly height?: number
}

/** Of the bar's height, per state. */
const heights: Readonly<Record<TimelineState, number>> = {
  up: 0.55,
  degraded: 0.8,
  down: 1,
  unknown: 0.55,
  maintenance: 0.55,
  unobserved: 0.1,
}

const pitch = 5
const width = 3

export const HeartbeatBar = memo(function HeartbeatBar({ label, beats, height = 20 }: HeartbeatBarProps) {
  const zone = useZone()
  const [cursor, setCursor] = useState<number | null>(null)
  const read = cursor === null ? undefined : beats[Math.min(cursor, beats.length - 1)]
  const newest = beats.at(-1)

  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - box.left) / box.width) * beats.length)
    setCursor(Math.max(0, Math.min(beats.length - 1, index)))
  }
  const press = (event: KeyboardEvent) => {
    const from = cursor ?? beats.length - 1
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: beats.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    setCursor(Math.max(0, Math.min(beats.length - 1, to)))
  }
  const told = (beat: Beat | undefined) => (beat ? spoken(beat, zone, newest?.to ?? beat.to) : 'nothing observed yet')

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${label}, heartbeat`}
      aria-readonly
      aria-valuemin={0}
      aria-valuemax={Math.max(0, beats.length - 1)}
      aria-valuenow={cursor ?? Math.max(0, beats.length - 1)}
      aria-valuetext={told(read ?? newest)}
      className={cx(css['bar'])}
      style={{ height }}
      onPointerMove={beats.length > 0 ? point : undefined}
      onPointerLeave={() => setCursor(null)}
      onKeyDown={beats.length > 0 ? press : undefined}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && setCursor(beats.length - 1)}
      onBlur={() => setCursor(null)}
    >
      <svg
        viewBox={`0 0 ${Math.max(1, beats.length) * pitch - (pitch - width)} ${height}`}
        preserveAspectRatio="none"
        className={cx(css['beats'])}
        aria-hidden="true"
      >
        {pathsOf(beats, height).map(({ state, d }) => (
          <path key={state} d={d} className={cx(css[state])} />
        ))}
        {read && cursor !== null && (
          <rect x={cursor * pitch - 1} y={0} width={width + 2} height={height} className={cx(css['cursor'])} />
        )}
      </svg>
      {read && cursor !== null && (
        <span
          className={cx(css['reading'], cursor > beats.length / 2 && css['atEnd'])}
          style={cursor > beats.length / 2 ? { right: 0 } : { left: 0 }}
        >
          {told(read)}
        </span>
      )}
    </div>
  )
})

/** One path a state: a bar of any length is at most six elements. */
function pathsOf(beats: readonly Beat[], height: number): { state: TimelineState; d: string }[] {
  const paths = new Map<TimelineState, string>()
  for (const [index, beat] of beats.entries()) {
    const tall = Math.max(1.5, heights[beat.state] * height)
    const d = `M${index * pitch} ${height}v${-tall}h${width}v${tall}z`
    paths.set(beat.state, (paths.get(beat.state) ?? '') + d)
  }
  return [...paths].map(([state, d]) => ({ state, d }))
}

function spoken(beat: Beat, zone: string, now: number): string {
  const span = `${formatShort(beat.from, zone, now)}–${formatShort(beat.to, zone, now)}`
  const down = beat.downMs > 0 ? `, down ${formatDuration(beat.downMs)}` : ''
  return `${span} ${markWord(beat.state)}${down}`
}
