/** The charts that a kind says tell most of it, over the series of one collector. */
import { useMemo } from 'react'
import type { CollectorChart } from '#shared/contract/collectors.ts'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import type { ChartSeries } from '../../charts/chart-content.ts'
import { SeriesPanel } from '../../charts/series-panel.tsx'
import type { SeriesQuery } from '../../charts/use-series.ts'
import type { Unit } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import css from './collectors.module.css'

const points = 300
/** More lines are told apart by nobody. */
const mostLines = 8
/** So many are shown even where they are nothing throughout. */
const fewLines = 3
const chartHeight = 132

const units: Readonly<Record<CollectorChart['unit'], Unit>> = {
  count: 'none',
  bytes: 'bytes',
  seconds: 'seconds',
  ratio: 'ratio',
  perSecond: 'perSecond',
  bytesPerSecond: 'bytesPerSecond',
}

/** Of every collector, whatever its kind. */
const ownChart: CollectorChart = {
  title: 'Duration of a run',
  unit: 'seconds',
  lines: [{ metric: 'belfry_collector_duration_seconds', label: 'run', reduce: 'max', sumBy: [] }],
}

export function CollectorCharts({ id, charts }: { readonly id: string; readonly charts: readonly CollectorChart[] }) {
  return (
    <div className={cx(css['charts'])}>
      {[...charts, ownChart].map((chart) => (
        <Chart key={chart.title} id={id} chart={chart} />
      ))}
    </div>
  )
}

function Chart({ id, chart }: { readonly id: string; readonly chart: CollectorChart }) {
  const { title, unit, lines } = chart
  const queries = useMemo(
    () =>
      lines.map(
        ({ metric, reduce, sumBy }): SeriesQuery => ({
          metric,
          points,
          reduce,
          sumBy,
          matchers: [{ label: 'collector', op: '=', value: id }],
        }),
      ),
    [id, lines],
  )
  const read = useMemo(() => (answers: readonly MetricAnswer[]) => linesOf(chart, answers), [chart])
  return (
    <SeriesPanel
      title={title}
      unit={units[unit]}
      queries={queries}
      read={read}
      height={chartHeight}
      min={0}
      empty="Nothing was read of it in this time."
    />
  )
}

/** Of several lines those that are ever more than nothing, and no more than can be told apart. */
function linesOf({ lines }: CollectorChart, answers: readonly MetricAnswer[]): readonly ChartSeries[] {
  const found = lines.flatMap(({ label, metric }, index) =>
    (answers[index]?.series ?? []).map(({ labels, values }) => {
      const named = Object.values(labels).filter((value) => value !== '')
      const shown = label ?? (named.join(' ') || metric)
      return { id: `${metric} ${shown}`, label: shown, values }
    }),
  )
  const largest = (values: readonly (number | null)[]) => Math.max(...values.map((value) => value ?? 0))
  const busy = found.filter(({ values }) => largest(values) > 0)
  const all = busy.length === 0 || found.length <= fewLines ? found : busy
  if (all.length <= mostLines) return all
  return all.toSorted((a, b) => largest(b.values) - largest(a.values)).slice(0, mostLines)
}
