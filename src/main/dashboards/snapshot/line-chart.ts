/** A chart over time as SVG: lines, steps, bars and points, stacked or not, on one or two axes, with thresholds. */
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { type SeriesOptions, seriesOptions } from '#shared/domain/dashboard/reading.ts'
import { formatValue, scaleFor } from '#shared/domain/unit.ts'
import type { TargetAnswer } from '../board-data.ts'
import { logOf, logTicks, tickTexts, timeTicks, valueTicks } from './axes.ts'
import { element, escaped } from './markup.ts'
import { colorOf, seriesColor, type Theme } from './theme.ts'

type TimeSeriesPanel = Extract<Panel, { type: 'timeseries' }>

export interface DrawnSeries {
  readonly name: string
  readonly color: string
  readonly options: SeriesOptions
  readonly times: readonly number[]
  /** As they were answered. */
  readonly values: readonly (number | null)[]
}

export interface ChartSpace {
  readonly width: number
  readonly height: number
  readonly from: number
  readonly to: number
  readonly zone: string
  readonly theme: Theme
}

/** More lines than this are a tangle; the others are counted. */
export const mostDrawn = 60

/** The series of a panel that are shown, with what holds for each, in order. */
export function drawnSeries(
  panel: Extract<Panel, { targets: unknown }>,
  answers: readonly TargetAnswer[],
  theme: Theme,
): DrawnSeries[] {
  const all = answers.flatMap(({ times, series }) =>
    series.map((one) => ({ times, values: one.values, options: seriesOptions(panel, one), name: one.name })),
  )
  return all
    .filter(({ options }) => options.isHidden !== true)
    .map(({ name, options, ...rest }, index) => ({
      ...rest,
      name: options.displayName || name,
      options,
      color: options.color === undefined ? seriesColor(theme, index) : colorOf(theme, options.color),
    }))
}

export function lineChart(panel: TimeSeriesPanel, series: readonly DrawnSeries[], space: ChartSpace): string {
  const shown = series.slice(0, mostDrawn)
  const stacked = withStacks(panel, shown)
  const hasRight = shown.some(({ options }) => options.axis === 'right')
  const plot = { left: 58, top: 6, right: space.width - (hasRight ? 58 : 10), bottom: space.height - 20 }
  const left = axisOf(
    panel,
    stacked.filter(({ isRight }) => !isRight),
    plot,
  )
  const right = axisOf(
    { ...panel, min: null, max: null },
    stacked.filter(({ isRight }) => isRight),
    plot,
  )
  const x = (at: number) => plot.left + ((at - space.from) / (space.to - space.from || 1)) * (plot.right - plot.left)
  const { theme } = space
  const marks = [...thresholdMarks(panel, left, plot, theme), ...grid(left, plot, theme), ...timeMarks(space, plot, x)]
  if (hasRight) marks.push(...rightMarks(right, plot, theme))
  const drawn = stacked.map((one) => drawnOne(panel, one, { x, axis: one.isRight ? right : left, plot }))
  return element(
    'svg',
    {
      viewBox: `0 0 ${space.width} ${space.height}`,
      width: space.width,
      height: space.height,
      role: 'img',
      'aria-label': panel.title,
    },
    marks.join('') + drawn.join(''),
  )
}

interface Plot {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Stacked extends DrawnSeries {
  readonly isRight: boolean
  /** Where each point is drawn, and where its area begins. */
  readonly tops: readonly (number | null)[]
  readonly floors: readonly number[]
}

function withStacks(panel: TimeSeriesPanel, series: readonly DrawnSeries[]): Stacked[] {
  const sums = new Map<string, number>()
  const totals = new Map<number, number>()
  const modeOf = ({ options }: DrawnSeries) => options.stacking ?? panel.stacking
  for (const one of series) {
    if (modeOf(one) !== 'percent') continue
    for (const [i, at] of one.times.entries())
      totals.set(at, (totals.get(at) ?? 0) + Math.abs(finite(one.values[i]) ?? 0))
  }
  return series.map((one) => {
    const mode = modeOf(one)
    const isRight = one.options.axis === 'right'
    const sign = one.options.isNegated === true ? -1 : 1
    const floors: number[] = []
    const tops = one.values.map((value, i) => {
      const number = finite(value)
      const at = one.times[i] ?? 0
      floors.push(0)
      if (number === null) return null
      if (mode === 'none') return sign * number
      const share = mode === 'percent' ? number / (totals.get(at) || 1) : number
      const key = `${at} ${sign} ${isRight}`
      const floor = sums.get(key) ?? 0
      floors[i] = floor
      sums.set(key, floor + sign * share)
      return floor + sign * share
    })
    return { ...one, isRight, tops, floors }
  })
}

const finite = (value: number | null | undefined) =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null

interface Axis {
  readonly ticks: readonly number[]
  readonly texts: readonly string[]
  y(value: number): number
  readonly low: number
  readonly high: number
}

function axisOf(panel: TimeSeriesPanel, series: readonly Stacked[], plot: Plot): Axis {
  const isPercent = panel.stacking === 'percent'
  const values = series.flatMap(({ tops }) => tops.filter((value) => value !== null))
  const options = series[0]?.options ?? panel
  const isNegated = series.some(({ options: one }) => one.isNegated === true)
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  const minimum = isNegated ? null : (options.min ?? null)
  let low =
    minimum ?? (Number.isFinite(least) ? Math.min(least, panel.fill > 0 && panel.scale === 'linear' ? 0 : least) : 0)
  let high = isPercent ? 1 : (options.max ?? (Number.isFinite(most) ? most : 1))
  if (!(high > low))
    [low, high] = [Math.min(low, high), low === 0 && high === 0 ? 1 : Math.max(low, high) + Math.abs(high || 1) * 0.1]
  const unit = isPercent ? 'ratio' : options.unit
  const height = plot.bottom - plot.top
  if (panel.scale !== 'linear') {
    const base = panel.scale === 'log2' ? 2 : 10
    const positive = values.filter((value) => value > 0)
    const floor = Math.min(...positive, high > 0 ? high : 1)
    const [from, to] = [logOf(Math.max(floor, Number.MIN_VALUE), base), logOf(Math.max(high, floor * base), base)]
    const y = (value: number) =>
      plot.bottom - ((logOf(Math.max(value, floor), base) - from) / (to - from || 1)) * height
    const ticks = logTicks(base ** from, base ** to, base)
    return { ticks, texts: ticks.map((tick) => formatValue(tick, unit)), y, low: base ** from, high: base ** to }
  }
  if (options.max === null && !isPercent) high += (high - low) * 0.05
  if (isNegated) low -= (high - low) * 0.05
  const ticks = valueTicks(
    low,
    high,
    Math.max(2, Math.floor(height / 32)),
    scaleFor(unit, Math.max(Math.abs(low), Math.abs(high))),
  )
  const y = (value: number) => plot.bottom - ((value - low) / (high - low || 1)) * height
  return { ticks, texts: tickTexts(ticks, unit, isPercent ? '' : options.suffix, null), y, low, high }
}

function grid({ ticks, texts, y }: Axis, plot: Plot, theme: Theme): string[] {
  return ticks.map((tick, index) => {
    const at = y(tick)
    const line = element('line', { x1: plot.left, x2: plot.right, y1: at, y2: at, stroke: theme.grid })
    return (
      line +
      element('text', { x: plot.left - 6, y: at + 4, 'text-anchor': 'end', class: 'tick' }, escaped(texts[index] ?? ''))
    )
  })
}

function rightMarks({ ticks, texts, y }: Axis, plot: Plot, theme: Theme): string[] {
  return ticks.map((tick, index) =>
    element(
      'text',
      { x: plot.right + 6, y: y(tick) + 4, class: 'tick', fill: theme.muted },
      escaped(texts[index] ?? ''),
    ),
  )
}

export function timeMarks(
  space: ChartSpace,
  plot: Pick<Plot, 'left' | 'right' | 'bottom'>,
  x: (at: number) => number,
): string[] {
  const ticks = timeTicks(space.from, space.to, Math.max(2, Math.floor((plot.right - plot.left) / 80)), space.zone)
  return ticks.map(({ at, text }) =>
    element('text', { x: x(at), y: plot.bottom + 15, 'text-anchor': 'middle', class: 'tick' }, escaped(text)),
  )
}

function thresholdMarks(panel: TimeSeriesPanel, { y, low, high }: Axis, plot: Plot, theme: Theme): string[] {
  if (panel.thresholdStyle === 'none') return []
  const steps = panel.thresholds.steps.toSorted((a, b) => a.value - b.value)
  const valueAt = (step: number) =>
    panel.thresholds.mode === 'percent'
      ? (panel.min ?? 0) + (step / 100) * ((panel.max ?? high) - (panel.min ?? 0))
      : step
  return steps.flatMap(({ value, state }, index) => {
    const at = valueAt(value)
    if (at > high || state === 'neutral') return []
    const color = colorOf(theme, state)
    const next = steps[index + 1]
    if (panel.thresholdStyle === 'line') {
      if (at < low) return []
      return [
        element('line', {
          x1: plot.left,
          x2: plot.right,
          y1: y(at),
          y2: y(at),
          stroke: color,
          'stroke-dasharray': '4 3',
        }),
      ]
    }
    const top = y(Math.min(high, next ? valueAt(next.value) : high))
    const bottom = y(Math.max(low, at))
    return [
      element('rect', {
        x: plot.left,
        y: top,
        width: plot.right - plot.left,
        height: Math.max(0, bottom - top),
        fill: color,
        'fill-opacity': 0.12,
      }),
    ]
  })
}

function drawnOne(
  panel: TimeSeriesPanel,
  series: Stacked,
  { x, axis, plot }: { x: (at: number) => number; axis: Axis; plot: Plot },
): string {
  const { options, color, times, tops, floors } = series
  const draw = options.draw ?? panel.draw
  const clamp = (y: number) => Math.min(plot.bottom, Math.max(plot.top, y))
  const y = (value: number) => clamp(axis.y(value))
  if (draw === 'points') {
    return tops
      .map((top, i) => (top === null ? '' : element('circle', { cx: x(times[i] ?? 0), cy: y(top), r: 2, fill: color })))
      .join('')
  }
  if (draw === 'bars') {
    const width = Math.max(1, ((plot.right - plot.left) / Math.max(1, times.length)) * 0.7)
    return tops
      .map((top, i) => {
        if (top === null) return ''
        const [a, b] = [y(top), y(Math.max(axis.low, floors[i] ?? 0))]
        return element('rect', {
          x: x(times[i] ?? 0) - width / 2,
          y: Math.min(a, b),
          width,
          height: Math.max(0.5, Math.abs(a - b)),
          fill: color,
          'fill-opacity': 0.8,
        })
      })
      .join('')
  }
  const runs = runsOf(tops, panel.connectsGaps)
  const isStep = panel.interpolation === 'step'
  const area = options.fill ?? panel.fill
  const parts = runs.map((run) => {
    const points = run.map((i) => [x(times[i] ?? 0), y(tops[i] ?? 0)] as const)
    const line = pathOf(points, isStep)
    const floor = run.toReversed().map((i) => [x(times[i] ?? 0), y(Math.max(axis.low, floors[i] ?? 0))] as const)
    const filled =
      area > 0 && run.length > 1
        ? element('path', {
            d: `${line} ${pathOf(floor, isStep).replace('M', 'L')} Z`,
            fill: color,
            'fill-opacity': area,
          })
        : ''
    const width = options.lineWidth ?? panel.lineWidth
    const [first] = points
    // One point has no length, and is a dot.
    const stroke =
      points.length === 1 && first
        ? element('circle', { cx: first[0], cy: first[1], r: 1.5, fill: color })
        : element('path', { d: line, fill: 'none', stroke: color, 'stroke-width': width, 'stroke-linejoin': 'round' })
    return filled + stroke
  })
  return parts.join('')
}

/** Indices of neighbouring points that are joined. */
function runsOf(values: readonly (number | null)[], connects: boolean): number[][] {
  const runs: number[][] = [[]]
  for (const [i, value] of values.entries()) {
    if (value !== null) runs.at(-1)?.push(i)
    else if (!connects && runs.at(-1)?.length !== 0) runs.push([])
  }
  return runs.filter((run) => run.length > 0)
}

const short = (value: number) => String(Math.round(value * 10) / 10)

function pathOf(points: readonly (readonly [number, number])[], isStep: boolean): string {
  return points
    .map(([x, y], i) => {
      if (i === 0) return `M${short(x)} ${short(y)}`
      return isStep ? `H${short(x)}V${short(y)}` : `L${short(x)} ${short(y)}`
    })
    .join('')
}

/** A small chart without axes, behind the number of a stat. */
export function sparkline(values: readonly (number | null)[], color: string, width: number, height: number): string {
  const seen = values.filter((value) => finite(value) !== null).map(Number)
  if (seen.length < 2) return ''
  const [low, high] = [Math.min(...seen), Math.max(...seen)]
  const points = values.flatMap((value, i) => {
    const number = finite(value)
    if (number === null) return []
    const y = height - 2 - (high > low ? ((number - low) / (high - low)) * (height - 4) : (height - 4) / 2)
    return [[(i / Math.max(1, values.length - 1)) * width, y] as const]
  })
  const line = pathOf(points, false)
  const content =
    element('path', {
      d: `${line}L${short(points.at(-1)?.[0] ?? width)} ${height}L${short(points[0]?.[0] ?? 0)} ${height}Z`,
      fill: color,
      'fill-opacity': 0.15,
    }) + element('path', { d: line, fill: 'none', stroke: color, 'stroke-width': 1.2 })
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, class: 'spark', 'aria-hidden': 'true' },
    content,
  )
}
