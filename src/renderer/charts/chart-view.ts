/**
 * chart.js behind an interface of our own: it is given everything and decides nothing. No animation, no parsing, only
 * the parts that lines need. The crosshair and the brush are on a canvas above, so that moving the pointer never
 * redraws the lines.
 */
import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js'
import { formatFixed, type Unit } from '../format/unit.ts'
import { newestOf } from './column-math.ts'
import { placeLabels } from './end-labels.ts'
import { lonePoints, type Point, reducePoints } from './reduce-points.ts'
import { seriesStyle } from './series-colors.ts'
import { tickLabel, timeTicks } from './time-ticks.ts'
import { valueAxis } from './value-axis.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler)

export interface ChartSeries {
  /** Unique within the chart. */
  readonly id: string
  readonly label: string
  /** One for each of the chart's `times`; null where nothing was observed. */
  readonly values: readonly (number | null)[]
  /** Which of the series styles; default: its position. Keeps a thing's colour the same across charts. */
  readonly style?: number
}

export interface Threshold {
  readonly value: number
  readonly label: string
  readonly tone: 'degraded' | 'down'
}

export interface ChartContent {
  readonly unit: Unit
  /** Ascending, epoch ms; shared by all series. */
  readonly times: readonly number[]
  /** Distance between `times`. One missing step is bridged, for a sample may come a little late; more is a gap. */
  readonly stepMs: number
  readonly series: readonly ChartSeries[]
  readonly range: { readonly from: number; readonly to: number }
  /** Areas on top of each other, in the given order from below. */
  readonly isStacked: boolean
  /** Ends of the value axis where they are known (a ratio is 0..1). Otherwise the data decides; the foot is 0. */
  readonly min: number | undefined
  readonly max: number | undefined
  readonly thresholds: readonly Threshold[]
  readonly zone: string
  /** Only the lines, this many pixels thick: no axes, no names. For screens that are read from across a room. */
  readonly bareStrokePx?: number | undefined
}

/** Where the plot is inside the canvas, in CSS pixels. */
export interface PlotArea {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface ChartView {
  draw(content: ChartContent): void
  readonly area: PlotArea
  /** Epoch ms under a horizontal pixel of the canvas. */
  instantAt(x: number): number
  pixelOf(at: number): number
  close(): void
}

const axisWidth = 64
/** More lines than these, or a narrower chart, leave no room for names at their ends; the legend has them all. */
const mostEndLabels = 4
const leastLabelledWidth = 420
/** Longer names stay in the legend: cut ones could not be told apart. */
const widestEndLabel = 100
const endLabelGap = 10
const leastTickPixels = 80
const bridgedSteps = 2.5

export function createChartView(canvas: HTMLCanvasElement): ChartView {
  let content: ChartContent | null = null
  const css = (token: string) => getComputedStyle(canvas).getPropertyValue(token).trim()
  const font = { family: css('--font'), size: 11 }

  const thresholds: Plugin<'line'> = {
    id: 'thresholds',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      for (const { value, label, tone } of content?.thresholds ?? []) {
        const y = scales['y']?.getPixelForValue(value) ?? Number.NaN
        if (!(y >= chartArea.top && y <= chartArea.bottom)) continue
        ctx.save()
        ctx.strokeStyle = css(tone === 'down' ? '--down' : '--degraded-edge')
        ctx.fillStyle = css('--text')
        ctx.font = `${font.size}px ${font.family}`
        ctx.setLineDash([4, 4])
        ctx.beginPath()
        ctx.moveTo(chartArea.left, y)
        ctx.lineTo(chartArea.right, y)
        ctx.stroke()
        ctx.fillText(label, chartArea.left + 6, y - 4)
        ctx.restore()
      }
    },
  }
  /** Pixels beside the plot for the names of its lines; 0 where they are left to the legend. */
  const endLabelRoom = ({ series }: ChartContent): number => {
    if (
      content?.bareStrokePx !== undefined ||
      series.length < 2 ||
      series.length > mostEndLabels ||
      canvas.clientWidth < leastLabelledWidth
    )
      return 0
    chart.ctx.font = `${font.size}px ${font.family}`
    const widest = Math.max(...series.map(({ label }) => chart.ctx.measureText(label).width))
    return widest <= widestEndLabel ? endLabelGap + Math.ceil(widest) + 2 : 0
  }
  const endLabels: Plugin<'line'> = {
    id: 'endLabels',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const y = scales['y']
      if (!content || !y || endLabelRoom(content) === 0) return
      const ends = lineEnds(content).map(({ text, value, token }) => ({ text, token, y: y.getPixelForValue(value) }))
      ctx.save()
      ctx.font = `${font.size}px ${font.family}`
      ctx.textBaseline = 'middle'
      for (const label of placeLabels(ends, chartArea.top + 4, chartArea.bottom - 4)) {
        ctx.fillStyle = css(label.token)
        ctx.fillRect(chartArea.right + 4, label.y - 5, 2, 10)
        ctx.fillStyle = css('--muted')
        ctx.fillText(label.text, chartArea.right + endLabelGap, label.y)
      }
      ctx.restore()
    },
  }
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 6, right: 8 } },
      elements: { point: { radius: 0 } },
    },
    plugins: [thresholds, endLabels],
  })

  return {
    draw(next) {
      content = next
      const { left, right } = chart.chartArea ?? { left: 0, right: canvas.clientWidth }
      const columns = Math.max(100, Math.round(right - left))
      chart.data.datasets = next.series.map((series, index) => dataset(series, index, next, columns, css))
      const axis = valueAxis(next.unit, largestOf(next), next.min, next.max)
      let stepMs = 0
      const isBare = next.bareStrokePx !== undefined
      chart.options.layout = {
        padding: isBare ? next.bareStrokePx : { top: 6, right: Math.max(8, endLabelRoom(next)) },
      }
      chart.options.scales = {
        x: {
          type: 'linear',
          display: !isBare,
          min: next.range.from,
          max: next.range.to,
          border: { color: css('--chart-line') },
          grid: { display: false },
          afterBuildTicks(built) {
            const most = Math.max(2, Math.floor(built.width / leastTickPixels))
            const ticks = timeTicks(next.range.from, next.range.to, most, next.zone)
            stepMs = (ticks[1] ?? 0) - (ticks[0] ?? 0)
            built.ticks = ticks.map((value) => ({ value }))
          },
          ticks: {
            color: css('--muted'),
            font,
            autoSkip: false,
            maxRotation: 0,
            callback: (value) => tickLabel(Number(value), stepMs, next.zone),
          },
        },
        y: {
          type: 'linear',
          display: !isBare,
          min: axis.min,
          max: axis.max,
          stacked: next.isStacked,
          border: { display: false },
          grid: { color: css('--chart-grid'), tickLength: 0 },
          afterBuildTicks(built) {
            built.ticks = axis.ticks.map((value) => ({ value }))
          },
          afterFit(fitted) {
            if (!isBare) fitted.width = axisWidth
          },
          ticks: {
            color: css('--muted'),
            font,
            padding: 8,
            autoSkip: false,
            callback: (value) => formatFixed(Number(value), axis.scale, axis.decimals),
          },
        },
      }
      chart.update('none')
    },
    get area() {
      return chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 }
    },
    instantAt: (x) => chart.scales['x']?.getValueForPixel(x) ?? 0,
    pixelOf: (at) => chart.scales['x']?.getPixelForValue(at) ?? 0,
    close: () => chart.destroy(),
  }
}

function dataset(
  series: ChartSeries,
  index: number,
  content: ChartContent,
  columns: number,
  css: (token: string) => string,
): ChartDataset<'line', Point[]> {
  const style = seriesStyle(series.style ?? index)
  const color = css(style.token)
  // Stacking adds point by point, so there all series keep the same times.
  const points = content.isStacked
    ? content.times.map((x, at) => ({ x, y: series.values[at] ?? Number.NaN }))
    : reducePoints({ times: content.times, values: series.values }, columns)
  const gapMs = bridgedSteps * content.stepMs
  return {
    label: series.label,
    data: points,
    borderColor: color,
    borderWidth: content.bareStrokePx ?? (content.isStacked ? 1 : 1.5),
    borderDash: [...style.dash],
    borderJoinStyle: 'round',
    backgroundColor: `color-mix(in srgb, ${color} ${content.isStacked ? 55 : 14}%, transparent)`,
    fill: content.isStacked ? (index === 0 ? 'origin' : '-1') : content.series.length === 1 ? 'origin' : false,
    spanGaps: content.isStacked ? false : gapMs,
    pointRadius: content.isStacked ? 0 : lonePoints(points, gapMs).map((isLone) => (isLone ? 1.5 : 0)),
    pointBackgroundColor: color,
    pointBorderWidth: 0,
  }
}

/** Each line's name at its newest value; in a stack, at the middle of its band. Lines without a value have no end. */
function lineEnds({ series, isStacked }: ChartContent): { text: string; value: number; token: string }[] {
  let below = 0
  return series.flatMap(({ label, values, style }, index) => {
    const newest = newestOf(values)
    if (newest === null) return []
    const value = isStacked ? below + newest / 2 : newest
    if (isStacked) below += newest
    return [{ text: label, value, token: seriesStyle(style ?? index).token }]
  })
}

/** The largest value, or the largest sum where areas are stacked; thresholds are kept in view. */
function largestOf({ series, times, isStacked, thresholds }: ChartContent): number {
  let largest = 0
  if (isStacked) {
    for (let index = 0; index < times.length; index++) {
      largest = Math.max(
        largest,
        series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
      )
    }
  } else {
    for (const { values } of series) for (const value of values) largest = Math.max(largest, value ?? 0)
  }
  return thresholds.reduce((top, { value }) => (value <= largest * 2 ? Math.max(top, value * 1.05) : top), largest)
}
