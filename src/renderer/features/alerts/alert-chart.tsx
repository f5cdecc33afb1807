/** What the rule looks at, around the alert, with the threshold where there is a fixed one. */
import type { AlertDetail } from '#shared/contract/alerts.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { formatValue } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/placeholder.tsx'
import css from './alert-drawer.module.css'
import { useExpressionPlot } from './use-expression-plot.ts'

const height = 150

export function AlertChart({ detail }: { readonly detail: AlertDetail }) {
  const { plot, line, stepMs, range, answer } = useExpressionPlot(detail)
  if (plot === undefined || (plot && answer.isLoading && !answer.data)) return <Skeleton height={height} />
  if (plot === null) return <p className={cx(css['note'])}>This expression has no single line to draw.</p>
  if (answer.failure && !answer.data)
    return <p className={cx(css['note'])}>The values could not be loaded: {answer.failure.message}</p>
  if (!line || line.values.every((value) => value === null))
    return <p className={cx(css['note'])}>No stored value of this alert’s series is in reach.</p>
  const { threshold, unit } = plot
  const tone = detail.alert.severity === 'critical' || detail.alert.severity === 'error' ? 'down' : 'degraded'
  const name = plot.isExact ? 'Value' : (plot.queries[0]?.metric ?? 'Value')
  return (
    <>
      <TimeSeriesChart
        title={`${detail.alert.rule} around this alert`}
        unit={unit}
        times={line.times}
        stepMs={stepMs}
        series={[{ id: 'value', label: name, values: line.values }]}
        range={range}
        height={height}
        thresholds={
          threshold
            ? [{ value: threshold.value, label: `${threshold.op} ${formatValue(threshold.value, unit)}`, tone }]
            : []
        }
      />
      {!plot.isExact && (
        <p className={cx(css['note'])}>The line is the metric the rule reads; the rule computes further with it.</p>
      )}
    </>
  )
}
