/** Frames as the chart of a panel's kind. */
import { useMemo } from 'react'
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import { type Reading, readValue } from '#shared/domain/dashboard/reading.ts'
import { reducerWords, reduceSeries } from '#shared/domain/dashboard/reduce.ts'
import { BarList } from '../../charts/bar-list.tsx'
import type { ChartLook, ChartMark, ChartSeries, Threshold } from '../../charts/chart-content.ts'
import type { LegendStyle } from '../../charts/chart-legend.tsx'
import { GaugeTiles } from '../../charts/gauge-tiles.tsx'
import { Heatmap } from '../../charts/heatmap.tsx'
import { bucketRows, valueRows } from '../../charts/heatmap-cells.ts'
import { formatReading } from '../../charts/reading.ts'
import { StatTiles } from '../../charts/stat-tiles.tsx'
import { StateRows } from '../../charts/state-rows.tsx'
import { spansOf } from '../../charts/state-spans.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { fixedRange } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { endsOf, type Frames, itemsOf, meaningfulStretches, shareOf } from './panel-frames.ts'
import { PanelTable } from './panel-table.tsx'

export interface DataPanelViewProps<P extends DataPanel = DataPanel> {
  readonly panel: P
  readonly frames: Frames
  readonly range: { readonly from: number; readonly to: number }
  readonly scope: Scope
  readonly marks: readonly ChartMark[]
  readonly isTable: boolean
  readonly height: number
}

type Of<T extends DataPanel['type']> = DataPanelViewProps<Extract<DataPanel, { type: T }>>

export function DataPanelView({ panel, ...rest }: DataPanelViewProps) {
  switch (panel.type) {
    case 'timeseries':
      return <SeriesView panel={panel} {...rest} />
    case 'stat':
      return <StatView panel={panel} {...rest} />
    case 'gauge':
      return <GaugeView panel={panel} {...rest} />
    case 'bar':
      return <BarView panel={panel} {...rest} />
    case 'table':
      return <PanelTable panel={panel} frames={rest.frames} scope={rest.scope} />
    case 'heatmap':
      return <HeatmapView panel={panel} {...rest} />
    case 'state-timeline':
      return <TimelineView panel={panel} {...rest} />
  }
}

const titleOf = (panel: DataPanel, scope: Scope) => interpolate(panel.title, scope) || 'Panel'
/** Lines that can be told apart; the table has the others. */
const mostLines = 50
const legendLine = 18

function SeriesView({ panel, frames, range, scope, marks, isTable, height }: Of<'timeseries'>) {
  const zoom = useRangeStore((store) => store.set)
  const series = useMemo(
    () =>
      frames.frames.slice(0, mostLines).map(({ id, name, values, options }, index): ChartSeries => {
        const { color, draw, fill, lineWidth, axis, isNegated } = options
        return {
          id,
          label: name,
          style: index,
          values,
          ...(isNegated ? { isNegated } : {}),
          ...(color ? { token: `--${color}` } : {}),
          ...(draw ? { draw } : {}),
          ...(fill === undefined ? {} : { fill }),
          ...(lineWidth === undefined ? {} : { lineWidth }),
          ...(axis ? { axis } : {}),
        }
      }),
    [frames],
  )
  const right = frames.frames.find(({ options }) => options.axis === 'right')?.options.unit
  const look = useMemo(
    (): ChartLook => ({
      draw: panel.draw,
      interpolation: panel.interpolation,
      fill: panel.fill,
      lineWidth: panel.lineWidth,
      stacking: panel.stacking,
      connectsGaps: panel.connectsGaps,
      scale: panel.scale,
      axisLabel: interpolate(panel.axisLabel, scope),
      ...(right ? { rightUnit: right } : {}),
    }),
    [panel, scope, right],
  )
  const largest = useMemo(
    () => frames.frames.reduce((most, { values }) => Math.max(most, reduceSeries(values, 'max') ?? 0), 0),
    [frames],
  )
  const bands = useMemo(
    () => (panel.thresholdStyle === 'area' ? meaningfulStretches(panel, largest) : []),
    [panel, largest],
  )
  const thresholds = useMemo(
    () => (panel.thresholdStyle === 'line' ? thresholdLines(panel, largest) : []),
    [panel, largest],
  )
  const legend = useMemo((): LegendStyle => {
    const { mode, place, values } = panel.legend
    const lines = Math.floor(height / legendLine)
    return {
      mode,
      place,
      columns: values.map((reducer) => ({
        title: reducerWords[reducer],
        of: (all) => reduceSeries(all, reducer),
      })),
      most: place === 'right' ? Math.max(1, lines - 2) : mode === 'table' ? Math.max(1, Math.floor(lines / 3)) : 8,
    }
  }, [panel, height])
  return (
    <TimeSeriesChart
      title={titleOf(panel, scope)}
      unit={panel.unit}
      suffix={panel.suffix}
      times={frames.times}
      stepMs={frames.stepMs}
      series={series}
      range={range}
      look={look}
      bands={bands}
      thresholds={thresholds}
      marks={marks}
      legend={legend}
      height="fill"
      isTable={isTable}
      onBrush={(brushed) => zoom(fixedRange(brushed))}
      {...(panel.min === null ? {} : { min: panel.min })}
      {...(panel.max === null ? {} : { max: panel.max })}
    />
  )
}

/** Only what is worse than well is worth a line. */
function thresholdLines(panel: DataPanel, largest: number): Threshold[] {
  const { min, max } = endsOf(panel, largest)
  return panel.thresholds.steps.flatMap(({ value, state }) => {
    if (state !== 'degraded' && state !== 'down') return []
    const at = panel.thresholds.mode === 'absolute' ? value : min + (value / 100) * (max - min)
    return [{ value: at, label: formatReading(at, panel.unit, panel.suffix), tone: state }]
  })
}

function StatView({ panel, frames, scope, isTable }: Of<'stat'>) {
  const items = useMemo(() => itemsOf(frames, panel.reduce), [frames, panel.reduce])
  return (
    <StatTiles
      title={titleOf(panel, scope)}
      items={items}
      show={panel.show}
      hasGraph={panel.graph === 'area'}
      colors={panel.colors}
      isTable={isTable}
    />
  )
}

function GaugeView({ panel, frames, scope, isTable }: Of<'gauge'>) {
  const items = useMemo(() => itemsOf(frames, panel.reduce), [frames, panel.reduce])
  const largest = items.reduce((most, { value }) => (Number.isFinite(value) ? Math.max(most, value ?? 0) : most), 0)
  const ends = endsOf(panel, largest)
  const stretches = meaningfulStretches(panel, largest).flatMap(({ from, to, token }) => {
    const [start, end] = [Math.max(from, ends.min), Math.min(to, ends.max)]
    return end > start ? [{ from: shareOf(start, ends) ?? 0, to: shareOf(end, ends) ?? 1, token }] : []
  })
  return (
    <GaugeTiles
      title={titleOf(panel, scope)}
      items={items}
      stretches={panel.showsThresholds ? stretches : []}
      isTable={isTable}
    />
  )
}

function BarView({ panel, frames, scope, isTable }: Of<'bar'>) {
  const items = useMemo(() => {
    const all = itemsOf(frames, panel.reduce)
    return panel.order === 'value'
      ? all.sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY))
      : all
  }, [frames, panel.reduce, panel.order])
  return <BarList title={titleOf(panel, scope)} items={items} orientation={panel.orientation} isTable={isTable} />
}

function HeatmapView({ panel, frames, range, scope, isTable }: Of<'heatmap'>) {
  const rows = useMemo(
    () =>
      panel.from === 'buckets' ? bucketRows(frames.frames) : valueRows(frames.frames, panel.unit, panel.bucketCount),
    [panel, frames],
  )
  return (
    <Heatmap
      title={titleOf(panel, scope)}
      times={frames.times}
      stepMs={frames.stepMs}
      range={range}
      rows={rows}
      unit={panel.unit}
      isTable={isTable}
    />
  )
}

function TimelineView({ panel, frames, range, scope, isTable }: Of<'state-timeline'>) {
  const rows = useMemo(
    () =>
      frames.frames.map(({ id, name, values, options }) => ({
        id,
        label: name,
        spans: spansOf(
          frames.times,
          frames.stepMs,
          values,
          (value): Reading => readValue(value, options),
          panel.mergesEqual,
        ),
      })),
    [panel, frames],
  )
  return (
    <StateRows
      title={titleOf(panel, scope)}
      rows={rows}
      range={range}
      showsValues={panel.showsValues}
      rowHeight={panel.rowHeight}
      isTable={isTable}
    />
  )
}
