/** States over time, heartbeats and heatmaps as SVG. */
import type { TimelineState } from '#shared/contract/checks.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { readValue } from '#shared/domain/dashboard/reading.ts'
import { valueBuckets } from '#shared/domain/dashboard/value-buckets.ts'
import { formatScaled, scaleFor } from '#shared/domain/unit.ts'
import type { TargetAnswer } from '../board-data.ts'
import { type ChartSpace, type DrawnSeries, timeMarks } from './line-chart.ts'
import { element, escaped } from './markup.ts'
import { colorOf, type Theme } from './theme.ts'

const nameWidth = 150

export function stateTimeline(
  panel: Extract<Panel, { type: 'state-timeline' }>,
  series: readonly DrawnSeries[],
  space: ChartSpace,
): string {
  const rows = series.map(({ name, times, values, options }) => {
    const step = (times[1] ?? space.to) - (times[0] ?? space.from)
    const readings = values.map((value) => (value === null ? null : readValue(value, options)))
    const bars: { from: number; to: number; text: string; color: string }[] = []
    for (const [i, reading] of readings.entries()) {
      if (reading === null) continue
      const from = times[i] ?? 0
      const last = bars.at(-1)
      const color = colorOf(space.theme, reading.state)
      if (panel.mergesEqual && last && last.text === reading.text && last.color === color && last.to >= from)
        last.to = from + step
      else bars.push({ from, to: from + step, text: reading.text, color })
    }
    return { name, bars: bars.map((bar) => ({ ...bar, to: Math.min(bar.to, space.to) })) }
  })
  return rowsChart(rows, space, panel.showsValues, panel.rowHeight)
}

export interface HeartbeatRow {
  readonly name: string
  readonly bar: readonly { readonly from: number; readonly to: number; readonly state: TimelineState }[]
}

export function heartbeats(rows: readonly HeartbeatRow[], space: ChartSpace): string {
  const [from = space.from, to = space.to] = [rows[0]?.bar[0]?.from, rows[0]?.bar.at(-1)?.to]
  const drawn = rows.map(({ name, bar }) => ({
    name,
    bars: bar.map((one) => ({ from: one.from, to: one.to, text: '', color: checkColor(space.theme, one.state) })),
  }))
  return rowsChart(drawn, { ...space, from, to }, false, 0.7)
}

function checkColor(theme: Theme, state: TimelineState): string {
  switch (state) {
    case 'up':
    case 'degraded':
    case 'down':
      return theme.states[state]
    default:
      return theme.line
  }
}

interface Row {
  readonly name: string
  readonly bars: readonly {
    readonly from: number
    readonly to: number
    readonly text: string
    readonly color: string
  }[]
}

function rowsChart(rows: readonly Row[], space: ChartSpace, showsTexts: boolean, share: number): string {
  const plot = { left: nameWidth, right: space.width - 10, bottom: space.height - 20 }
  const height = Math.min(28, (plot.bottom - 2) / Math.max(1, rows.length))
  const x = (at: number) => plot.left + ((at - space.from) / (space.to - space.from || 1)) * (plot.right - plot.left)
  const content = rows.map(({ name, bars }, row) => {
    const top = 2 + row * height
    const label = element(
      'text',
      { x: plot.left - 8, y: top + height / 2 + 4, 'text-anchor': 'end', class: 'tick' },
      escaped(cut(name, 24)),
    )
    const drawn = bars.map(({ from, to, text, color }) => {
      const [a, b] = [Math.max(plot.left, x(from)), x(to)]
      const box = {
        x: a,
        y: top + (height * (1 - share)) / 2,
        width: Math.max(0.5, b - a - 0.5),
        height: height * share,
        fill: color,
      }
      const title = element('title', {}, escaped(text))
      const words = showsTexts && b - a > text.length * 7 + 6 && height > 12
      const word = words ? element('text', { x: a + 4, y: top + height / 2 + 4, class: 'on' }, escaped(text)) : ''
      return element('rect', box, title) + word
    })
    return label + drawn.join('')
  })
  return element(
    'svg',
    { viewBox: `0 0 ${space.width} ${space.height}`, width: space.width, height: space.height, role: 'img' },
    content.join('') + timeMarks(space, plot, x).join(''),
  )
}

export function heatmap(
  panel: Extract<Panel, { type: 'heatmap' }>,
  answers: readonly TargetAnswer[],
  space: ChartSpace,
): string {
  const { columns, bounds } = panel.from === 'buckets' ? bucketCells(answers) : valueCells(answers, panel)
  const plot = { left: 66, right: space.width - 10, bottom: space.height - 20, top: 4 }
  const most = Math.max(0, ...columns.flatMap(({ counts }) => counts))
  const rowHeight = (plot.bottom - plot.top) / Math.max(1, bounds.length)
  const x = (at: number) => plot.left + ((at - space.from) / (space.to - space.from || 1)) * (plot.right - plot.left)
  const step = (columns[1]?.at ?? space.to) - (columns[0]?.at ?? space.from)
  const scale = scaleFor(panel.unit, Math.max(0, ...bounds.filter(Number.isFinite).map(Math.abs)))
  const every = Math.max(1, Math.ceil(14 / rowHeight))
  const labels = bounds.map((bound, row) => {
    if (row % every !== 0) return ''
    const y = plot.bottom - (row + 1) * rowHeight + Math.min(10, rowHeight)
    return element(
      'text',
      { x: plot.left - 6, y, 'text-anchor': 'end', class: 'tick' },
      escaped(formatScaled(bound, scale)),
    )
  })
  const cells = columns.flatMap(({ at, counts }) =>
    counts.map((count, row) => {
      if (count <= 0) return ''
      const left = Math.max(plot.left, x(at - step))
      const box = {
        x: left,
        y: plot.bottom - (row + 1) * rowHeight,
        width: Math.max(0.5, x(at) - left),
        height: Math.max(0.5, rowHeight - 0.5),
      }
      return element('rect', {
        ...box,
        fill: space.theme.series[0] ?? '',
        'fill-opacity': 0.12 + 0.88 * (count / most),
      })
    }),
  )
  return element(
    'svg',
    {
      viewBox: `0 0 ${space.width} ${space.height}`,
      width: space.width,
      height: space.height,
      role: 'img',
      'aria-label': panel.title,
    },
    [...labels, ...cells, ...timeMarks(space, plot, x)].join(''),
  )
}

interface Cells {
  readonly columns: readonly { readonly at: number; readonly counts: readonly number[] }[]
  /** Upper ends of the rows, from the bottom. */
  readonly bounds: readonly number[]
}

/** Classic histograms count all that is below: a row is what its bucket has more than the one before. */
function bucketCells(answers: readonly TargetAnswer[]): Cells {
  const [answer] = answers
  const buckets = (answer?.series ?? [])
    .map(({ labels, values }) => ({ bound: Number((labels['le'] ?? 'x').replace('+Inf', 'Infinity')), values }))
    .filter(({ bound }) => !Number.isNaN(bound))
    .sort((a, b) => a.bound - b.bound)
  const columns = (answer?.times ?? []).map((at, i) => ({
    at,
    counts: buckets.map(({ values }, row) => Math.max(0, (values[i] ?? 0) - (buckets[row - 1]?.values[i] ?? 0))),
  }))
  return { columns, bounds: buckets.map(({ bound }) => bound) }
}

function valueCells(
  answers: readonly TargetAnswer[],
  { unit, bucketCount }: Extract<Panel, { type: 'heatmap' }>,
): Cells {
  const all = answers.flatMap(({ series }) =>
    series.flatMap(({ values }) => values.filter((value) => value !== null && Number.isFinite(value))),
  )
  const [low, high] = all.reduce<[number, number]>(
    ([a, b], value) => [Math.min(a, value ?? a), Math.max(b, value ?? b)],
    [Infinity, -Infinity],
  )
  if (all.length === 0) return { columns: [], bounds: [] }
  const { bounds, indexOf } = valueBuckets(unit, low, high, bucketCount)
  const columns = (answers[0]?.times ?? []).map((at, i) => {
    const counts = new Array<number>(bounds.length).fill(0)
    for (const { series } of answers) {
      for (const { values } of series) {
        const value = values[i] ?? null
        if (value === null || !Number.isFinite(value)) continue
        const row = indexOf(value)
        counts[row] = (counts[row] ?? 0) + 1
      }
    }
    return { at, counts }
  })
  return { columns, bounds }
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
