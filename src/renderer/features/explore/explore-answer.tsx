/** What the expressions answered: their lines, and the newest values as a table. */
import { useMemo, useRef, useState } from 'react'
import type { ChartSeries } from '../../charts/chart-content.ts'
import { legendOf, seriesName, valuesOf } from '../../charts/query-answer.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { useOnScreen } from '../../charts/use-on-screen.ts'
import { type Answered, type Question, useQueries } from '../../charts/use-queries.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatCount } from '../../format/unit.ts'
import { fixedRange } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { useRange } from '../../time-range/use-range.ts'
import { cx } from '../../ui/class-names.ts'
import { Switch } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import css from './explore.module.css'
import { ValuesTable } from './values-table.tsx'

/** More lines than these could not be told apart, and cost time to draw. */
const mostLines = 40
const points = 600
const chartHeight = 320

export function ExploreAnswer({ expressions }: { readonly expressions: readonly string[] }) {
  const frame = useRef<HTMLDivElement>(null)
  const range = useRange()
  const zoom = useRangeStore((store) => store.set)
  const [isStacked, setStacked] = useState(false)
  const questions = useMemo(() => expressions.map((expr): Question => ({ expr, mode: 'range' })), [expressions])
  const answer = useQueries(questions, range, { isEnabled: useOnScreen(frame), points })
  const chart = useMemo(() => linesOf(answer.data ?? []), [answer.data])
  return (
    <div ref={frame} className={cx(css['screen'])}>
      <Failures answers={answer.data ?? []} expressions={expressions} />
      <Panel
        title="Over time"
        isPadded={false}
        note={
          <>
            {costWords(answer.data ?? [])} <StaleBadge of={answer} />
          </>
        }
        actions={<Switch label="Stacked" isOn={isStacked} onChange={setStacked} />}
      >
        <Answer of={answer} what="The answer" loading={<Skeleton height={chartHeight + 36} />}>
          {(answers) =>
            chart.series.length > 0 ? (
              <>
                <TimeSeriesChart
                  title="Over time"
                  unit="none"
                  times={chart.times}
                  stepMs={chart.stepMs}
                  series={chart.series}
                  range={range}
                  height={chartHeight}
                  isStacked={isStacked}
                  onBrush={(brushed) => zoom(fixedRange(brushed))}
                />
                {chart.left > 0 && (
                  <p className={cx(css['hint'], css['below'])}>
                    {mostLines} of {formatCount(mostLines + chart.left)} series are drawn. The table has them all.
                  </p>
                )}
              </>
            ) : (
              answers.some(({ kind }) => kind !== 'failed') && (
                <EmptyState title="No series matches in this range">
                  The expression is right, and nothing that is stored fits it. Names and labels are completed as you
                  type.
                </EmptyState>
              )
            )
          }
        </Answer>
      </Panel>
      <ValuesTable expressions={expressions} />
    </div>
  )
}

function Failures({
  answers,
  expressions,
}: {
  readonly answers: readonly Answered[]
  readonly expressions: readonly string[]
}) {
  const failed = answers.flatMap((answer, index) => (answer.kind === 'failed' ? [{ ...answer, index }] : []))
  const warnings = answers.flatMap((answer) => (answer.kind === 'failed' ? [] : answer.answer.warnings))
  if (failed.length === 0 && warnings.length === 0) return null
  return (
    <div className={cx(css['failures'])} role="alert">
      {failed.map(({ failure, index }) => (
        <p key={index}>
          <strong>{'ABCDEF'[index]}</strong> {failure.message}
        </p>
      ))}
      {warnings.map((warning) => (
        <p key={warning} className={cx(css['warning'])}>
          {warning}
        </p>
      ))}
      {failed.length > 0 && expressions.length > 1 && failed.length < expressions.length && (
        <p className={cx(css['hint'])}>The other expressions are answered below.</p>
      )}
    </div>
  )
}

/** What it took: resolution, samples, time. */
function costWords(answers: readonly Answered[]): string {
  const good = answers.flatMap((answer) => (answer.kind === 'range' ? [answer.answer] : []))
  const first = good[0]
  if (!first) return ''
  const samples = good.reduce((sum, { stats }) => sum + stats.samples, 0)
  const durationMs = good.reduce((sum, { stats }) => sum + stats.durationMs, 0)
  const tier = first.tier === 'raw' ? 'from raw samples' : `from ${first.tier} summaries`
  return `each point ${formatDuration(first.stepMs)} ${tier} · ${formatCount(samples)} samples in ${formatDuration(durationMs)}`
}

interface Lines {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly series: readonly ChartSeries[]
  readonly left: number
}

function linesOf(answers: readonly Answered[]): Lines {
  const good = answers.flatMap((answer, index) => (answer.kind === 'range' ? [{ answer: answer.answer, index }] : []))
  const first = good[0]?.answer
  if (!first) return { times: [], stepMs: 0, series: [], left: 0 }
  const all = good.flatMap(({ answer }) => answer.series.map(({ labels }) => labels))
  const lines = good.flatMap(({ answer, index }) =>
    answer.series.map(({ labels, values }) => ({
      id: `${index} ${seriesName(labels)}`,
      label: answers.length > 1 ? `${'ABCDEF'[index]} ${legendOf('', labels, all)}` : legendOf('', labels, all),
      values: valuesOf(values),
    })),
  )
  return {
    times: first.times,
    stepMs: first.stepMs,
    series: lines.slice(0, mostLines),
    left: Math.max(0, lines.length - mostLines),
  }
}
