import { useSyncExternalStore } from 'react'
import { formatInstant } from '../format/instant.ts'
import { formatScaled, scaleFor, type Unit } from '../format/unit.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import type { ChartSeries } from './chart-content.ts'
import { tokenOf } from './chart-datasets.ts'
import { newestOf, type Values } from './column-math.ts'
import { crosshair } from './crosshair.ts'
import { formatReading } from './reading.ts'
import { seriesStyle } from './series-colors.ts'
import css from './time-series-chart.module.css'

export interface LegendColumn {
  /** `max`, `avg`. */
  readonly title: string
  readonly of: (values: Values) => number | null
}

export interface LegendStyle {
  readonly mode: 'hidden' | 'list' | 'table'
  readonly place: 'bottom' | 'right'
  /** Instead of the newest value. */
  readonly columns: readonly LegendColumn[]
  /** More are counted; the table twin has all. */
  readonly most: number
}

export const listLegend: LegendStyle = { mode: 'list', place: 'bottom', columns: [], most: 60 }

interface ChartLegendProps {
  readonly unit: Unit
  readonly suffix: string
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly stepMs: number
  /** The chart's own end of the value axis, so that both share a scale. */
  readonly max: number | undefined
  readonly legend: LegendStyle
  readonly rightUnit?: Unit
}

/** Each series with its value at the crosshair, or its newest one. */
export function ChartLegend({ times, series, unit, suffix, stepMs, max, legend, rightUnit }: ChartLegendProps) {
  const zone = useZone()
  const at = useSyncExternalStore(crosshair.subscribe, () => crosshair.at)
  const index = at === null ? -1 : stepIndex(times, at, stepMs)
  const largest = series.reduce(
    (top, { values }) =>
      values.reduce<number>(
        (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value ?? 0)) : most),
        top,
      ),
    max ?? 0,
  )
  const scale = scaleFor(unit, largest)
  const readAt = times[index]
  const shown = series.slice(0, legend.most)
  const written = (one: ChartSeries, value: number | null) => {
    if (one.axis === 'right' && rightUnit) return formatReading(value, rightUnit)
    if (value === null || !Number.isFinite(value) || suffix !== '') return formatReading(value, unit, suffix)
    return unit.startsWith('instant') ? formatReading(value, unit) : formatScaled(value, scale)
  }
  const current = (one: ChartSeries) => (at === null ? newestOf(one.values) : (one.values[index] ?? null))
  const hidden = series.length - shown.length
  if (legend.mode === 'table') {
    return (
      <table className={cx(css['legendTable'])}>
        <thead>
          <tr>
            <th scope="col">{readAt !== undefined && at !== null ? formatInstant(readAt, zone) : 'Name'}</th>
            {legend.columns.map(({ title }) => (
              <th key={title} scope="col" className={cx(css['number'])}>
                {title}
              </th>
            ))}
            {legend.columns.length === 0 && (
              <th scope="col" className={cx(css['number'])}>
                now
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((one, position) => (
            <tr key={one.id}>
              <td title={one.label}>
                <span className={cx(css['named'])}>
                  <Swatch series={one} position={position} /> {one.label}
                </span>
              </td>
              {legend.columns.map(({ title, of }) => (
                <td key={title} className={cx(css['number'])}>
                  {written(one, of(one.values))}
                </td>
              ))}
              {legend.columns.length === 0 && <td className={cx(css['number'])}>{written(one, current(one))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    )
  }
  return (
    <>
      <ul className={cx(css['legend'])}>
        {shown.map((one, position) => (
          <li key={one.id} className={cx(css['entry'])}>
            <Swatch series={one} position={position} />
            <span className={cx(css['name'])} title={one.label}>
              {one.label}
            </span>
            {legend.columns.length === 0 || at !== null ? (
              <span className={cx(css['value'])}>{written(one, current(one))}</span>
            ) : (
              legend.columns.map(({ title, of }) => (
                <span key={title} className={cx(css['value'])}>
                  <span className={cx(css['name'])}>{title}</span> {written(one, of(one.values))}
                </span>
              ))
            )}
          </li>
        ))}
        {hidden > 0 && <li className={cx(css['more'])}>and {hidden} more</li>}
      </ul>
      {readAt !== undefined && at !== null && <time className={cx(css['at'])}>{formatInstant(readAt, zone)}</time>}
    </>
  )
}

function Swatch({ series, position }: { readonly series: ChartSeries; readonly position: number }) {
  const { dash } = seriesStyle(series.style ?? position)
  return (
    <svg
      width="14"
      height="8"
      aria-hidden="true"
      className={cx(css['swatch'])}
      style={{ color: `var(${tokenOf(series, position)})` }}
    >
      <line
        x1="0"
        x2="14"
        y1="4"
        y2="4"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray={series.token === undefined ? dash.join(' ') : ''}
      />
    </svg>
  )
}

/** Index of the step that holds `at`; -1 outside of all steps. */
function stepIndex(times: readonly number[], at: number, stepMs: number): number {
  const first = times[0]
  if (first === undefined || stepMs <= 0) return -1
  const index = Math.floor((at - first) / stepMs)
  return index >= 0 && index < times.length ? index : -1
}
