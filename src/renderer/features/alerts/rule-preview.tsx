/** What an expression looks at over the range of all screens, as it is typed, with the line it is compared with. */
import { useDeferredValue, useMemo } from 'react'
import type { Labels } from '#shared/domain/series.ts'
import { legendOf, valuesOf } from '../../charts/query-answer.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { useQueries } from '../../charts/use-queries.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { fixedRange } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { useRange } from '../../time-range/use-range.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import css from './rule-form.module.css'
import { subjectOf } from './subject.ts'
import { useParsed } from './use-parsed.ts'

const height = 190
const points = 300
/** More lines could not be told apart. */
const mostLines = 20

export function RulePreview({ expr }: { readonly expr: string }) {
  const asked = useDeferredValue(expr)
  const subject = useParsed(asked, subjectOf)
  const range = useRange()
  const zoom = useRangeStore((store) => store.set)
  const questions = useMemo(() => (subject ? [{ expr: subject.expr, mode: 'range' as const }] : []), [subject])
  const answer = useQueries(questions, range, { isEnabled: questions.length > 0, points })
  const [first] = answer.data ?? []
  const found = first?.kind === 'range' ? first.answer : null
  const series = useMemo(() => {
    const labels = found?.series.map((one) => one.labels) ?? []
    return (found?.series ?? []).slice(0, mostLines).map((one, index) => ({
      ...{ id: String(index), label: nameOf(one.labels, labels), values: valuesOf(one.values) },
    }))
  }, [found])
  const failure = first?.kind === 'failed' ? first.failure : answer.failure
  const count = found?.series.length ?? 0
  return (
    <Panel
      title="Over time"
      note={
        <>
          {count > mostLines && `${mostLines} of ${formatCount(count)} series`} <StaleBadge of={answer} />
        </>
      }
    >
      {subject === null || expr.trim() === '' ? (
        <p className={cx(css['muted'])}>What the expression looks at is drawn here as soon as it can be read.</p>
      ) : failure && !found ? (
        <p className={cx(css['problem'])}>{failure.message}</p>
      ) : !found || !subject ? (
        <Skeleton height={height} />
      ) : count === 0 ? (
        <p className={cx(css['muted'])}>No stored series matches in this range.</p>
      ) : (
        <TimeSeriesChart
          title="What the rule looks at"
          unit={subject.unit}
          times={found.times}
          stepMs={found.stepMs}
          series={series}
          range={range}
          height={height}
          onBrush={(brushed) => zoom(fixedRange(brushed))}
          thresholds={
            subject.threshold
              ? [
                  {
                    value: subject.threshold.value,
                    label: `${subject.threshold.op} ${formatValue(subject.threshold.value, subject.unit)}`,
                    tone: 'down',
                  },
                ]
              : []
          }
        />
      )}
    </Panel>
  )
}

/** A series without labels is just a value. */
function nameOf(labels: Labels, all: readonly Labels[]): string {
  const name = legendOf('', labels, all)
  return name === '{}' ? 'Value' : name
}
