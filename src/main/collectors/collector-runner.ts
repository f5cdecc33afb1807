/**
 * Runs one collector: never twice at once, never longer than its deadline, and turns what it returns into samples. A
 * series that it does not report any more is ended with a stale marker; what it could not read is kept to be shown.
 */
import { systemErrorText } from '#main/files/system-error.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { CollectedSample, Collector } from './kind.ts'
import { createSampleRecorder } from './sample-recorder.ts'

interface CollectorState {
  readonly lastAt: number | null
  readonly lastDurationMs: number | null
  /** Of the last run. */
  readonly samples: number
  /** Why the last run was not complete; null when it was. */
  readonly problem: string | null
  /** Runs in a row that brought nothing at all. */
  readonly emptyRuns: number
}

export interface CollectorRunner {
  readonly collector: Collector
  state(): CollectorState
  /** Resolves when the run is over, also when it failed or was skipped: it never rejects. */
  run(at: number): Promise<void>
  /** Ends a run in progress; its samples are not taken any more. */
  close(): void
}

export interface RunnerPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly metrics: MetricStore
}

/** Half of the fastest tier, ms: a read that takes longer is not worth waiting for. */
const deadlineMs = 4000
/** What a collector has after its deadline to return what it knows by then, ms. */
const graceMs = 200

interface Outcome {
  readonly samples: readonly CollectedSample[]
  readonly problems: readonly string[]
}

export function createRunner(collector: Collector, ports: RunnerPorts): CollectorRunner {
  const { clock, timers, logger, metrics } = ports
  const duration = metrics.series('belfry_collector_duration_seconds', { collector: collector.kind }, { decimals: 5 })
  const recorder = createSampleRecorder(metrics)
  let running: { abort(reason: string): void } | null = null
  let isClosed = false
  let state: CollectorState = { lastAt: null, lastDurationMs: null, samples: 0, problem: null, emptyRuns: 0 }

  function setProblem(problem: string | null): void {
    if ((problem === null) !== (state.problem === null)) {
      if (problem === null) logger.info('collector reads everything again', { collector: collector.kind })
      else logger.warn('collector could not read everything', { collector: collector.kind, problem })
    }
    state = { ...state, problem }
  }

  /** The outcome, or what the deadline makes of it. Frees the collector only once it has really ended. */
  function attempt(): Promise<Outcome> {
    return new Promise((resolve) => {
      const abort = new AbortController()
      const fail = (problem: string) => resolve({ samples: [], problems: [problem] })
      let stop = timers.after(deadlineMs, () => {
        abort.abort()
        stop = timers.after(graceMs, () => fail(`no answer within ${deadlineMs / 1000} s`))
      })
      running = {
        abort(reason) {
          abort.abort()
          fail(reason)
        },
      }
      collect(collector, abort.signal)
        .then(resolve)
        .finally(() => {
          stop()
          running = null
        })
    })
  }

  /** Gives the samples to the store; answers how many it took. */
  function take(at: number, outcome: Outcome, durationMs: number): number {
    if (duration) metrics.append(at, [[duration, durationMs / 1000]])
    return recorder.record(at, outcome.samples)
  }

  return {
    collector,
    state: () => state,
    async run(at) {
      if (isClosed) return
      if (running !== null) {
        setProblem('this run was left out, for the one before has not ended')
        state = { ...state, emptyRuns: state.emptyRuns + 1 }
        return
      }
      const startedMs = clock.monotonicMs()
      const outcome = await attempt()
      if (isClosed) return
      const durationMs = clock.monotonicMs() - startedMs
      const samples = take(at, outcome, durationMs)
      setProblem(outcome.problems.length === 0 ? null : outcome.problems.join('; '))
      const emptyRuns = samples === 0 ? state.emptyRuns + 1 : 0
      state = { ...state, lastAt: at, lastDurationMs: durationMs, samples, emptyRuns }
    },
    close() {
      isClosed = true
      running?.abort('closed')
      collector.close?.()
    },
  }
}

/** A collector that throws has failed as a whole: its own message is the problem. */
async function collect(collector: Collector, signal: AbortSignal): Promise<Outcome> {
  try {
    return await collector.collect(signal)
  } catch (error) {
    return { samples: [], problems: [systemErrorText(error)] }
  }
}
