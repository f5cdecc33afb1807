/**
 * The one chart of the console: series over the range of all screens. Hovering reads all charts at that instant,
 * dragging zooms in, the header names each line with its value; a table says the same without a picture.
 */
import { ChartLine, Table2 } from 'lucide-react'
import { type PointerEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { formatInstant } from '../format/instant.ts'
import { formatScaled, scaleFor, type Unit } from '../format/unit.ts'
import { useAppearance, useZone } from '../theme/appearance.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { ChartTable } from './chart-table.tsx'
import { type ChartSeries, type ChartView, createChartView, type Threshold } from './chart-view.ts'
import { newestOf } from './column-math.ts'
import { crosshair } from './crosshair.ts'
import { drawSoon } from './frame-queue.ts'
import { drawOverlay } from './overlay.ts'
import { seriesStyle } from './series-colors.ts'
import css from './time-series-chart.module.css'
import { useOnScreen } from './use-on-screen.ts'

export interface TimeSeriesChartProps {
  /** Names the chart to those who do not see it; shown by the panel around it. */
  readonly title: string
  readonly unit: Unit
  /** Ascending, epoch ms: the start of each step. */
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Half-open, epoch ms. */
  readonly range: { readonly from: number; readonly to: number }
  /** Distance between `times`; values are read from the step the crosshair is in. */
  readonly stepMs: number
  readonly isStacked?: boolean
  readonly min?: number
  readonly max?: number
  readonly thresholds?: readonly Threshold[]
  /** In pixels. Default 180. */
  readonly height?: number
  /** A range was brushed: zoom there. Without it the chart cannot be brushed. */
  readonly onBrush?: (range: { readonly from: number; readonly to: number }) => void
}

const none: readonly Threshold[] = []

export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const {
    title,
    unit,
    times,
    stepMs,
    series,
    range,
    isStacked = false,
    min,
    max,
    thresholds = none,
    height = 180,
  } = props
  const zone = useZone()
  const theme = useAppearance((appearance) => appearance.resolvedTheme)
  const [isTable, setTable] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const view = useRef<ChartView | null>(null)
  const brush = useRef<{ readonly fromX: number; toX: number } | null>(null)
  const isOnScreen = useOnScreen(frame)

  useEffect(() => {
    if (isTable || !canvas.current) return
    const made = createChartView(canvas.current)
    view.current = made
    return () => {
      view.current = null
      made.close()
    }
  }, [isTable])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme or of table must draw anew
  useEffect(() => {
    const made = view.current
    if (!made || !isOnScreen) return
    return drawSoon(made, () => {
      made.draw({ unit, times, stepMs, series, range, isStacked, min, max, thresholds, zone })
      redraw()
    })
  }, [unit, times, stepMs, series, range, isStacked, min, max, thresholds, zone, theme, isTable, isOnScreen])

  const redraw = () => {
    if (overlay.current && view.current) drawOverlay(overlay.current, view.current, crosshair.at, brush.current)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: redraw reads refs only
  useEffect(() => (isOnScreen ? crosshair.subscribe(redraw) : undefined), [isOnScreen])

  const xOf = (event: PointerEvent<HTMLElement>) => {
    const { left, right } = view.current?.area ?? { left: 0, right: 0 }
    return Math.min(right, Math.max(left, event.clientX - event.currentTarget.getBoundingClientRect().left))
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    if (!view.current) return
    const x = xOf(event)
    if (brush.current) brush.current.toX = x
    crosshair.set(view.current.instantAt(x))
    if (brush.current) redraw()
  }
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (!props.onBrush || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    brush.current = { fromX: xOf(event), toX: xOf(event) }
  }
  const end = () => {
    const brushed = brush.current
    brush.current = null
    if (!view.current || !brushed) return
    const [from, to] = [brushed.fromX, brushed.toX].sort((a, b) => a - b)
    redraw()
    // Less than a few pixels is a click that shook.
    if (from === undefined || to === undefined || to - from < 6) return
    props.onBrush?.({ from: Math.floor(view.current.instantAt(from)), to: Math.ceil(view.current.instantAt(to)) })
  }

  return (
    <figure className={cx(css['figure'])} aria-label={title} ref={frame}>
      <figcaption className={cx(css['caption'])}>
        <Legend {...props} />
        <IconButton
          label={isTable ? 'Show as chart' : 'Show as table'}
          icon={isTable ? ChartLine : Table2}
          onPress={() => setTable(!isTable)}
        />
      </figcaption>
      {isTable ? (
        <ChartTable title={title} unit={unit} times={times} series={series} height={height} />
      ) : (
        <div
          className={cx(css['plot'], props.onBrush && css['brushable'])}
          style={{ height }}
          onPointerMove={move}
          onPointerLeave={() => !brush.current && crosshair.set(null)}
          onPointerDown={begin}
          onPointerUp={end}
          onPointerCancel={() => {
            brush.current = null
            redraw()
          }}
        >
          <canvas ref={canvas} role="img" aria-label={`${title}, chart; "Show as table" has its numbers`} />
          <canvas ref={overlay} className={cx(css['overlay'])} />
        </div>
      )}
    </figure>
  )
}

/** Each series with its value at the crosshair, or its newest one. */
function Legend({ times, series, unit, stepMs, max }: TimeSeriesChartProps) {
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
