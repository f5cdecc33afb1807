/**
 * Belfry watching itself: processor and memory of its own process, and how late the main loop runs. The loop's delay is
 * what everything in this process waits for, so it is measured all the time and told for each stretch between two runs.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { CollectedSample, Collector } from './kind.ts'

/** Of one stretch, in milliseconds beyond the timer's own time. */
export interface LoopDelay {
  readonly p99Ms: number
  readonly maxMs: number
}

export interface OwnProcess extends Collector {
  /** Of the last stretch; null before the first run. */
  loopDelay(): LoopDelay | null
  close(): void
}

/** How often the loop is probed, ms. Finer costs wake-ups all day: each probe is a timer. */
const resolutionMs = 50

export function watchOwnProcess(): OwnProcess {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  let last: LoopDelay | null = null
  const startedSeconds = performance.timeOrigin / 1000
  return {
    kind: 'belfry',
    title: 'Belfry itself',
    tier: 'fast',
    loopDelay: () => last,
    async collect() {
      const hasDelays = delays.count > 0
      if (hasDelays) last = { p99Ms: delayMs(delays.percentile(99)), maxMs: delayMs(delays.max) }
      delays.reset()
      const { user, system } = process.cpuUsage()
      return {
        samples: [
          sample('process_cpu_seconds_total', (user + system) / 1e6, 2),
          sample('process_resident_memory_bytes', process.memoryUsage.rss(), 0),
          sample('process_start_time_seconds', startedSeconds, 2),
          ...(hasDelays && last ? delaySamples(last) : []),
        ],
        problems: [],
      }
    },
    close: () => void delays.disable(),
  }
}

/** The monitor measures the whole time between two probes. */
function delayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs)
}

function delaySamples({ p99Ms, maxMs }: LoopDelay): CollectedSample[] {
  return [
    sample('belfry_event_loop_delay_seconds', p99Ms / 1000, 4, { quantile: '0.99' }),
    sample('belfry_event_loop_delay_seconds', maxMs / 1000, 4, { quantile: '1' }),
  ]
}

function sample(name: string, value: number, decimals: number, labels: Record<string, string> = {}): CollectedSample {
  return { name, labels, value, decimals }
}
