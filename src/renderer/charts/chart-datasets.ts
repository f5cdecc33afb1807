/** From series to what chart.js draws of them: as few points as can be seen, in the theme's colours. */
import type { ChartDataset } from 'chart.js'
import { type ChartContent, type ChartSeries, signOf } from './chart-content.ts'
import { lonePoints, type Point, reducePoints } from './reduce-points.ts'
import { seriesStyle } from './series-colors.ts'

export type Dataset = ChartDataset<'line', Point[]> | ChartDataset<'bar', Point[]>

const bridgedSteps = 2.5
const stackedFill = 0.55
const leastStackedFill = 0.35
const singleFill = 0.14

export function tokenOf({ token, style }: ChartSeries, index: number): string {
  return token ?? seriesStyle(style ?? index).token
}

/** In the order of the series. `columns`: the plot's width in pixels. */
export function datasetsOf(content: ChartContent, columns: number, css: (token: string) => string): Dataset[] {
  const { series, times, look } = content
  const isStacked = look.stacking === 'normal' || look.stacking === 'percent'
  const shown = look.stacking === 'percent' ? sharesOf(series, times.length) : series
  return shown.map((one, index) => {
    const { dash } = seriesStyle(one.style ?? index)
    const color = css(tokenOf(one, index))
    const draw = one.draw ?? look.draw ?? 'line'
    const isEvery = isStacked || draw === 'bars'
    const wanted = one.fill ?? look.fill ?? (isStacked ? stackedFill : series.length === 1 ? singleFill : 0)
    // What lies on top of each other must be told apart.
    const fill = isStacked ? Math.max(wanted, leastStackedFill) : wanted
    const sign = signOf(one)
    const below = (value: number | null | undefined) => {
      const shown = drawn(value)
      return shown === null ? null : sign * shown
    }
    const points = isEvery
      ? times.map((x, at) => ({ x, y: below(one.values[at]) ?? Number.NaN }))
      : reducePoints({ times, values: one.values.map(below) }, columns)
    const shared = {
      label: one.label,
      data: points,
      yAxisID: one.axis === 'right' ? 'right' : 'y',
      backgroundColor: `color-mix(in srgb, ${color} ${Math.round(fill * 100)}%, transparent)`,
    }
    if (draw === 'bars') {
      return {
        ...shared,
        type: 'bar' as const,
        backgroundColor: `color-mix(in srgb, ${color} ${Math.round(Math.max(fill, 0.7) * 100)}%, transparent)`,
        barThickness: Math.max(1, (columns / Math.max(1, times.length)) * 0.8 * (isStacked ? 1 : 1 / series.length)),
      }
    }
    const gapMs = bridgedSteps * content.stepMs
    const width = content.bareStrokePx ?? one.lineWidth ?? look.lineWidth ?? (isStacked ? 1 : 1.5)
    return {
      ...shared,
      type: 'line' as const,
      borderColor: color,
      borderWidth: draw === 'points' ? 0 : width,
      borderDash: one.token === undefined ? [...dash] : [],
      borderJoinStyle: 'round' as const,
      stepped: look.interpolation === 'step' ? ('before' as const) : false,
      cubicInterpolationMode: look.interpolation === 'smooth' ? ('monotone' as const) : ('default' as const),
      fill: fill === 0 && !isStacked ? false : isStacked && index > 0 ? '-1' : 'origin',
      spanGaps: look.connectsGaps ? true : isStacked ? false : gapMs,
      pointRadius: isStacked ? 0 : draw === 'points' ? Math.max(1.5, width) : loneRadius(lonePoints(points, gapMs)),
      pointBackgroundColor: color,
      pointBorderWidth: 0,
    }
  })
}

/** One number for all points where that is enough: with a list, chart.js works out every option for every point. */
function loneRadius(lone: readonly boolean[]): number | number[] {
  return lone.includes(true) ? lone.map((isLone) => (isLone ? 1.5 : 0)) : 0
}

const drawn = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null

/** Each step's values as shares of their sum, 0..1. */
function sharesOf(series: readonly ChartSeries[], length: number): readonly ChartSeries[] {
  const sums = Array.from({ length }, (_, at) =>
    series.reduce((sum, { values }) => sum + Math.abs(drawn(values[at]) ?? 0), 0),
  )
  return series.map((one) => ({
    ...one,
    values: one.values.map((value, at) => {
      const own = drawn(value)
      const sum = sums[at] ?? 0
      return own === null ? null : sum > 0 ? own / sum : 0
    }),
  }))
}
