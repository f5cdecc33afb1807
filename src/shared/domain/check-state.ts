/**
 * From one result to a state. A reducer over plain JSON: raw results become a confirmed state by N of M, and time is
 * accounted for as it passes. An outage begins with the first of the failures that confirmed it, though the old state
 * was shown until then. A result vouches for a stretch of time after it; what no result vouches for is *unobserved*, and
 * breaks no state: the same state before and after a gap is one state with a gap in its timeline.
 */
import type { Confirmation, Outcome, Reason, StateInterval, TimelineState } from '../contract/checks.ts'
import { addDuration, type SlowSlice, slowness } from './slow-window.ts'

export interface CheckPolicy {
  readonly everyMs: number
  readonly timeoutMs: number
  readonly confirm: Confirmation
  /** Degraded when the p95 of the window is above; null: never. */
  readonly slowMs: number | null
}

export interface Observed {
  readonly at: number
  readonly outcome: Outcome
  readonly reason: Reason
  readonly durationMs: number
}

export interface Confirmed {
  readonly state: Outcome
  readonly since: number
  readonly reason: Reason
}

/** JSON: this is what the database keeps. */
export interface CheckState {
  /** Null until results allow a first conclusion. */
  readonly confirmed: Confirmed | null
  /** The last confirmed state that was measured: `unknown` hides it but does not end an outage. */
  readonly measured: 'up' | 'degraded' | 'down' | null
  /** Oldest first; none is older than the confirmed state or the last gap. */
  readonly recent: readonly { readonly at: number; readonly outcome: Outcome; readonly reason: Reason }[]
  readonly slow: readonly SlowSlice[]
  readonly last: Observed | null
  /** Time before this instant was handed out as closed intervals. Null before the first result. */
  readonly accountedFrom: number | null
  /** The last result speaks for the time up to here. */
  readonly vouchedUntil: number
  /** Why nobody looked after `vouchedUntil`, when that is known. */
  readonly lapse: Reason | null
}

export interface Transition {
  readonly from: Outcome | null
  readonly to: Outcome
  /** When the new state began; may lie before the result that confirmed it. */
  readonly at: number
  readonly reason: Reason
}

/** How much later than due a result may come before the time is unobserved. */
const graceMs = 5000

export const initialCheckState: CheckState = {
  confirmed: null,
  measured: null,
  recent: [],
  slow: [],
  last: null,
  accountedFrom: null,
  vouchedUntil: 0,
  lapse: null,
}

const notLookedReason: Reason = { code: 'not-looked', message: 'No result was there to tell.' }

/**
 * Takes one result in. `closed` are the stretches of time that are now settled: ascending, adjacent, without overlap.
 * A result older than its predecessor (the clock was set back) counts as of the predecessor's instant.
 */
export function advance(
  before: CheckState,
  result: Observed,
  policy: CheckPolicy,
): { state: CheckState; transition: Transition | null; closed: StateInterval[] } {
  const at = Math.max(result.at, before.last?.at ?? 0)
  const { state: covered, closed } = closeGap(before, at)
  const kept = Math.max(policy.confirm.of, policy.confirm.successes)
  const candidate: CheckState = {
    ...covered,
    recent: [...covered.recent, { at, outcome: result.outcome, reason: result.reason }].slice(-kept),
    slow: slowSlices(covered.slow, { ...result, at }, policy),
    last: { ...result, at },
    vouchedUntil: at + policy.everyMs + policy.timeoutMs + graceMs,
    lapse: null,
  }
  const next = verdict(candidate, policy)
  if (next === null) return { state: withFreshReason(candidate), transition: null, closed }
  const transition = {
    from: candidate.confirmed?.state ?? null,
    to: next.state,
    at: next.since,
    reason: next.reason,
  }
  return {
    state: {
      ...candidate,
      confirmed: next,
      measured: next.state === 'unknown' ? candidate.measured : next.state,
      recent: candidate.recent.filter((entry) => entry.at >= next.since),
      accountedFrom: next.since,
    },
    transition,
    closed: [...closed, ...accountedUntil(candidate, next.since)],
  }
}

/** Nobody looks from `at` on: paused, stopped, asleep. The time up to `at` stays observed as far as results vouch. */
export function lapse(state: CheckState, at: number, reason: Reason): CheckState {
  if (state.accountedFrom === null || at >= state.vouchedUntil) return state
  return { ...state, vouchedUntil: Math.max(state.accountedFrom, at), lapse: reason }
}

/** The last result stopped vouching and no other came: nobody knows why. The state says so from now on. */
export function expire(state: CheckState, now: number): CheckState {
  if (state.accountedFrom === null || state.lapse !== null || now < state.vouchedUntil) return state
  return { ...state, lapse: notLookedReason }
}

/**
 * A saved state when Belfry comes back. While it ran, a check whose lapse was not saved was being looked at, so its time
 * is observed up to `observedUntil`, the last sign of life; from there on nobody looked.
 */
export function resume(state: CheckState, observedUntil: number, reason: Reason): CheckState {
  if (state.accountedFrom === null || state.lapse !== null) return state
  return { ...state, vouchedUntil: Math.max(state.accountedFrom, observedUntil), lapse: reason }
}

/** The change that is being confirmed, for people and for the faster retries; null when results agree with the state. */
export function confirming(
  state: CheckState,
  policy: CheckPolicy,
): { toward: Outcome; seen: number; needed: number } | null {
  const { failures, successes } = policy.confirm
  const current = standing(state)
  const seen = tally(state, policy)
  if (current === 'down') {
    const toward = seen.recovery.at(-1)?.outcome
    return toward === undefined ? null : { toward, seen: seen.recovery.length, needed: successes }
  }
  if (seen.down.length > 0) return { toward: 'down', seen: seen.down.length, needed: failures }
  if (seen.unknown.length > 0 && state.confirmed?.state !== 'unknown') {
    return { toward: 'unknown', seen: seen.unknown.length, needed: failures }
  }
  if (seen.bad.length > 0 && current !== 'degraded') {
    return { toward: 'degraded', seen: seen.bad.length, needed: failures }
  }
  if (current === 'degraded' && state.confirmed?.reason.code !== slowCode && seen.ups.length > 0) {
    return { toward: 'up', seen: seen.ups.length, needed: successes }
  }
  return null
}

/** What is to be shown at `now`: the confirmed state while a result vouches for it, else `unobserved`. */
export function shownState(state: CheckState, now: number): { state: TimelineState; since: number; reason: Reason } {
  if (state.accountedFrom === null) return { state: 'unobserved', since: now, reason: notLookedReason }
  if (now >= state.vouchedUntil) {
    return { state: 'unobserved', since: state.vouchedUntil, reason: state.lapse ?? notLookedReason }
  }
  return state.confirmed ?? { state: 'unobserved', since: state.accountedFrom, reason: awaitingReason }
}

/** The stretches up to `now` that are not settled yet; ascending and adjacent, empty before the first result. */
export function openIntervals(state: CheckState, now: number): StateInterval[] {
  if (state.accountedFrom === null || now <= state.accountedFrom) return []
  return [...accountedUntil(state, Math.min(now, state.vouchedUntil)), ...unobserved(state, now)]
}

const slowCode = 'slow'
const awaitingReason: Reason = { code: 'confirming', message: 'The first results are being confirmed.' }

function closeGap(state: CheckState, at: number): { state: CheckState; closed: StateInterval[] } {
  if (state.accountedFrom === null) return { state: { ...state, accountedFrom: at }, closed: [] }
  if (at <= state.vouchedUntil) return { state, closed: [] }
  return {
    state: { ...state, accountedFrom: at, recent: [] },
    closed: [...accountedUntil(state, state.vouchedUntil), ...unobserved(state, at)],
  }
}

function accountedUntil(state: CheckState, to: number): StateInterval[] {
  const from = state.accountedFrom
  if (from === null || from >= to) return []
  const { state: shown, reason } = state.confirmed ?? { state: 'unobserved' as const, reason: awaitingReason }
  return [{ from, to, state: shown, reason }]
}

function unobserved(state: CheckState, to: number): StateInterval[] {
  const from = state.vouchedUntil
  return from >= to ? [] : [{ from, to, state: 'unobserved', reason: state.lapse ?? notLookedReason }]
}

function slowSlices(slices: readonly SlowSlice[], result: Observed, policy: CheckPolicy): readonly SlowSlice[] {
  if (policy.slowMs === null) return []
  if (result.outcome === 'down' || result.outcome === 'unknown') return slices
  return addDuration(slices, result.at, result.durationMs > policy.slowMs, policy.everyMs)
}

/** The measured state that results have to argue against. */
function standing(state: CheckState): CheckState['measured'] {
  return state.confirmed?.state === 'unknown' ? state.measured : (state.confirmed?.state ?? null)
}

function tally(state: CheckState, policy: CheckPolicy) {
  const window = state.recent.slice(-policy.confirm.of)
  const measured = state.recent.filter((entry) => entry.outcome !== 'unknown')
  const lastDown = measured.findLastIndex((entry) => entry.outcome === 'down')
  const lastBad = measured.findLastIndex((entry) => entry.outcome !== 'up')
  return {
    down: window.filter((entry) => entry.outcome === 'down'),
    bad: window.filter((entry) => entry.outcome === 'down' || entry.outcome === 'degraded'),
    unknown: window.filter((entry) => entry.outcome === 'unknown'),
    /** The run of results that speak for a recovery, oldest first; what could not be measured does not break it. */
    recovery: measured.slice(lastDown + 1),
    ups: measured.slice(lastBad + 1),
  }
}

/** The state the results now confirm, when it is another than before. */
function verdict(state: CheckState, policy: CheckPolicy): Confirmed | null {
  const last = state.recent.at(-1)
  if (last === undefined) return null
  const { failures, successes } = policy.confirm
  const confirmed = state.confirmed?.state ?? null
  const current = standing(state)
  const seen = tally(state, policy)
  const to = (outcome: Outcome, first: Entry | undefined, reason = last.reason): Confirmed | null =>
    outcome === confirmed ? null : { state: outcome, since: (first ?? last).at, reason }

  if (last.outcome === 'unknown') {
    return confirmed === null || seen.unknown.length >= failures ? to('unknown', seen.unknown[0]) : null
  }
  if (last.outcome === 'down' && current === 'down') return to('down', last)
  if (seen.down.length >= failures && last.outcome === 'down') return to('down', seen.down[0])
  const slow = policy.slowMs === null ? null : slowness(state.slow)
  const slowReason = (): Reason => ({
    code: slowCode,
    message: `${slow?.slow} of the last ${slow?.total} results took longer than ${policy.slowMs} ms.`,
  })
  if (current === 'down') {
    if (seen.recovery.length < successes) return null
    const degraded = seen.recovery.slice(-successes).every((entry) => entry.outcome === 'degraded')
    return to(degraded ? 'degraded' : 'up', seen.recovery[0])
  }
  if (slow?.verdict === 'slow' && current !== 'degraded') return to('degraded', last, slowReason())
  if (seen.bad.length >= failures && last.outcome === 'degraded') return to('degraded', seen.bad[0])
  if (last.outcome === 'down') return null
  if (last.outcome === 'degraded') return confirmed === 'unknown' && current !== null ? to(current, last) : null
  if (current !== 'degraded') return to('up', last)
  if (confirmed === 'unknown') return slow?.verdict === 'slow' ? to('degraded', last, slowReason()) : to('up', last)
  if (seen.ups.length < successes) return null
  if (state.confirmed?.reason.code !== slowCode) return slow?.verdict === 'slow' ? null : to('up', seen.ups[0])
  return slow === null || slow.verdict === 'fast' ? to('up', last) : null
}

type Entry = CheckState['recent'][number]

/** A state keeps its beginning but tells the newest reason: an outage may change from refused to timed out. */
function withFreshReason(state: CheckState): CheckState {
  const { confirmed, last } = state
  if (confirmed === null || last === null || confirmed.state !== last.outcome) return state
  return { ...state, confirmed: { ...confirmed, reason: last.reason } }
}
