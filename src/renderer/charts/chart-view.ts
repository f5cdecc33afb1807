/**
 * chart.js behind an interface of our own: it is given everything and decides nothing. No animation, no parsing, only
 * the parts that lines and bars need. The crosshair and the brush are on a canvas above, so that moving the pointer never
 * redraws the lines.
 */
import {
  BarController,
  BarElement,
  Chart,
  type ChartOptions,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js'
import { formatFixed, formatValue, type Unit } from '../format/unit.ts'
import { type ChartContent, extremesOf } from './chart-content.ts'
import { datasetsOf } from './chart-datasets.ts'
import { bandsPlugin, endLabelRoom, endLabelsPlugin, thresholdsPlugin } from './chart-plugins.ts'
import { tickLabel, timeTicks } from './time-ticks.ts'
import { valueAxis } from './value-axis.ts'

Chart.register(
  LineController,
  LineElement,
  PointElement,
  BarController,
  BarElement,
  LinearScale,
  LogarithmicScale,
  Filler,
)

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

type Scales = NonNullable<ChartOptions['scales']>

const axisWidth = 64
const leastTickPixels = 80

export function createChartView(canvas: HTMLCanvasElement): ChartView {
  let content: ChartContent | null = null
  const css = (token: string) => getComputedStyle(canvas).getPropertyValue(token).trim()
  const font = { family: css('--font'), size: 11 }
  const given = { content: () => content, css, font }
  const chart: Chart = new Chart(canvas, {
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
    plugins: [bandsPlugin(given), thresholdsPlugin(given), endLabelsPlugin(given)],
  })

  const timeScale = ({ range, zone, bareStrokePx }: ChartContent): Scales[string] => {
    let stepMs = 0
    return {
      type: 'linear',
      display: bareStrokePx === undefined,
      min: range.from,
      max: range.to,
      border: { color: css('--chart-line') },
      grid: { display: false },
      afterBuildTicks(built) {
        const most = Math.max(2, Math.floor(built.width / leastTickPixels))
        const ticks = timeTicks(range.from, range.to, most, zone)
        stepMs = (ticks[1] ?? 0) - (ticks[0] ?? 0)
        built.ticks = ticks.map((value) => ({ value }))
      },
      ticks: {
        color: css('--muted'),
        font,
        autoSkip: false,
        maxRotation: 0,
        callback: (value) => tickLabel(Number(value), stepMs, zone),
      },
    }
  }
  const valueScale = (next: ChartContent, side: 'left' | 'right', unit: Unit): Scales[string] => {
    const { look, thresholds } = next
    const own = next.series.filter(({ axis = 'left' }) => axis === side)
    const { least, most } = extremesOf(next, own)
    const isMain = side === 'left'
    const top = isMain ? inView(most, thresholds) : most
    const ends = isMain ? { min: next.min, max: next.max } : { min: undefined, max: undefined }
    const axis = valueAxis(look.stacking === 'percent' ? 'ratio' : unit, top, ends.min, ends.max, least)
    const isLogarithmic = look.scale === 'log2' || look.scale === 'log10'
    return {
      type: isLogarithmic ? 'logarithmic' : 'linear',
      position: side,
      display: next.bareStrokePx === undefined,
      ...(isLogarithmic ? {} : { min: axis.min, max: axis.max }),
      stacked: look.stacking === 'normal' || look.stacking === 'percent',
      border: { display: false },
      title: {
        display: isMain && Boolean(look.axisLabel),
        text: look.axisLabel ?? '',
        color: css('--muted'),
        font,
        padding: 0,
      },
      grid: { color: css('--chart-grid'), tickLength: 0, drawOnChartArea: isMain },
      afterBuildTicks(built) {
        if (isLogarithmic) built.ticks = powersIn(built.min, built.max, look.scale === 'log2' ? 2 : 10)
        else built.ticks = axis.ticks.map((value) => ({ value }))
      },
      afterFit(fitted) {
        if (next.bareStrokePx === undefined) fitted.width = axisWidth
      },
      ticks: {
        color: css('--muted'),
        font,
        padding: 8,
        autoSkip: isLogarithmic,
        callback: (value) =>
          isLogarithmic ? formatValue(Number(value), unit) : formatFixed(Number(value), axis.scale, axis.decimals),
      },
    }
  }

  return {
    draw(next) {
      content = next
      const { left, right } = chart.chartArea ?? { left: 0, right: canvas.clientWidth }
      const columns = Math.max(100, Math.round(right - left))
      chart.data.datasets = datasetsOf(next, columns, css)
      chart.options.layout = {
        padding: next.bareStrokePx ?? { top: 6, right: Math.max(8, endLabelRoom(next, chart, font)) },
      }
      const hasRight = next.series.some(({ axis }) => axis === 'right')
      chart.options.scales = {
        x: timeScale(next),
        y: valueScale(next, 'left', next.unit),
        ...(hasRight ? { right: valueScale(next, 'right', next.look.rightUnit ?? next.unit) } : {}),
      } as Scales
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

/** Thresholds that are not far off are kept in view. */
function inView(most: number, thresholds: ChartContent['thresholds']): number {
  return thresholds.reduce((top, { value }) => (value <= most * 2 ? Math.max(top, value * 1.05) : top), most)
}

function powersIn(min: number, max: number, base: number): { value: number }[] {
  const first = Math.ceil(Math.log(Math.max(min, Number.MIN_VALUE)) / Math.log(base) - 1e-9)
  const last = Math.floor(Math.log(Math.max(max, Number.MIN_VALUE)) / Math.log(base) + 1e-9)
  const every = Math.max(1, Math.ceil((last - first) / 6))
  return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, index) => ({
    value: base ** (first + index * every),
  }))
}
