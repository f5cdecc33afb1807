/**
 * Runs one probe under a deadline that covers everything, and turns whatever happens into a result: a kind that throws
 * or ignores its deadline is a bug of ours, so it is logged and the outcome is `unknown`, never `down`.
 */
import type { Clock, Ids, Logger, Timers } from '#main/ports.ts'
import type { CheckResult } from '#shared/contract/checks.ts'
import type { CheckKind, ProbeOutcome, ProbePorts, ProbeSample } from './kind.ts'
import { unknown } from './network/failure.ts'

export interface Probe {
  readonly checkId: string
  readonly kind: CheckKind
  /** As the kind's schema gave it. */
  readonly config: unknown
  readonly timeoutMs: number
}

export interface ProbeReport {
  readonly result: CheckResult
  /** probe_success and probe_duration_seconds included; empty when nothing could be measured. */
  readonly samples: readonly ProbeSample[]
  /** See ProbeOutcome. */
  readonly againInMs: number | null
}

export interface RunnerPorts extends Pick<ProbePorts, 'pings' | 'pictures'> {
  readonly clock: Clock
  readonly timers: Timers
  readonly ids: Ids
  readonly logger: Logger
}

/** A kind ends at once when its deadline comes; this is what "at once" may take. */
const patienceMs = 1000

/**
 * Never rejects. `run` is the caller's to abort when nobody wants the result any more; the deadline aborts it too. A
 * controller of its own for each run, because a signal shared by a thousand runs has a thousand listeners to search.
 */
export async function runProbe(
  probe: Probe,
  trigger: CheckResult['trigger'],
  ports: RunnerPorts,
  run: AbortController,
): Promise<ProbeReport> {
  const at = ports.clock.now()
  const outcome = await withDeadline(probe, ports, run)
  const result: CheckResult = {
    id: ports.ids.next(),
    checkId: probe.checkId,
    at,
    trigger,
    outcome: outcome.outcome,
    reason: outcome.reason,
    durationMs: outcome.durationMs,
    phases: [...outcome.phases],
    // Evidence is JSON by its schema: sections that do not apply are left out, so nothing in it is undefined.
    evidence: outcome.evidence as CheckResult['evidence'],
  }
  return {
    result,
    samples: outcome.outcome === 'unknown' ? [] : [...outcome.samples, ...commonSamples(outcome)],
    againInMs: outcome.againInMs ?? null,
  }
}

function commonSamples({ outcome, durationMs }: ProbeOutcome): ProbeSample[] {
  return [
    { name: 'probe_success', value: outcome === 'down' ? 0 : 1 },
    { name: 'probe_duration_seconds', value: durationMs / 1000 },
  ]
}

async function withDeadline(probe: Probe, ports: RunnerPorts, run: AbortController): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  let stopTimer = () => {}
  const overdue = new Promise<'overdue'>((resolve) => {
    stopTimer = ports.timers.after(probe.timeoutMs, () => {
      run.abort(new Error('the deadline has passed'))
      stopTimer = ports.timers.after(patienceMs, () => resolve('overdue'))
    })
  })
  const logger = ports.logger.child({ check: probe.checkId, kind: probe.kind.kind })
  const { clock, pings, pictures } = ports
  try {
    const outcome = await Promise.race([
      probe.kind.run(probe.config, { clock, logger, pings, pictures, timeoutMs: probe.timeoutMs }, run.signal),
      overdue,
    ])
    if (outcome !== 'overdue') return outcome
    logger.error('a probe did not end at its deadline', { timeoutMs: probe.timeoutMs })
    return bug('The probe did not end at its deadline', ports, startedMs)
  } catch (error) {
    logger.error('a probe failed unexpectedly', { error })
    return bug('The probe failed unexpectedly', ports, startedMs)
  } finally {
    stopTimer()
  }
}

function bug(what: string, ports: RunnerPorts, startedMs: number): ProbeOutcome {
  return {
    ...unknown('internal-error', `${what}; the cause is in Belfry's own log.`),
    durationMs: ports.clock.monotonicMs() - startedMs,
    phases: [],
    samples: [],
    evidence: {},
  }
}
