/** Grafana's present panels, kind by kind; those of older versions are first brought to this form (see older-panels.ts). */
import type { z } from 'zod'
import type { Panel } from '../panels.ts'
import type { Reducer } from '../values.ts'
import { clipped, currentSyntax, field, has, isSet, listIn, numberIn, textIn } from './fields.ts'
import type { Complaints } from './not-taken.ts'
import type { Sources } from './sources.ts'
import { columnsOf } from './table.ts'
import { durationOrEmpty, maxPointsOf, targetsOf } from './targets.ts'
import {
  drawOf,
  overridesOf,
  reducerOf,
  reducersOf,
  stackingOf,
  unitFields,
  usesThresholds,
  valuesOf,
} from './values.ts'

export type PanelInput = z.input<typeof Panel>
type InputOf<T extends Panel['type']> = Extract<PanelInput, { type: T }>

export interface PanelSurroundings {
  readonly sources: Sources
  readonly complain: Complaints
  /** The queries of another panel whose answer this one shows again; null: none. */
  readonly borrowed: readonly unknown[] | null
}

type Head = Pick<InputOf<'text'>, 'id' | 'title' | 'description' | 'grid' | 'links' | 'repeat'>

/** Null: a kind that Belfry has not, which is told. */
export function panelOf(panel: unknown, head: Head, surroundings: PanelSurroundings): PanelInput | null {
  const { complain } = surroundings
  const type = textIn(panel, 'type')
  const options = field(panel, 'options')
  switch (type) {
    case 'timeseries':
    case 'trend':
      return timeSeries(panel, head, surroundings)
    case 'stat':
      return {
        type: 'stat',
        ...head,
        ...dataOf(panel, surroundings, { isAlwaysColored: true }),
        reduce: reduceOf(options, complain),
        show: textModes[textIn(options, 'textMode')] ?? 'auto',
        graph: textIn(options, 'graphMode') === 'none' ? 'none' : 'area',
        colors: colorsOf(textIn(options, 'colorMode')),
      }
    case 'gauge':
      return {
        type: 'gauge',
        ...head,
        ...dataOf(panel, surroundings, { isAlwaysColored: true }),
        reduce: reduceOf(options, complain),
        showsThresholds: field(options, 'showThresholdMarkers') !== false,
      }
    case 'bargauge':
    case 'barchart':
    case 'piechart':
      if (type === 'piechart') complain.partly('type piechart', 'It is drawn as bars.')
      return {
        type: 'bar',
        ...head,
        ...dataOf(panel, surroundings, { isAlwaysColored: type === 'bargauge' }),
        reduce: reduceOf(options, complain),
        orientation: textIn(options, 'orientation') === 'vertical' ? 'vertical' : 'horizontal',
        order: type === 'piechart' ? 'value' : 'query',
      }
    case 'table':
      return table(panel, head, surroundings)
    case 'heatmap':
      return heatmap(panel, head, surroundings)
    case 'histogram':
      complain.partly('type histogram', 'It is drawn as a heatmap, over time.')
      return { type: 'heatmap', ...head, ...dataOf(panel, surroundings, {}), from: 'values' }
    case 'state-timeline':
    case 'status-history':
      return {
        type: 'state-timeline',
        ...head,
        ...dataOf(panel, surroundings, { isAlwaysColored: true }),
        mergesEqual: type === 'state-timeline' && field(options, 'mergeValues') !== false,
        showsValues: textIn(options, 'showValue') !== 'never',
        rowHeight: Math.min(1, Math.max(0.1, numberIn(options, 'rowHeight') ?? 0.8)),
      }
    case 'text':
      return textPanel(options, head, complain)
    case 'alertlist':
      return alertList(options, head, complain)
    case 'logs':
      complain.partly('type logs', 'Its place is kept; its query was none of PromQL.')
      return { type: 'log-list', ...head }
    default:
      complain.not(`type ${clipped(type, 40) || 'none'}`, 'Belfry has no panels of this kind.')
      return null
  }
}

function timeSeries(panel: unknown, head: Head, surroundings: PanelSurroundings): InputOf<'timeseries'> {
  const { complain } = surroundings
  const custom = field(panel, 'fieldConfig', 'defaults', 'custom')
  const log = numberIn(custom, 'scaleDistribution', 'log')
  const isLog = textIn(custom, 'scaleDistribution', 'type') === 'log'
  const style = textIn(custom, 'thresholdsStyle', 'mode')
  const interpolation = textIn(custom, 'lineInterpolation')
  if (textIn(panel, 'type') === 'trend') complain.partly('type trend', 'It is drawn over time.')
  if (textIn(custom, 'axisPlacement') === 'right')
    complain.partly('axis on the right', 'The axis of all series is on the left.')
  return {
    type: 'timeseries',
    ...head,
    ...dataOf(panel, surroundings, {}),
    legend: legendOf(field(panel, 'options', 'legend'), complain),
    draw: drawOf(field(custom, 'drawStyle')) ?? 'line',
    interpolation: interpolation.startsWith('step') ? 'step' : interpolation === 'smooth' ? 'smooth' : 'linear',
    fill: Math.min(1, Math.max(0, (numberIn(custom, 'fillOpacity') ?? 0) / 100)),
    lineWidth: Math.min(10, Math.max(0, numberIn(custom, 'lineWidth') ?? 1)),
    stacking: stackingOf(textIn(custom, 'stacking', 'mode')),
    // A number says up to how long a gap; there is only yes or no here.
    connectsGaps: field(custom, 'spanNulls') === true || (numberIn(custom, 'spanNulls') ?? 0) > 0,
    axisLabel: clipped(textIn(custom, 'axisLabel'), 60),
    scale: isLog ? (log === 2 ? 'log2' : 'log10') : 'linear',
    thresholdStyle: style.includes('area') ? 'area' : style === '' || style === 'off' ? 'none' : 'line',
  }
}

function table(panel: unknown, head: Head, surroundings: PanelSurroundings): InputOf<'table'> {
  const { complain } = surroundings
  const options = field(panel, 'options')
  const cell = field(panel, 'fieldConfig', 'defaults', 'custom')
  const display = textIn(cell, 'cellOptions', 'type') || textIn(cell, 'displayMode')
  if (isSet(options, 'footer', 'show')) complain.not('footer', 'Tables have no line of sums.')
  const { columns, sort } = columnsOf(panel, complain)
  return {
    type: 'table',
    ...head,
    ...dataOf(panel, surroundings, { isAlwaysColored: display.startsWith('color'), isTable: true }),
    columns,
    sort,
    colors: display === 'color-text' ? 'value' : display.startsWith('color-background') ? 'background' : 'none',
  }
}

function heatmap(panel: unknown, head: Head, surroundings: PanelSurroundings): InputOf<'heatmap'> {
  const options = field(panel, 'options')
  const { areBuckets, ...data } = dataWithBuckets(panel, surroundings, {})
  const unit = textIn(options, 'yAxis', 'unit')
  const calculates = isSet(options, 'calculate')
  return {
    type: 'heatmap',
    ...head,
    ...data,
    ...(unit === '' ? {} : unitFields(unit, surroundings.complain)),
    from: areBuckets || !calculates ? 'buckets' : 'values',
  }
}

function textPanel(options: unknown, head: Head, complain: Complaints): InputOf<'text'> {
  const content = currentSyntax(textIn(options, 'content'))
  const mode = textIn(options, 'mode')
  if (mode === 'html') complain.partly('HTML', 'Its text is taken, without tags.')
  if (mode === 'code') return { type: 'text', ...head, markdown: clipped(`\`\`\`\n${content}\n\`\`\``, 50_000) }
  const isMarked = mode !== 'html' && /<[a-z][^>]*>/i.test(content)
  if (isMarked) complain.partly('HTML in Markdown', 'HTML is shown as it is written.')
  return { type: 'text', ...head, markdown: clipped(mode === 'html' ? textOfHtml(content) : content, 50_000) }
}

/** What a reader would see of it, headings and lists as Markdown. Nothing of it is ever rendered as HTML. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, '')
    .replace(/<h([1-6])\b[^>]*>/gi, (_, level: string) => `\n\n${'#'.repeat(Number(level))} `)
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<(br|p|div|tr|ul|ol|\/h[1-6]|\/p|\/div|\/ul|\/ol|\/table)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (entity) => entities[entity] ?? entity)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&#39;': "'",
}

function alertList(options: unknown, head: Head, complain: Complaints): InputOf<'alert-list'> {
  const most = numberIn(options, 'maxItems')
  const filter = textIn(options, 'alertInstanceLabelFilter')
  const labels = Array.from(filter.matchAll(/\w+\s*=\s*"(?:[^"\\]|\\.)*"/g), ([one]) => currentSyntax(one))
  if (textIn(options, 'alertName') !== '' || has(options, 'folder')) {
    complain.partly('filters', 'Alerts are chosen by their labels, not by names and folders of Grafana.')
  }
  const states = field(options, 'stateFilter')
  return {
    type: 'alert-list',
    ...head,
    states: isSet(states, 'pending') ? ['pending', 'firing', 'recovering'] : ['firing', 'recovering'],
    labels: labels.slice(0, 20),
    limit: most === null ? 20 : Math.min(200, Math.max(1, Math.round(most))),
  }
}

interface DataOptions {
  /** Its value is coloured by thresholds unless something else is said. */
  readonly isAlwaysColored?: boolean
  readonly isTable?: boolean
}

function dataOf(panel: unknown, surroundings: PanelSurroundings, options: DataOptions) {
  const { areBuckets: _, ...data } = dataWithBuckets(panel, surroundings, options)
  return data
}

function dataWithBuckets(panel: unknown, { sources, complain, borrowed }: PanelSurroundings, options: DataOptions) {
  const defaults = field(panel, 'fieldConfig', 'defaults')
  const { targets, areBuckets } = targetsOf(panel, borrowed ?? listIn(panel, 'targets'), {
    sources: borrowed === null ? sources : noOthers,
    complain,
    prefersInstant: options.isTable ?? false,
  })
  if (borrowed !== null) complain.partly('queries of another panel', 'They were copied, and are asked for twice.')
  tellTransformations(panel, complain, options.isTable ?? false)
  return {
    targets,
    areBuckets,
    ...valuesOf(defaults, complain, usesThresholds(defaults, options.isAlwaysColored ?? false)),
    overrides: overridesOf(listIn(panel, 'fieldConfig', 'overrides'), complain),
    timeFrom: ownRange(panel, complain),
    timeShift: durationOrEmpty(textIn(panel, 'timeShift')),
    maxPoints: maxPointsOf(panel),
  }
}

/** Borrowed queries were judged where they stand. */
const noOthers: Sources = { otherThanPrometheus: () => null }

function ownRange(panel: unknown, complain: Complaints): string {
  const text = textIn(panel, 'timeFrom').replace(/^now-/, '')
  const taken = durationOrEmpty(text)
  if (text !== '' && taken === '')
    complain.not(`timeFrom ${clipped(text, 40)}`, 'A range of its own is a length, such as 1h.')
  return taken
}

/** A table's are its columns, and are read there. */
function tellTransformations(panel: unknown, complain: Complaints, isTable: boolean): void {
  for (const transformation of listIn(panel, 'transformations')) {
    const id = textIn(transformation, 'id')
    if (isSet(transformation, 'disabled') || (isTable && tableTransformations.includes(id))) continue
    complain.not(`transformation ${clipped(id, 40)}`, 'Answers are shown as they come: write it as PromQL.')
  }
}

/** What a table does by itself (its targets are joined by their labels), or what its columns say. */
const tableTransformations = [
  'organize',
  'merge',
  'joinByField',
  'seriesToColumns',
  'labelsToFields',
  'sortBy',
  'filterFieldsByName',
]

function legendOf(legend: unknown, complain: Complaints): InputOf<'timeseries'>['legend'] {
  const isHidden = field(legend, 'showLegend') === false || textIn(legend, 'displayMode') === 'hidden'
  return {
    mode: isHidden ? 'hidden' : textIn(legend, 'displayMode') === 'table' ? 'table' : 'list',
    place: textIn(legend, 'placement') === 'right' ? 'right' : 'bottom',
    values: reducersOf(listIn(legend, 'calcs'), complain),
  }
}

function reduceOf(options: unknown, complain: Complaints): Reducer {
  if (isSet(options, 'reduceOptions', 'values')) complain.partly('all values', 'One number of each series is shown.')
  const name = listIn(options, 'reduceOptions', 'calcs')[0]
  return reducerOf(typeof name === 'string' ? name : '', complain)
}

const textModes: Readonly<Record<string, 'value' | 'name' | 'value-and-name'>> = {
  value: 'value',
  name: 'name',
  value_and_name: 'value-and-name',
}

function colorsOf(mode: string): 'none' | 'value' | 'background' {
  if (mode === 'none') return 'none'
  return mode.startsWith('background') ? 'background' : 'value'
}

/** Links of the panel, and of its values where they do not speak of a single one. */
export function linksOf(panel: unknown, complain: Complaints): { title: string; url: string }[] {
  const all = [...listIn(panel, 'links'), ...listIn(panel, 'fieldConfig', 'defaults', 'links')]
  return all.slice(0, 20).flatMap((link) => {
    const title = textIn(link, 'title') || 'Link'
    const url = ownAddress(currentSyntax(textIn(link, 'url')))
    if (/\$\{__(value|field|data|series|url)/.test(url)) {
      complain.not(`link "${clipped(title, 60)}"`, 'It needs the value that was clicked.')
      return []
    }
    if (!/^(https?:\/\/|\/(?!\/)|#)/.test(url) || url.length > 2000) {
      complain.not(`link "${clipped(title, 60)}"`, 'Links begin with http://, https:// or /.')
      return []
    }
    return [{ title: clipped(title, 120), url }]
  })
}

/** `/d/<uid>/name` is `/dashboards/<uid>` here. */
const ownAddress = (url: string) =>
  url.replace(/^\/?d\/([A-Za-z0-9_-]+)(?:\/[^?#]*)?/, (_, uid: string) => `/dashboards/${uid.toLowerCase()}`)

/** Whether a panel was made of another one by its repeat, and saved with it; it comes again by itself. */
export const isCopy = (panel: unknown) => has(panel, 'repeatPanelId') || has(panel, 'repeatedByRow')
