/** How long attempts take: by phase where the kind measures phases, else as a whole. */
import { useMemo } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { resolutionWords } from '../../charts/resolution-words.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { type SeriesQuery, useSeries } from '../../charts/use-series.ts'
import { fixedRange } from '../../time-range/range-expression.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { useRange } from '../../time-range/use-range.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { phaseWord } from './check-words.ts'

const height = 200
const points = 400
/** In the order they happen. */
const phaseOrder = ['resolve', 'connect', 'tls', 'processing', 'transfer']

export function LatencyPanel({ check }: { readonly check: CheckView }) {
  const range = useRange()
  const setRange = useRangeStore((store) => store.set)
  const queries = useMemo(() => queriesOf(check.id), [check.id])
  const answer = useSeries(queries, range)
  const shown = answer.data && linesOf(answer.data)
  return (
    <Panel
      title={shown?.isByPhase ? 'Latency by phase' : 'Latency'}
      note={
        <>
          {shown && resolutionWords(shown.answers)} <StaleBadge of={answer} />
        </>
      }
      isPadded={false}
    >
      <Answer of={answer} what="Latency" loading={<Skeleton height={height + 36} />}>
        {() =>
          shown && shown.series.length > 0 ? (
            <TimeSeriesChart
              title={`Latency of ${check.name}`}
              unit="seconds"
              times={shown.times}
              stepMs={shown.stepMs}
              series={shown.series}
              range={range}
              isStacked={shown.isByPhase}
              height={height}
              onBrush={(brushed) => setRange(fixedRange(brushed))}
            />
          ) : (
            <EmptyState title="No attempt in this range">Choose a longer range, or run the check now.</EmptyState>
          )
        }
      </Answer>
    </Panel>
  )
}

function queriesOf(checkId: string): readonly SeriesQuery[] {
  const matchers = [{ label: 'check', op: '=' as const, value: checkId }]
  return [
    { metric: 'probe_http_duration_seconds', matchers, reduce: 'avg', points },
    { metric: 'probe_duration_seconds', matchers, reduce: 'avg', points },
  ]
}

function linesOf([phases, whole]: readonly MetricAnswer[]) {
  const isByPhase = (phases?.series.length ?? 0) > 0
  const answer = isByPhase ? phases : whole
  if (!answer) return null
  const series = answer.series.map(({ labels, values }) => {
    const phase = labels['phase'] ?? ''
    const rank = phaseOrder.indexOf(phase)
    return { id: phase || 'total', label: phase ? phaseWord(phase) : 'Total', target: labels['target'], values, rank }
  })
  series.sort((a, b) => a.rank - b.rank)
  return {
    isByPhase,
    answers: [answer],
    times: answer.times,
    stepMs: answer.stepMs,
    // A label that changed makes a second series of the same phase: they follow each other, so each keeps its own line.
    series: series.map(({ id, label, target, values }, index) => {
      const isAlone = series.every((other, position) => position === index || other.id !== id)
      return { id: `${id} ${index}`, label: isAlone || !target ? label : `${label}, ${target}`, values }
    }),
  }
}
