import { useSyncExternalStore } from 'react'
import { formatInstant } from '../format/instant.ts'
import { formatScaled, scaleFor, type Unit } from '../format/unit.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import type { ChartSeries } from './chart-view.ts'
import { newestOf } from './column-math.ts'
import { crosshair } from './crosshair.ts'
import { seriesStyle } from './series-colors.ts'
import css from './time-series-chart.module.css'

interface ChartLegendProps {
  readonly unit: Unit
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly stepMs: number
  /** The chart's own end of the value axis, so that both share a scale. */
  readonly max: number | undefined
}

/** Each series with its value at the crosshair, or its newest one. */
export function ChartLegend({ times, series, unit, stepMs, max }: ChartLegendProps) {
  const zone = useZone()
  const at = useSyncExternalStore(crosshair.subscribe, () => crosshair.at)
  const index = at === null ? -1 : stepIndex(times, at, stepMs)
  const largest = series.reduce(
    (top, { values }) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), top),
    max ?? 0,
  )
  const scale = scaleFor(unit, largest)
  const readAt = times[index]
  return (
    <>
      <ul className={cx(css['legend'])}>
        {series.map(({ id, label, values, style }, position) => {
          const { token, dash } = seriesStyle(style ?? position)
          const value = at === null ? newestOf(values) : (values[index] ?? null)
          return (
            <li key={id} className={cx(css['entry'])}>
              <svg
                width="14"
                height="8"
                aria-hidden="true"
                className={cx(css['swatch'])}
                style={{ color: `var(${token})` }}
              >
                <line
                  x1="0"
                  x2="14"
                  y1="4"
                  y2="4"
                  stroke="currentColor"
                  strokeWidth="2"
                  strokeDasharray={dash.join(' ')}
                />
              </svg>
              <span className={cx(css['name'])} title={label}>
                {label}
              </span>
              <span className={cx(css['value'])}>{formatScaled(value, scale)}</span>
            </li>
          )
        })}
      </ul>
      {readAt !== undefined && at !== null && <time className={cx(css['at'])}>{formatInstant(readAt, zone)}</time>}
    </>
  )
}

/** Index of the step that holds `at`; -1 outside of all steps. */
function stepIndex(times: readonly number[], at: number, stepMs: number): number {
  const first = times[0]
  if (first === undefined || stepMs <= 0) return -1
  const index = Math.floor((at - first) / stepMs)
  return index >= 0 && index < times.length ? index : -1
}
