/** This machine in one line: five numbers as they are now, each with its last minutes. */
import { useMemo } from 'react'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import { addUp, divide, newestOf, scaleBy, subtract, type Values } from '../../charts/column-math.ts'
import { type SeriesQuery, useSeries } from '../../charts/use-series.ts'
import { formatValue, type Unit } from '../../format/unit.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import css from './overview.module.css'
import { useTrailingRange } from './use-trailing-range.ts'

interface Signal {
  readonly title: string
  readonly unit: Unit
  readonly values: Values
  /** Fixed top of the picture; null: the largest value. */
  readonly top: number | null
}

const own = { points: 180, matchers: [ofOwnMachine] }
const noLoopback = [ofOwnMachine, { label: 'device', op: '!=' as const, value: 'lo' }]

const queries: readonly SeriesQuery[] = [
  { ...own, metric: 'node_cpu_seconds_total', reduce: 'rate', sumBy: ['mode'] },
  { ...own, metric: 'node_memory_MemTotal_bytes' },
  { ...own, metric: 'node_memory_MemAvailable_bytes' },
  { ...own, metric: 'node_load1' },
  { ...own, metric: 'node_network_receive_bytes_total', reduce: 'rate', sumBy: [], matchers: noLoopback },
  { ...own, metric: 'node_network_transmit_bytes_total', reduce: 'rate', sumBy: [], matchers: noLoopback },
]

export function SignalsStrip({ minutes }: { readonly minutes: number }) {
  const range = useTrailingRange(minutes * 60_000)
  const answer = useSeries(queries, range)
  const signals = useMemo(() => (answer.data ? signalsOf(answer.data) : null), [answer.data])
  if (!signals) {
    if (answer.failure) return <FailedState what="This machine" failure={answer.failure} onRetry={answer.refetch} />
    return <Skeleton height={72} />
  }
  return (
    <section aria-label={`This machine, last ${minutes} minutes`} className={cx(css['strip'])}>
      {signals.map(({ title, unit, values, top }) => {
        const now = formatValue(newestOf(values), unit)
        return (
          <Link key={title} to="host" className={cx(css['signal'])}>
            <span className={cx(css['signalTitle'])}>{title}</span>
            <span className={cx(css['signalValue'])}>{now}</span>
            <span className={cx(css['signalLine'])}>
              <Sparkline
                values={values}
                label={`${title}, last ${minutes} minutes, now ${now}`}
                height={28}
                isFilled
                {...(top === null ? {} : { top })}
              />
            </span>
          </Link>
        )
      })}
      <span className={cx(css['stripBadge'])}>
        <StaleBadge of={answer} />
      </span>
    </section>
  )
}

function signalsOf([cpu, total, available, load, received, sent]: readonly MetricAnswer[]): readonly Signal[] {
  const modes = cpu?.series ?? []
  const all = addUp(modes.map(({ values }) => values))
  const idle = modes.find(({ labels }) => labels['mode'] === 'idle')?.values ?? []
  const memory = total?.series[0]?.values ?? []
  const free = available?.series[0]?.values ?? []
  const bits = (answer: MetricAnswer | undefined) => scaleBy(answer?.series[0]?.values ?? [], 8)
  return [
    { title: 'CPU', unit: 'ratio', values: divide(subtract(all, idle), all), top: 1 },
    { title: 'Memory', unit: 'ratio', values: divide(subtract(memory, free), memory), top: 1 },
    { title: 'Load, 1 min', unit: 'none', values: load?.series[0]?.values ?? [], top: null },
    { title: 'Network in', unit: 'bitsPerSecond', values: bits(received), top: null },
    { title: 'Network out', unit: 'bitsPerSecond', values: bits(sent), top: null },
  ]
}
