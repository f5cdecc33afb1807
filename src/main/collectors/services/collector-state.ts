/** What is known of one collector between its runs, and how a run changes it. Pure. */
import type { CollectorState, CollectorStatus } from '#shared/contract/collectors.ts'
import type { ReadyCollector } from './ready-collector.ts'
import type { RunOutcome } from './run-collector.ts'

export interface CollectorMemory {
  readonly state: CollectorState
  readonly stateSince: number
  readonly reason: CollectorStatus['reason']
  /** Null before the first run. */
  readonly last: RunOutcome | null
  /** The last run that read something; what it read stays to be shown beside a failure. */
  readonly facts: CollectorStatus['facts']
}

const pending = { code: 'pending', message: 'It has not run yet.' }
const paused = { code: 'paused', message: 'It is paused.' }
const read = { code: 'ok', message: 'Everything was read.' }

export function newMemory(isEnabled: boolean, now: number): CollectorMemory {
  return {
    state: isEnabled ? 'unobserved' : 'paused',
    stateSince: now,
    reason: isEnabled ? pending : paused,
    last: null,
    facts: [],
  }
}

export function afterRun(memory: CollectorMemory, outcome: RunOutcome): CollectorMemory {
  const { failure, reading, at } = outcome
  const state = failure === null ? 'up' : failure.outcome === 'down' ? 'failing' : 'unobserved'
  const [problem] = reading.problems
  const reason = failure?.reason ?? (problem === undefined ? read : { code: 'partly-read', message: problem })
  return {
    state,
    stateSince: state === memory.state && memory.last !== null ? memory.stateSince : at,
    reason,
    last: outcome,
    facts: failure === null ? reading.facts : memory.facts,
  }
}

export function statusOf(
  collector: ReadyCollector,
  memory: CollectorMemory,
  nextRunAt: number | null,
): CollectorStatus {
  const { id, draft, target } = collector
  const { state, stateSince, reason, last, facts } = memory
  return {
    id,
    name: draft.name,
    kind: draft.kind,
    target,
    enabled: draft.enabled,
    everyMs: draft.everyMs,
    labels: draft.labels,
    state,
    stateSince: Math.round(stateSince),
    reason,
    lastAt: last === null ? null : Math.round(last.at),
    lastDurationMs: last?.durationMs ?? null,
    samples: last?.samples ?? 0,
    problems: [...(last?.reading.problems ?? [])],
    facts: [...facts],
    nextRunAt: draft.enabled ? nextRunAt : null,
  }
}
