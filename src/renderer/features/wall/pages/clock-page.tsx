import { useMemo } from 'react'
import { formatClock, zoneName } from '../../../format/instant.ts'
import { cx } from '../../../ui/class-names.ts'
import css from '../wall.module.css'

/** Eight characters at three fifths of their height each, and some air. */
const clockWidth = 5.2
const largestUnits = 9

export function ClockPage(props: {
  readonly title: string
  readonly now: number
  readonly zone: string
  readonly widthUnits: number
}) {
  const { now, zone, widthUnits } = props
  const day = useMemo(
    () =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
      }),
    [zone],
  )
  const units = Math.min(largestUnits, widthUnits / clockWidth)
  return (
    <div className={cx(css['clockPage'])}>
      <span className={cx(css['bigClock'])} style={{ fontSize: `calc(var(--u) * ${units})` }}>
        {formatClock(now, zone)}
      </span>
      <span className={cx(css['date'])}>{day.format(now)}</span>
      <span className={cx(css['quiet'])}>
        {zone.replaceAll('_', ' ')}, {zoneName(now, zone)}
      </span>
    </div>
  )
}
