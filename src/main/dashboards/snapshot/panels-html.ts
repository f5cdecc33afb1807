/** The inside of each kind of panel as markup, from its answers. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { readValue, type SeriesOptions, seriesOptions } from '#shared/domain/dashboard/reading.ts'
import { reducerWords, reduceSeries } from '#shared/domain/dashboard/reduce.ts'
import { boardTable } from '#shared/domain/dashboard/table.ts'
import type { Reducer } from '#shared/domain/dashboard/values.ts'
import type { TargetAnswer } from '../board-data.ts'
import { instantText } from './axes.ts'
import { type ChartSpace, type DrawnSeries, drawnSeries, lineChart, mostDrawn, sparkline } from './line-chart.ts'
import { element, escaped, markdownHtml } from './markup.ts'
import { type HeartbeatRow, heartbeats, heatmap, stateTimeline } from './state-charts.ts'
import { colorOf, stateWords } from './theme.ts'

/** What a panel shows, besides itself. */
export interface PanelContent {
  readonly answers: readonly TargetAnswer[]
  readonly alerts: readonly AlertView[]
  readonly heartbeats: readonly HeartbeatRow[]
}

const mostTiles = 24
const mostLines = 200

export function panelHtml(panel: Panel, content: PanelContent, space: ChartSpace): string {
  const { answers } = content
  const failed = answers.flatMap(({ refId, failure }) =>
    failure === null ? [] : [element('p', { class: 'failed' }, escaped(`Query ${refId} failed: ${failure}`))],
  )
  return failed.join('') + bodyOf(panel, content, space)
}

function bodyOf(panel: Panel, content: PanelContent, space: ChartSpace): string {
  const { answers } = content
  switch (panel.type) {
    case 'row':
      return ''
    case 'text':
      return element('div', { class: 'prose' }, markdownHtml(panel.markdown))
    case 'log-list':
      return element('p', { class: 'note' }, 'Logs are not part of this page yet.')
    case 'alert-list':
      return alertTable(content.alerts, space)
    case 'heartbeat':
      return content.heartbeats.length === 0 ? nothing('No check fits.') : heartbeats(content.heartbeats, space)
    case 'table':
      return tableHtml(panel, answers, space)
    case 'heatmap':
      return hasSeries(answers) ? heatmap(panel, answers, space) : nothing()
    default: {
      const series = drawnSeries(panel, answers, space.theme)
      if (series.length === 0) return answers.some(({ failure }) => failure !== null) ? '' : nothing(panel.noValue)
      return seriesHtml(panel, series, space)
    }
  }
}

type SeriesPanel = Extract<Panel, { type: 'timeseries' | 'stat' | 'gauge' | 'bar' | 'state-timeline' }>

function seriesHtml(panel: SeriesPanel, series: readonly DrawnSeries[], space: ChartSpace): string {
  switch (panel.type) {
    case 'timeseries':
      return chartWithLegend(panel, series, space)
    case 'stat':
      return tiles(series, (one) => statTile(panel, one, series.length, space))
    case 'gauge':
      return tiles(series, (one) => gaugeTile(panel, one, series.length, space))
    case 'bar':
      return bars(panel, series, space)
    case 'state-timeline':
      return stateTimeline(panel, series, space)
  }
}

const nothing = (words = '') => element('p', { class: 'note' }, escaped(words || 'No data.'))
const hasSeries = (answers: readonly TargetAnswer[]) => answers.some(({ series }) => series.length > 0)

function chartWithLegend(
  panel: Extract<Panel, { type: 'timeseries' }>,
  series: readonly DrawnSeries[],
  space: ChartSpace,
): string {
  const { mode, place, values } = panel.legend
  if (mode === 'hidden') return lineChart(panel, series, space)
  const numbers = values.length > 0 ? values : mode === 'table' ? (['last'] as const) : []
  const legend = legendTable(series, numbers)
  if (place === 'right' && space.width > 420) {
    const side = Math.round(Math.min(space.width * 0.55, 130 + numbers.length * 66))
    const chart = lineChart(panel, series, { ...space, width: space.width - side })
    return element('div', { class: 'beside' }, chart + element('div', { class: 'legend' }, legend))
  }
  const rows = Math.min(
    3,
    Math.ceil(series.length / (mode === 'table' ? 1 : Math.max(1, Math.floor(space.width / 150)))),
  )
  const chart = lineChart(panel, series, { ...space, height: Math.max(60, space.height - rows * 18 - 4) })
  const below = mode === 'table' ? legend : series.slice(0, mostDrawn).map(legendItem).join('')
  return chart + element('div', { class: mode === 'table' ? 'legend' : 'legend inline' }, below)
}

/** A colour as a mark: an inline style would need leave of the page's policy. */
const mark = (color: string) =>
  element(
    'svg',
    { viewBox: '0 0 10 10', width: 10, height: 10, class: 'mark', 'aria-hidden': 'true' },
    element('rect', { width: 10, height: 4, y: 3, fill: color }),
  )

const legendItem = ({ name, color }: DrawnSeries) => element('span', {}, mark(color) + escaped(name))

/** The same numbers as on the screen: reduced, in their units. */
export function legendTable(series: readonly DrawnSeries[], numbers: readonly Reducer[]): string {
  const head = numbers.map((how) => element('th', { class: 'number' }, reducerWords[how]))
  const rows = series.slice(0, mostLines).map(({ name, color, values, options }) => {
    const cells = numbers.map((how) =>
      element('td', { class: 'number' }, escaped(readValue(reduceSeries(values, how), options).text)),
    )
    return element('tr', {}, element('td', {}, mark(color) + escaped(name)) + cells.join(''))
  })
  return element('table', {}, element('tr', {}, element('th', {}, '') + head.join('')) + rows.join(''))
}

function tiles(series: readonly DrawnSeries[], tile: (one: DrawnSeries) => string): string {
  const more = series.length > mostTiles ? element('p', { class: 'note' }, `and ${series.length - mostTiles} more`) : ''
  return element('div', { class: 'tiles' }, series.slice(0, mostTiles).map(tile).join('')) + more
}

function statTile(
  panel: Extract<Panel, { type: 'stat' }>,
  { name, values, options }: DrawnSeries,
  count: number,
  { theme, width, height }: ChartSpace,
): string {
  const { text, state } = readValue(reduceSeries(values, panel.reduce), options)
  const color = panel.colors === 'none' ? theme.text : colorOf(theme, state)
  const showsName = panel.show === 'name' || panel.show === 'value-and-name' || (panel.show === 'auto' && count > 1)
  const parts = [
    ...(showsName ? [element('span', { class: 'name' }, escaped(name))] : []),
    ...(panel.show === 'name' ? [] : [element('span', { class: 'big' }, bigText(text, color))]),
    ...(panel.colors === 'none' || stateWords[state] === ''
      ? []
      : [element('span', { class: 'state' }, stateWords[state])]),
  ]
  const spark =
    panel.graph === 'area' && count === 1
      ? sparkline(values, color, Math.min(width, 400), Math.max(16, Math.round(height * 0.3)))
      : ''
  return element('div', { class: 'tile' }, parts.join('') + spark)
}

/** As SVG, for its colour is not the style's to say. */
function bigText(text: string, color: string): string {
  const width = Math.max(40, text.length * 17)
  return element(
    'svg',
    { viewBox: `0 0 ${width} 34`, height: 34, width },
    element('text', { x: width / 2, y: 27, 'text-anchor': 'middle', class: 'figure', fill: color }, escaped(text)),
  )
}

function gaugeTile(
  panel: Extract<Panel, { type: 'gauge' }>,
  { name, values, options }: DrawnSeries,
  count: number,
  { theme }: ChartSpace,
): string {
  const value = reduceSeries(values, panel.reduce)
  const { text, state } = readValue(value, options)
  const [low, high] = [options.min ?? 0, options.max ?? Math.max(1, value ?? 1)]
  const share = value === null ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low || 1)))
  const arc = (from: number, to: number, color: string, radius: number, width: number) =>
    to - from < 1e-4
      ? ''
      : element('path', { d: arcPath(from, to, radius), fill: 'none', stroke: color, 'stroke-width': width })
  const color = colorOf(theme, state)
  const steps = panel.showsThresholds ? stepShares(options, low, high) : []
  const marks = steps.map(({ from, to, state: of }) => arc(from, to, colorOf(theme, of), 49, 3))
  const dial = [arc(0, 1, theme.grid, 40, 12), arc(0, share, color, 40, 12), ...marks]
  const figure = element(
    'text',
    { x: 60, y: 62, 'text-anchor': 'middle', class: 'figure small', fill: color },
    escaped(text),
  )
  const title = count > 1 ? element('span', { class: 'name' }, escaped(name)) : ''
  const word = stateWords[state] === '' ? '' : element('span', { class: 'state' }, stateWords[state])
  return element(
    'div',
    { class: 'tile' },
    title + element('svg', { viewBox: '0 0 120 72', width: 132, height: 80 }, dial.join('') + figure) + word,
  )
}

/** Half a circle, from 0 on the left to 1 on the right. */
function arcPath(from: number, to: number, radius: number): string {
  const point = (share: number) => {
    const angle = Math.PI * (1 - share)
    return `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(62 - radius * Math.sin(angle)).toFixed(2)}`
  }
  return `M${point(from)}A${radius} ${radius} 0 0 1 ${point(to)}`
}

function stepShares({ thresholds }: SeriesOptions, low: number, high: number) {
  const shareOf = (value: number) => (thresholds.mode === 'percent' ? value / 100 : (value - low) / (high - low || 1))
  const steps = thresholds.steps.toSorted((a, b) => a.value - b.value)
  const starts = [
    { at: 0, state: thresholds.base },
    ...steps.map(({ value, state }) => ({ at: Math.min(1, Math.max(0, shareOf(value))), state })),
  ]
  return starts
    .map(({ at, state }, i) => ({ from: at, to: starts[i + 1]?.at ?? 1, state }))
    .filter(({ state }) => state !== 'neutral')
}

function bars(
  panel: Extract<Panel, { type: 'bar' }>,
  series: readonly DrawnSeries[],
  { theme, width }: ChartSpace,
): string {
  const read = series.map((one) => ({ ...one, value: reduceSeries(one.values, panel.reduce) }))
  if (panel.order === 'value') read.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))
  const most = panel.max ?? Math.max(0, ...read.map(({ value }) => value ?? 0))
  const low = panel.min ?? 0
  const rows = read.slice(0, mostLines).map(({ name, value, options }) => {
    const { text, state } = readValue(value, options)
    const share = value === null || most <= low ? 0 : Math.min(1, Math.max(0, (value - low) / (most - low)))
    const space = Math.max(60, Math.round(width * 0.4))
    const color = state === 'neutral' ? (theme.series[0] ?? theme.text) : colorOf(theme, state)
    const bar = element(
      'svg',
      { viewBox: `0 0 ${space} 12`, width: space, height: 12 },
      element('rect', { width: space, height: 12, fill: theme.grid }) +
        element('rect', { width: share * space, height: 12, fill: color }),
    )
    return element(
      'tr',
      {},
      element('td', {}, escaped(name)) +
        element('td', {}, bar) +
        element('td', { class: 'number' }, escaped(withWord(text, state))),
    )
  })
  return element('table', { class: 'bars' }, rows.join(''))
}

const withWord = (text: string, state: keyof typeof stateWords) =>
  ['degraded', 'down'].includes(state) ? `${text} (${stateWords[state]})` : text

function tableHtml(
  panel: Extract<Panel, { type: 'table' }>,
  answers: readonly TargetAnswer[],
  { theme }: ChartSpace,
): string {
  const { columns, rows } = boardTable(panel, answers)
  if (rows.length === 0) return nothing(panel.noValue)
  const head = columns.map(({ title, refId }) =>
    element('th', refId === null ? {} : { class: 'number' }, escaped(title)),
  )
  const options = columns.map(({ name, refId }) => seriesOptions(panel, { name, refId: refId ?? '' }))
  const lines = rows.slice(0, mostLines).map((row) => {
    const cells = row.map((cell, index) => {
      const column = columns[index]
      if (column?.refId === null) return element('td', {}, escaped(String(cell ?? '')))
      const option = options[index] ?? panel
      const { text, state } = readValue(typeof cell === 'number' ? cell : null, option)
      const isMarked = panel.colors !== 'none' && state !== 'neutral'
      return element(
        'td',
        { class: 'number' },
        (isMarked ? mark(colorOf(theme, state)) : '') + escaped(isMarked ? withWord(text, state) : text),
      )
    })
    return element('tr', {}, cells.join(''))
  })
  const more =
    rows.length > mostLines ? element('p', { class: 'note' }, `and ${rows.length - mostLines} more lines`) : ''
  return element('table', {}, element('tr', {}, head.join('')) + lines.join('')) + more
}

function alertTable(alerts: readonly AlertView[], { zone }: ChartSpace): string {
  if (alerts.length === 0) return nothing('No alert fits.')
  const rows = alerts.map(({ rule, severity, state, activeAt, annotations }) =>
    element(
      'tr',
      {},
      [severity, state, annotations['summary'] || rule, instantText(activeAt, zone)]
        .map((text) => element('td', {}, escaped(text)))
        .join(''),
    ),
  )
  return element('table', {}, rows.join(''))
}
