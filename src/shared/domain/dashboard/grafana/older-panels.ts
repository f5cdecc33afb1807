/**
 * Panels of older Grafanas (graph, singlestat, the first table and heatmap) in the form of the present ones, so that one
 * reader serves both. Source: Grafana's own migrations, public/app/plugins/panel/{timeseries,stat,table}/migrations.ts.
 */
import { clipped, field, fieldsOf, has, isSet, listIn, numberIn, textIn } from './fields.ts'
import type { Complaints } from './not-taken.ts'

/** The same panel where its kind is a present one. */
export function presentPanel(panel: unknown, complain: Complaints): unknown {
  switch (textIn(panel, 'type')) {
    case 'graph':
      return fromGraph(panel, complain)
    case 'singlestat':
    case 'grafana-singlestat-panel':
      return fromSingleStat(panel, complain)
    case 'table-old':
      return fromOldTable(panel, complain)
    case 'table':
      return has(panel, 'styles') && !has(panel, 'fieldConfig', 'defaults') ? fromOldTable(panel, complain) : panel
    case 'heatmap':
      return has(panel, 'options') ? panel : fromOldHeatmap(panel)
    case 'text':
      return has(panel, 'options', 'content')
        ? panel
        : { ...fieldsOf(panel), options: { content: textIn(panel, 'content'), mode: textIn(panel, 'mode') } }
    case 'alertlist':
      return has(panel, 'options') ? panel : { ...fieldsOf(panel), options: { maxItems: field(panel, 'limit') } }
    default:
      return panel
  }
}

function fromGraph(panel: unknown, complain: Complaints): unknown {
  const [left, right] = listIn(panel, 'yaxes')
  const legend = field(panel, 'legend')
  const calcs = ['min', 'max', 'avg', 'current', 'total'].filter((name) => isSet(legend, name))
  const isTable = isSet(legend, 'alignAsTable')
  const thresholds = listIn(panel, 'thresholds')
  const mode = textIn(panel, 'xaxis', 'mode')
  if (mode === 'histogram' || mode === 'series') complain.partly(`x axis of ${mode}`, 'It is drawn over time.')
  if (has(panel, 'alert')) complain.not('alert', 'It belongs into a rule file: write it under Alerts, Rules.')
  const isStacked = isSet(panel, 'stack')
  return {
    ...fieldsOf(panel),
    type: 'timeseries',
    fieldConfig: {
      defaults: {
        unit: textIn(left, 'format'),
        min: field(left, 'min'),
        max: field(left, 'max'),
        decimals: field(panel, 'decimals') ?? field(left, 'decimals'),
        links: field(panel, 'options', 'dataLinks'),
        thresholds: { mode: 'absolute', steps: graphSteps(thresholds) },
        custom: {
          drawStyle: isSet(panel, 'bars')
            ? 'bars'
            : field(panel, 'lines') === false && isSet(panel, 'points')
              ? 'points'
              : 'line',
          lineInterpolation: isSet(panel, 'steppedLine') ? 'stepAfter' : 'linear',
          // From 0 to 10.
          fillOpacity: (numberIn(panel, 'fill') ?? 1) * 10,
          lineWidth: field(panel, 'linewidth') ?? 1,
          spanNulls: textIn(panel, 'nullPointMode') === 'connected',
          stacking: { mode: isStacked ? (isSet(panel, 'percentage') ? 'percent' : 'normal') : 'none' },
          axisLabel: textIn(left, 'label'),
          scaleDistribution:
            (numberIn(left, 'logBase') ?? 1) > 1 ? { type: 'log', log: numberIn(left, 'logBase') } : {},
          thresholdsStyle: { mode: thresholds.length > 0 ? (isSet(thresholds[0], 'fill') ? 'area' : 'line') : 'off' },
        },
      },
      overrides: [
        ...aliasColors(panel),
        ...listIn(panel, 'seriesOverrides').map((one) => graphOverride(one, right, complain)),
      ],
    },
    options: {
      legend: {
        displayMode: isTable ? 'table' : 'list',
        showLegend: field(legend, 'show') !== false,
        placement: isSet(legend, 'rightSide') ? 'right' : 'bottom',
        calcs: isSet(legend, 'values') ? calcs : [],
      },
    },
  }
}

/** `gt 80` is red from there on; `lt 20` red below, and nothing above. */
function graphSteps(thresholds: readonly unknown[]): { value: number | null; color: string }[] {
  const colors: Readonly<Record<string, string>> = { critical: 'red', warning: 'orange', ok: 'green' }
  const steps: { value: number | null; color: string }[] = [{ value: null, color: 'transparent' }]
  for (const threshold of thresholds) {
    const value = numberIn(threshold, 'value')
    if (value === null) continue
    const color =
      colors[textIn(threshold, 'colorMode')] ?? (textIn(threshold, 'fillColor') || textIn(threshold, 'lineColor'))
    if (textIn(threshold, 'op') === 'lt') steps.push({ value: null, color }, { value, color: 'transparent' })
    else steps.push({ value, color })
  }
  // The last base said wins: below the lowest "less than".
  const bases = steps.filter(({ value }) => value === null)
  return [...bases.slice(-1), ...steps.filter(({ value }) => value !== null)]
}

function aliasColors(panel: unknown): unknown[] {
  return Object.entries(fieldsOf(field(panel, 'aliasColors'))).map(([name, color]) => ({
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
  }))
}

function graphOverride(override: unknown, right: unknown, complain: Complaints): unknown {
  const alias = textIn(override, 'alias')
  const properties: { id: string; value: unknown }[] = []
  for (const [name, value] of Object.entries(fieldsOf(override))) {
    switch (name) {
      case 'alias':
      case '$$hashKey':
      case 'zindex':
      case 'dashes':
      case 'dashLength':
      case 'spaceLength':
      case 'pointradius':
      case 'legend':
      case 'hiddenSeries':
      case 'fillGradient':
        break
      case 'yaxis':
        if (value === 2) {
          properties.push(
            { id: 'custom.axisPlacement', value: 'right' },
            { id: 'unit', value: textIn(right, 'format') },
          )
          for (const end of ['min', 'max']) {
            const at = numberIn(right, end)
            if (at !== null) properties.push({ id: end, value: at })
          }
        }
        break
      case 'transform':
        properties.push({ id: 'custom.transform', value })
        break
      case 'color':
        properties.push({ id: 'color', value: { mode: 'fixed', fixedColor: value } })
        break
      case 'fill':
        properties.push({ id: 'custom.fillOpacity', value: (numberIn(override, 'fill') ?? 0) * 10 })
        break
      case 'linewidth':
        properties.push({ id: 'custom.lineWidth', value })
        break
      case 'bars':
      case 'points':
        if (value === true) properties.push({ id: 'custom.drawStyle', value: name })
        break
      case 'lines':
        if (value === true) properties.push({ id: 'custom.drawStyle', value: 'line' })
        else if (isSet(override, 'bars') || isSet(override, 'points')) break
        else properties.push({ id: 'custom.lineWidth', value: 0 })
        break
      case 'stack':
        properties.push({ id: 'custom.stacking', value: { mode: value === false ? 'none' : 'normal' } })
        break
      default:
        complain.not(`seriesOverrides "${clipped(alias, 60)}" ${clipped(name, 40)}`, 'Nothing like it is there.')
    }
  }
  const isPattern = /^\/.*\/[a-z]*$/.test(alias)
  return { matcher: { id: isPattern ? 'byRegexp' : 'byName', options: alias }, properties }
}

const singleStatCalcs: Readonly<Record<string, string>> = {
  current: 'lastNotNull',
  avg: 'mean',
  total: 'sum',
  name: 'lastNotNull',
}

function fromSingleStat(panel: unknown, complain: Complaints): unknown {
  const valueName = textIn(panel, 'valueName')
  const isGauge = isSet(panel, 'gauge', 'show')
  const colors = listIn(panel, 'colors').filter((color) => typeof color === 'string')
  const values = textIn(panel, 'thresholds')
    .split(',')
    .filter((text) => text.trim() !== '')
  // The first colour is the base's, so each value has the next.
  const steps: { value: number | null; color: string }[] = [
    { value: null, color: colors[0] ?? 'green' },
    ...values.map((value, index) => ({ value: Number(value), color: colors[index + 1] ?? 'red' })),
  ]
  const isColored = isSet(panel, 'colorValue') || isSet(panel, 'colorBackground') || isGauge
  for (const part of ['prefix', 'postfix']) {
    const text = textIn(panel, part)
    if (text.trim() !== '')
      complain.partly(`${part} "${clipped(text, 30)}"`, 'It is not written around the value; choose a unit or a title.')
  }
  return {
    ...fieldsOf(panel),
    type: isGauge ? 'gauge' : 'stat',
    fieldConfig: {
      defaults: {
        unit: textIn(panel, 'format'),
        decimals: field(panel, 'decimals'),
        noValue: textIn(panel, 'nullText'),
        min: isGauge ? field(panel, 'gauge', 'minValue') : undefined,
        max: isGauge ? field(panel, 'gauge', 'maxValue') : undefined,
        color: { mode: isColored ? 'thresholds' : 'fixed' },
        thresholds: { mode: 'absolute', steps },
        mappings: [
          ...(numberIn(panel, 'mappingType') === 2
            ? listIn(panel, 'rangeMaps').map((map) => ({
                type: 2,
                from: field(map, 'from'),
                to: field(map, 'to'),
                text: field(map, 'text'),
              }))
            : listIn(panel, 'valueMaps').map((map) => ({
                type: 1,
                value: field(map, 'value'),
                text: field(map, 'text'),
              }))),
        ],
      },
      overrides: [],
    },
    options: {
      reduceOptions: { calcs: [singleStatCalcs[valueName] ?? valueName] },
      graphMode: isSet(panel, 'sparkline', 'show') ? 'area' : 'none',
      colorMode: isSet(panel, 'colorBackground') ? 'background' : isSet(panel, 'colorValue') ? 'value' : 'none',
      textMode: valueName === 'name' ? 'name' : 'auto',
    },
  }
}

function fromOldTable(panel: unknown, complain: Complaints): unknown {
  const transform = textIn(panel, 'transform')
  if (!['', 'table', 'timeseries_aggregations'].includes(transform)) {
    complain.partly(`transform ${clipped(transform, 40)}`, 'It is a table of labels and numbers.')
  }
  const overrides = listIn(panel, 'styles').flatMap((style) => {
    const pattern = textIn(style, 'pattern')
    const isPattern = /^\/.*\/$/.test(pattern)
    // The style for everything else, and that of time.
    if (pattern === '/.*/' || pattern === 'Time') return []
    const properties: { id: string; value: unknown }[] = []
    if (textIn(style, 'type') === 'hidden') properties.push({ id: 'custom.hidden', value: true })
    if (textIn(style, 'alias') !== '') properties.push({ id: 'displayName', value: textIn(style, 'alias') })
    if (textIn(style, 'unit') !== '') properties.push({ id: 'unit', value: textIn(style, 'unit') })
    if (has(style, 'decimals')) properties.push({ id: 'decimals', value: field(style, 'decimals') })
    return [{ matcher: { id: isPattern ? 'byRegexp' : 'byName', options: pattern }, properties }]
  })
  return { ...fieldsOf(panel), type: 'table', fieldConfig: { defaults: {}, overrides }, options: {} }
}

function fromOldHeatmap(panel: unknown): unknown {
  return {
    ...fieldsOf(panel),
    options: {
      calculate: textIn(panel, 'dataFormat') !== 'tsbuckets',
      yAxis: { unit: textIn(panel, 'yAxis', 'format') },
    },
  }
}
