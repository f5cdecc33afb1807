/** Metrics with their newest values, as a run read them. */
import type { MetricFamilyView } from '#shared/contract/collectors.ts'
import { formatValue, noValue, type Unit } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import css from './collectors.module.css'

/** Of one metric; the rest is counted. */
const mostShown = 12

export function MetricList({
  metrics,
  className,
}: {
  readonly metrics: readonly MetricFamilyView[]
  readonly className?: string | undefined
}) {
  return (
    <ul className={cx(css['metrics'], className)}>
      {metrics.map((metric) => (
        <MetricItem key={metric.name} metric={metric} />
      ))}
    </ul>
  )
}

function MetricItem({ metric }: { readonly metric: MetricFamilyView }) {
  const { name, help, samples } = metric
  const [only] = samples
  const isSingle = samples.length === 1 && only !== undefined && Object.keys(only.labels).length === 0
  const more = samples.length - mostShown
  return (
    <li className={cx(css['metric'])}>
      <div className={cx(css['metricHead'])}>
        <span className={cx(css['metricName'])}>{name}</span>
        {isSingle && <span className={cx(css['value'])}>{valueText(only.value, metric)}</span>}
      </div>
      <p className={cx(css['metricHelp'])}>{help}</p>
      {!isSingle && (
        <ul className={cx(css['samples'])}>
          {samples.slice(0, mostShown).map(({ labels, value }) => (
            <li key={JSON.stringify(labels)} className={cx(css['sample'])}>
              <span className={cx(css['sampleLabels'])} title={labelText(labels)}>
                {labelText(labels)}
              </span>
              <span className={cx(css['value'])}>{valueText(value, metric)}</span>
            </li>
          ))}
          {more > 0 && <li className={cx(css['sample'])}>and {more} more</li>}
        </ul>
      )}
    </li>
  )
}

const units: Readonly<Record<string, Unit>> = { bytes: 'bytes', seconds: 'seconds', ratio: 'none' }
/** Seconds that are an instant of this century: as a date they say more. */
const instantFrom = 946_684_800

function valueText(value: number | null, { unit }: MetricFamilyView): string {
  if (value === null) return noValue
  if (unit === 'seconds' && value > instantFrom) return formatValue(value, 'instant')
  return formatValue(value, units[unit] ?? 'none')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).filter(([, value]) => value !== '')
  return written.map(([name, value]) => `${name}=${value}`).join('  ')
}
