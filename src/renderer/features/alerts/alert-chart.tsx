/** What the rule looks at, around the alert and only for its series, with the threshold where there is a fixed one. */
import { useMemo } from 'react'
import type { AlertDetail } from '#shared/contract/alerts.ts'
import { valuesOf } from '../../charts/query-answer.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { useQueries } from '../../charts/use-queries.ts'
import { useCall } from '../../client/use-call.ts'
import { formatValue } from '../../format/unit.ts'
import type { PresentRange } from '../../time-range/use-range.ts'
import { cx } from '../../ui/class-names.ts'
import { Skeleton } from '../../ui/placeholder.tsx'
import css from './alert-drawer.module.css'
import { restricted, subjectOf } from './subject.ts'
import { useParsed } from './use-parsed.ts'

const height = 150
const points = 300
const leastBeforeMs = 30 * 60_000
const afterMs = 15 * 60_000

export function AlertChart({ detail }: { readonly detail: AlertDetail }) {
  const { alert, expr } = detail
  const subject = useParsed(expr, subjectOf)
  const rules = useCall('rules.list', {})
  const given = rules.data?.find(({ rule }) => rule.alert === alert.rule)?.rule.labels
  const range = useMemo(() => rangeAround(alert.activeAt, alert.resolvedAt), [alert.activeAt, alert.resolvedAt])
  const questions = useMemo(() => {
    // Labels that the rule adds are none of the series'.
    const added = new Set(['alertname', 'severity', ...Object.keys(given ?? {})])
    const own = Object.fromEntries(Object.entries(alert.labels).filter(([name]) => !added.has(name)))
    return subject ? [{ expr: restricted(subject.expr, own), mode: 'range' as const }] : []
  }, [subject, given, alert.labels])
  const isEnabled = questions.length > 0 && (rules.data !== null || rules.failure !== null)
  const answer = useQueries(questions, range, { isEnabled, points, everyMs: null })
  const [first] = answer.data ?? []
  const found = first?.kind === 'range' ? first.answer : null
  const values = useMemo(() => valuesOf(found?.series[0]?.values ?? []), [found])

  if (subject === null) return <p className={cx(css['note'])}>This expression cannot be read, so nothing is drawn.</p>
  const failure = first?.kind === 'failed' ? first.failure : answer.failure
  if (failure && !found) return <p className={cx(css['note'])}>The values could not be loaded: {failure.message}</p>
  if (!subject || !found) return <Skeleton height={height} />
  if (values.every((value) => value === null))
    return <p className={cx(css['note'])}>No stored value of this alert’s series is in reach.</p>
  const { threshold, unit } = subject
  const tone = alert.severity === 'critical' || alert.severity === 'error' ? 'down' : 'degraded'
  return (
    <TimeSeriesChart
      title={`${alert.rule} around this alert`}
      unit={unit}
      times={found.times}
      stepMs={found.stepMs}
      series={[{ id: 'value', label: 'Value', values }]}
      range={range}
      height={height}
      thresholds={
        threshold
          ? [{ value: threshold.value, label: `${threshold.op} ${formatValue(threshold.value, unit)}`, tone }]
          : []
      }
    />
  )
}

/** From some time before it began until some time after it ended, or until now. */
function rangeAround(activeAt: number, resolvedAt: number | null): PresentRange {
  const now = Date.now()
  const beforeMs = Math.max(leastBeforeMs, ((resolvedAt ?? now) - activeAt) / 3)
  const from = Math.floor(activeAt - beforeMs)
  const to = resolvedAt === null ? now : Math.min(now, resolvedAt + afterMs)
  return { from, to, isMoving: false, key: `${from} ${resolvedAt ?? 'now'}`, ofThisMoment: () => ({ from, to }) }
}
