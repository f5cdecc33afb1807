/** What a run of steps comes to, whatever its steps do. Pure. */
import type { Evidence, StepEvidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbeSample } from '../kind.ts'

export interface JourneyRun {
  /** Of all steps, in their order; each once. */
  readonly names: readonly string[]
  /** Those that were taken; only the last may have failed. */
  readonly steps: readonly StepEvidence[]
  readonly durationMs: number
  /** Why the last one ended as it did. */
  readonly code: string
  /** Further evidence. */
  readonly evidence: Evidence
}

export function journeyOutcome({ names, steps, durationMs, code, evidence }: JourneyRun): ProbeOutcome {
  const failed = steps.find(({ outcome }) => outcome === 'down' || outcome === 'unknown')
  const slow = steps.find(({ outcome }) => outcome === 'degraded')
  const told = failed ?? slow
  return {
    outcome: told === undefined || told.outcome === 'skipped' ? 'up' : told.outcome,
    reason: told
      ? { code: failed ? code : 'step-degraded', message: `Step "${told.name}": ${told.message}` }
      : { code: 'ok', message: `All ${names.length} steps were taken.` },
    durationMs,
    phases: [],
    samples: samplesOf(names, steps),
    evidence: { steps: [...steps, ...names.slice(steps.length).map(skipped)], ...evidence },
  }
}

function samplesOf(names: readonly string[], steps: readonly StepEvidence[]): ProbeSample[] {
  return [
    { name: 'probe_journey_steps', value: names.length },
    ...steps.flatMap(({ name: step, durationMs, outcome }) => [
      { name: 'probe_journey_step_duration_seconds', labels: { step }, value: durationMs / 1000 },
      {
        name: 'probe_journey_step_success',
        labels: { step },
        value: outcome === 'up' || outcome === 'degraded' ? 1 : 0,
      },
    ]),
  ]
}

function skipped(name: string): StepEvidence {
  return {
    name,
    line: '',
    outcome: 'skipped',
    message: 'not reached',
    startMs: 0,
    durationMs: 0,
    phases: [],
    assertions: [],
  }
}
