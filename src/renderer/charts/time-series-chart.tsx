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
import type { ChartLook, ChartMark, ChartSeries, Threshold, ValueBand } from './chart-content.ts'
import { ChartLegend, type LegendStyle, listLegend } from './chart-legend.tsx'
import { ChartTable } from './chart-table.tsx'
import { type ChartView, createChartView } from './chart-view.ts'
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
  /** Memoised, as all that is drawn: another object draws anew. */
  readonly look?: ChartLook
  readonly bands?: readonly ValueBand[]
  readonly marks?: readonly ChartMark[]
  readonly legend?: LegendStyle
  /** After every number, where no unit fits. */
  readonly suffix?: string
  /** In pixels, or as high as what is around it. Default 180. */
  readonly height?: number | 'fill'
  /** Whether the table is shown, where a menu decides; otherwise the chart has a button of its own. */
  readonly isTable?: boolean
  /** Only the lines, this thick; what they are and how large stands beside the chart. */
  readonly bareStrokePx?: number
  /** A range was brushed: zoom there. Without it the chart cannot be brushed. */
  readonly onBrush?: (range: { readonly from: number; readonly to: number }) => void
}

const none: readonly never[] = []
const plain: ChartLook = {}
const stacked: ChartLook = { stacking: 'normal' }
const defaultHeight = 180
/** Of the table's twin where the chart is as high as what is around it: its scroller fills that. */
const fillingHeight = '100%'

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
    look = isStacked ? stacked : plain,
    bands = none,
    marks = none,
    legend = listLegend,
    suffix = '',
    height = defaultHeight,
    bareStrokePx,
  } = props
  const zone = useZone()
  const theme = useAppearance((appearance) => appearance.resolvedTheme)
  const [isTurned, setTurned] = useState(false)
  const isTable = props.isTable ?? isTurned
  const fills = height === 'fill'
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const overlay = useRef<HTMLCanvasElement>(null)
  const view = useRef<ChartView | null>(null)
  const isOnScreen = useOnScreen(frame)
  const { redraw, handlers } = usePlotPointer(view, overlay, isOnScreen, marks, props.onBrush)

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
      made.draw({ unit, times, stepMs, series, range, look, min, max, thresholds, bands, marks, zone, bareStrokePx })
      redraw()
    })
  }, [
    unit,
    times,
    stepMs,
    series,
    range,
    look,
    min,
    max,
    thresholds,
    bands,
    marks,
    zone,
    bareStrokePx,
    theme,
    isTable,
    isOnScreen,
    redraw,
  ])

  const size = fills ? {} : { height }
  if (bareStrokePx !== undefined) {
    return (
      <div className={cx(css['plot'])} style={size} ref={frame}>
        <canvas ref={canvas} role="img" aria-label={title} />
      </div>
    )
  }
  const names = legend.mode !== 'hidden' && (
    <ChartLegend
      unit={unit}
      suffix={suffix}
      times={times}
      series={series}
      stepMs={stepMs}
      max={max}
      legend={legend}
      {...(look.rightUnit ? { rightUnit: look.rightUnit } : {})}
    />
  )
  const isBeside = legend.place === 'right'
  return (
    <figure
      className={cx(css['figure'], fills && css['filling'], isBeside && css['beside'])}
      aria-label={title}
      ref={frame}
    >
      {(names || props.isTable === undefined) && (
        <figcaption className={cx(css['caption'], props.isTable !== undefined && css['quiet'])}>
          {names}
          {props.isTable === undefined && (
            <IconButton
              label={isTable ? 'Show as chart' : 'Show as table'}
              icon={isTable ? ChartLine : Table2}
              onPress={() => setTurned(!isTable)}
            />
          )}
        </figcaption>
      )}
      {isTable ? (
        <ChartTable
          title={title}
          unit={unit}
          suffix={suffix}
          times={times}
          series={series}
          marks={marks}
          height={fills ? fillingHeight : height}
        />
      ) : (
        <div className={cx(css['plot'], props.onBrush && css['brushable'])} style={size} {...handlers}>
          <canvas ref={canvas} role="img" aria-label={`${title}, chart; "Show as table" has its numbers`} />
          <canvas ref={overlay} className={cx(css['overlay'])} />
        </div>
      )}
    </figure>
  )
}
