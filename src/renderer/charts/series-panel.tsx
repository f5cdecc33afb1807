/** A panel with one chart over the range of all screens: asks, waits, fails and shows; the caller says what, not how. */
import { useMemo, useRef } from 'react'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { fixedRange } from '../time-range/range-expression.ts'
import { useRangeStore } from '../time-range/range-store.ts'
import { useRange } from '../time-range/use-range.ts'
import { Panel } from '../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../ui/placeholder.tsx'
import { alignAnswers } from './align-answers.ts'
import type { ChartSeries } from './chart-content.ts'
import { resolutionWords } from './resolution-words.ts'
import { TimeSeriesChart, type TimeSeriesChartProps } from './time-series-chart.tsx'
import { useOnScreen } from './use-on-screen.ts'
import { type SeriesQuery, useSeries } from './use-series.ts'

interface SeriesPanelProps extends Pick<TimeSeriesChartProps, 'unit' | 'isStacked' | 'min' | 'max' | 'thresholds'> {
  readonly title: string
  /** A constant, or memoised: another array is another question. */
  readonly queries: readonly SeriesQuery[]
  /** From the answers, in the order of the queries and on common times, to what is drawn. A constant function. */
  readonly read: (answers: readonly MetricAnswer[]) => readonly ChartSeries[]
  readonly note?: string
  /** Why there may be nothing. */
  readonly empty: string
  readonly height?: number
}

const defaultHeight = 168

export function SeriesPanel(props: SeriesPanelProps) {
  const { title, queries, read, note, empty, height = defaultHeight, unit, isStacked, min, max, thresholds } = props
  const frame = useRef<HTMLDivElement>(null)
  const range = useRange()
  const zoom = useRangeStore((store) => store.set)
  const answer = useSeries(queries, range, { isEnabled: useOnScreen(frame) })
  const shown = useMemo(() => {
    if (!answer.data) return null
    const aligned = alignAnswers(answer.data)
    return { series: read(aligned), times: aligned[0]?.times ?? [], stepMs: aligned[0]?.stepMs ?? 0 }
  }, [answer.data, read])
  const resolution = answer.data && resolutionWords(answer.data)
  return (
    <div ref={frame}>
      <Panel
        title={title}
        isPadded={false}
        note={
          <>
            {[note, resolution].filter(Boolean).join(' · ')} <StaleBadge of={answer} />
          </>
        }
      >
        <Answer of={answer} what={title} loading={<Skeleton height={height + 36} />}>
          {() =>
            shown?.series.some(({ values }) => values.some((value) => value !== null)) ? (
              <TimeSeriesChart
                title={title}
                unit={unit}
                times={shown.times}
                stepMs={shown.stepMs}
                series={shown.series}
                range={range}
                height={height}
                onBrush={(brushed) => zoom(fixedRange(brushed))}
                {...(isStacked === undefined ? {} : { isStacked })}
                {...(min === undefined ? {} : { min })}
                {...(max === undefined ? {} : { max })}
                {...(thresholds === undefined ? {} : { thresholds })}
              />
            ) : (
              <EmptyState title="Nothing was observed in this range">{empty}</EmptyState>
            )
          }
        </Answer>
      </Panel>
    </div>
  )
}
