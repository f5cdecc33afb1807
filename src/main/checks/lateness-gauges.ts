/** The scheduler's lateness as two series a minute: `belfry_scheduler_lateness_seconds{quantile="0.99"}` and `"1"`. */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Clock, Timers } from '#main/ports.ts'
import type { Lateness, LatenessTold } from './lateness.ts'

const everyMs = 60_000

export interface LatenessGauges {
  /** Of the last minute; null when nothing ran in it. */
  last(): LatenessTold | null
  stop(): void
}

/** Minutes without a run have no sample. */
export function startLatenessGauges(
  { clock, timers }: { clock: Clock; timers: Timers },
  metrics: MetricStore,
  lateness: Lateness,
): LatenessGauges {
  const gauge = (quantile: string) =>
    metrics.series('belfry_scheduler_lateness_seconds', { scheduler: 'checks', quantile }, { decimals: 5 })
  let told: LatenessTold | null = null
  const stop = timers.every(everyMs, () => {
    told = lateness.take()
    const [p99, max] = [gauge('0.99'), gauge('1')]
    if (told === null || p99 === undefined || max === undefined) return
    metrics.append(clock.now(), [
      [p99, told.p99Ms / 1000],
      [max, told.maxMs / 1000],
    ])
  })
  return { last: () => told, stop }
}
