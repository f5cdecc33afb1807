/**
 * The one chart of the console: series over the range of all screens. Hovering reads all charts at that instant and
 * holds them still, dragging zooms in, the header names each line with its value; a table says the same without a picture.
 */
import { ChartLine, Table2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Unit } from '../format/unit.ts'
import { useAppearance, useZone } from '../theme/appearance.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { ChartLegend } from './chart-legend.tsx'
import { ChartTable } from './chart-table.tsx'
import { type ChartSeries, type ChartView, createChartView, type Threshold } from './chart-view.ts'
import { drawSoon } from './frame-queue.ts'
import css from './time-series-chart.module.css'
import { useOnScreen } from './use-on-screen.ts'
import { usePlotPointer } from './use-plot-pointer.ts'

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
  /** Only the lines, this thick; what they are and how large stands beside the chart. */
  readonly bareStrokePx?: number
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
    bareStrokePx,
  } = props
  const zone = useZone()
  const theme = useAppearance((appearance) => appearance.resolvedTheme)
  const [isTable, setTable] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const view = useRef<ChartView | null>(null)
  const isOnScreen = useOnScreen(frame)
  const { redraw, handlers } = usePlotPointer(view, overlay, isOnScreen, props.onBrush)

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
      made.draw({ unit, times, stepMs, series, range, isStacked, min, max, thresholds, zone, bareStrokePx })
      redraw()
    })
  }, [
    unit,
    times,
    stepMs,
    series,
    range,
    isStacked,
    min,
    max,
    thresholds,
    zone,
    bareStrokePx,
    theme,
    isTable,
    isOnScreen,
    redraw,
  ])

  if (bareStrokePx !== undefined) {
    return (
      <div className={cx(css['plot'])} style={{ height }} ref={frame}>
        <canvas ref={canvas} role="img" aria-label={title} />
      </div>
    )
  }
  return (
    <figure className={cx(css['figure'])} aria-label={title} ref={frame}>
      <figcaption className={cx(css['caption'])}>
        <ChartLegend unit={unit} times={times} series={series} stepMs={stepMs} max={max} />
        <IconButton
          label={isTable ? 'Show as chart' : 'Show as table'}
          icon={isTable ? ChartLine : Table2}
          onPress={() => setTable(!isTable)}
        />
      </figcaption>
      {isTable ? (
        <ChartTable title={title} unit={unit} times={times} series={series} height={height} />
      ) : (
        <div className={cx(css['plot'], props.onBrush && css['brushable'])} style={{ height }} {...handlers}>
          <canvas ref={canvas} role="img" aria-label={`${title}, chart; "Show as table" has its numbers`} />
          <canvas ref={overlay} className={cx(css['overlay'])} />
        </div>
      )}
    </figure>
  )
}
