/**
 * One run of a collector under a deadline that covers everything. Whatever happens becomes an outcome: a kind that throws
 * what it should not, or ignores its deadline, is a bug of ours, so it is logged and says nothing about the service.
 */
import type { Failure } from '#main/checks/network/failure.ts'
import { unknown } from '#main/checks/network/failure.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { Metric, Reading } from './kind.ts'
import { ServiceRefusal } from './kind.ts'
import type { ReadyCollector } from './ready-collector.ts'

export interface RunPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly mayRunPrograms: () => boolean
}

export interface RunOutcome {
  readonly at: number
  readonly durationMs: number
  /** Null when `reading` is what was read. */
  readonly failure: Failure | null
  readonly reading: Reading
  /** Of all metrics. */
  readonly samples: number
}

/** A kind ends at once when its deadline comes; this is what "at once" may take. */
const patienceMs = 1000
/** So many series of one service are a mistake, such as a label with a value of its own for each request. */
const mostSamples = 20_000

const nothing: Reading = { metrics: [], facts: [], problems: [] }

/** Never rejects. `run` is the caller's to abort when nobody wants the outcome any more; the deadline aborts it too. */
export async function runCollector(
  collector: ReadyCollector,
  ports: RunPorts,
  run: AbortController,
): Promise<RunOutcome> {
  const { clock } = ports
  const at = clock.now()
  const startedMs = clock.monotonicMs()
  const outcome = await withDeadline(collector, ports, run)
  const durationMs = clock.monotonicMs() - startedMs
  if ('failure' in outcome) {
    return { at, durationMs, failure: veiledFailure(outcome.failure, collector), reading: nothing, samples: 0 }
  }
  const reading = withoutDoubles(veiledReading(outcome.reading, collector))
  const samples = reading.metrics.reduce((sum, metric) => sum + metric.samples.length, 0)
  if (samples <= mostSamples) return { at, durationMs, failure: null, reading, samples }
  const message = `${collector.target} gave ${samples} series, more than the ${mostSamples} that are taken of one collector: narrow what it reads.`
  const failure: Failure = { outcome: 'down', reason: { code: 'too-many-series', message } }
  return { at, durationMs, failure, reading: nothing, samples: 0 }
}

type Ended = { readonly reading: Reading } | { readonly failure: Failure }

async function withDeadline(collector: ReadyCollector, ports: RunPorts, run: AbortController): Promise<Ended> {
  const { clock, timers } = ports
  const { kind, config, draft } = collector
  const { timeoutMs } = draft
  let stopTimer = () => {}
  const overdue = new Promise<'overdue'>((resolve) => {
    stopTimer = timers.after(timeoutMs, () => {
      run.abort(new Error('the deadline has passed'))
      stopTimer = timers.after(patienceMs, () => resolve('overdue'))
    })
  })
  const logger = ports.logger.child({ collector: collector.id, kind: kind.kind })
  try {
    const given = { clock, logger, timeoutMs, mayRunPrograms: ports.mayRunPrograms() }
    const reading = await Promise.race([kind.run(config, given, run.signal), overdue])
    if (reading !== 'overdue') return { reading }
    logger.error('a collector did not end at its deadline', { timeoutMs })
    return { failure: bug('The collector did not end at its deadline') }
  } catch (error) {
    if (error instanceof ServiceRefusal) return { failure: error.failure }
    logger.error('a collector failed unexpectedly', { error })
    return { failure: bug('The collector failed unexpectedly') }
  } finally {
    stopTimer()
  }
}

/** Codes and names are ours: a password that is a part of one is still not seen in it. */
function veiledFailure({ outcome, reason }: Failure, { veiled }: ReadyCollector): Failure {
  return { outcome, reason: { code: reason.code, message: veiled(reason.message) } }
}

function veiledReading({ metrics, facts, problems }: Reading, { veiled }: ReadyCollector): Reading {
  return {
    metrics: metrics.map((metric) => ({
      ...metric,
      samples: metric.samples.map(({ labels, value }) => ({ labels: veiled(labels), value })),
    })),
    facts: facts.map(({ name, value }) => ({ name, value: veiled(value) })),
    problems: veiled(problems),
  }
}

function bug(what: string): Failure {
  return unknown('internal-error', `${what}; the cause is in Belfry's own log.`)
}

/** Of two samples with the same name and labels the first stays, and the other is told. */
function withoutDoubles(reading: Reading): Reading {
  const problems: string[] = []
  const metrics = reading.metrics.map((metric): Metric => {
    const seen = new Set<string>()
    const samples = metric.samples.filter(({ labels }) => {
      const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    const doubles = metric.samples.length - samples.length
    if (doubles === 0) return metric
    problems.push(
      `${metric.name} came with the same labels ${doubles === 1 ? 'twice' : `${doubles + 1} times`}; the first of them is kept: add a label that tells them apart.`,
    )
    return { ...metric, samples }
  })
  return problems.length === 0 ? reading : { ...reading, metrics, problems: [...reading.problems, ...problems] }
}
