/**
 * The state machine of one alert: one rule on one set of labels. It is told what an evaluation saw and answers with the
 * episode as it is now and what happened on the way, as data. It does not know how a condition is evaluated, whom
 * anybody tells, or what time it is.
 *
 *     inactive -> pending -> firing -> recovering -> inactive        closed: by hand, until the condition is false
 *
 * Prometheus's timing: it fires at the first evaluation at or after `activeAt + for`; `for: 0` skips pending; a pending
 * that clears has never happened; `keep_firing_for` counts from the first false evaluation and is forgotten when the
 * condition holds again. Beyond Prometheus: only time in which somebody looked counts, so a restart, a sleep or a clock
 * that was set neither fires nor resolves anything; and labels that vanish are not the same as a condition that is false.
 */
import type { Labels } from './series.ts'

export type EvaluationHealth = 'ok' | 'nodata' | 'error'

/** Plain JSON, saved with its effects. Instants are epoch ms. */
export interface Episode {
  readonly id: string
  readonly state: 'pending' | 'firing' | 'recovering' | 'closed'
  readonly health: EvaluationHealth
  readonly labels: Labels
  readonly annotations: Labels
  /** When the condition last held; null when it gives no number. */
  readonly value: number | null
  readonly activeAt: number
  readonly firedAt: number | null
  /** From when the present state's time counts: the beginning of it, moved on by time in which nobody looked. */
  readonly countsFrom: number
  /** The last evaluation that could tell. */
  readonly seenAt: number
  /** Evaluations in a row in which the labels were gone. */
  readonly missed: number
}

/** What one evaluation saw of one set of labels. */
export type Sight =
  | { readonly type: 'true'; readonly value: number | null; readonly labels: Labels; readonly annotations: Labels }
  /** The series are there and the condition does not hold. */
  | { readonly type: 'false' }
  /** The series are gone. `targetObserved`: whatever they belong to was looked at and does not have them any more. */
  | { readonly type: 'vanished'; readonly targetObserved: boolean }
  /** The rule could not be evaluated for lack of data, or failed. */
  | { readonly type: 'nodata' | 'error' }

export interface Timing {
  readonly forMs: number
  readonly keepFiringForMs: number
  /** Evaluations further apart than this leave time between them in which nobody looked. */
  readonly longestGapMs: number
}

type Resolution = 'cleared' | 'stale' | 'manual' | 'rule-removed'

export type Transition =
  | { readonly type: 'pending' | 'fired' | 'recovering' | 'refired'; readonly at: number }
  /** `fired`: whether the episode had ever fired; one that had not is never told. */
  | { readonly type: 'resolved'; readonly at: number; readonly resolution: Resolution; readonly fired: boolean }
  | { readonly type: 'health'; readonly at: number; readonly from: EvaluationHealth; readonly to: EvaluationHealth }

export interface Step {
  /** Null: inactive. */
  readonly episode: Episode | null
  /** In the order they happened. */
  readonly transitions: readonly Transition[]
}

/** Labels that vanish keep their state for this many evaluations. */
const evaluationsForgiven = 2

/** One evaluation at `at`; `newId` names the episode if one begins. */
export function advance(current: Episode | null, sight: Sight, at: number, timing: Timing, newId: string): Step {
  if (current === null) return sight.type === 'true' ? begin(sight, at, timing, newId) : unchanged(null)
  switch (sight.type) {
    case 'true':
      return holds(seen(current, at, timing), sight, at, timing)
    case 'false':
      return isFalse(seen(current, at, timing), at, timing, 'cleared')
    case 'vanished':
      return vanished(current, sight.targetObserved, at)
    case 'nodata':
    case 'error':
      return withHealth(current, sight.type, at)
  }
}

/** Closed by hand: nothing more is told of it, and it opens again only after the condition has been false. */
export function closeByHand(current: Episode, at: number): Step {
  if (current.state === 'closed') return unchanged(current)
  const resolved = { type: 'resolved' as const, at, resolution: 'manual' as const, fired: current.firedAt !== null }
  return { episode: { ...current, state: 'closed', countsFrom: at }, transitions: [resolved] }
}

/** The rule is gone or switched off. */
export function endWithRule(current: Episode, at: number): Step {
  return resolve(current, at, 'rule-removed')
}

const unchanged = (episode: Episode | null): Step => ({ episode, transitions: [] })

function begin(sight: Extract<Sight, { type: 'true' }>, at: number, timing: Timing, id: string): Step {
  const fires = timing.forMs <= 0
  const episode: Episode = {
    id,
    state: fires ? 'firing' : 'pending',
    health: 'ok',
    labels: sight.labels,
    annotations: sight.annotations,
    value: sight.value,
    activeAt: at,
    firedAt: fires ? at : null,
    countsFrom: at,
    seenAt: at,
    missed: 0,
  }
  return { episode, transitions: [{ type: fires ? 'fired' : 'pending', at }] }
}

/** Accounts for the time since the last look: too long a gap, or a clock set back, was not observed and does not count. */
function seen(current: Episode, at: number, timing: Timing): Step {
  const elapsedMs = at - current.seenAt
  const observed = elapsedMs >= 0 && elapsedMs <= timing.longestGapMs
  const countsFrom = observed ? current.countsFrom : current.countsFrom + elapsedMs
  return withHealth({ ...current, countsFrom, seenAt: at, missed: 0 }, 'ok', at)
}

function holds(step: Step, sight: Extract<Sight, { type: 'true' }>, at: number, timing: Timing): Step {
  if (!step.episode) return step
  const episode = { ...step.episode, value: sight.value, labels: sight.labels, annotations: sight.annotations }
  if (episode.state === 'pending' && at - episode.countsFrom >= timing.forMs) {
    return then(step, { ...episode, state: 'firing', firedAt: at, countsFrom: at }, { type: 'fired', at })
  }
  if (episode.state === 'recovering') {
    return then(step, { ...episode, state: 'firing', countsFrom: at }, { type: 'refired', at })
  }
  return { ...step, episode }
}

function isFalse(step: Step, at: number, timing: Timing, resolution: Resolution): Step {
  const { episode } = step
  if (!episode) return step
  if (episode.state === 'firing' && timing.keepFiringForMs > 0) {
    return then(step, { ...episode, state: 'recovering', countsFrom: at }, { type: 'recovering', at })
  }
  if (episode.state === 'recovering' && at - episode.countsFrom < timing.keepFiringForMs) return step
  const ended = resolve(episode, at, resolution)
  return { ...ended, transitions: [...step.transitions, ...ended.transitions] }
}

function vanished(current: Episode, targetObserved: boolean, at: number): Step {
  if (!targetObserved) return withHealth(current, 'nodata', at)
  const missed = current.missed + 1
  if (missed > evaluationsForgiven) return resolve(current, at, 'stale')
  return unchanged({ ...current, missed })
}

function resolve(episode: Episode, at: number, resolution: Resolution): Step {
  if (episode.state === 'closed') return unchanged(null)
  return { episode: null, transitions: [{ type: 'resolved', at, resolution, fired: episode.firedAt !== null }] }
}

function withHealth(episode: Episode, to: EvaluationHealth, at: number): Step {
  if (episode.health === to) return unchanged(episode)
  const changed = { type: 'health' as const, at, from: episode.health, to }
  return { episode: { ...episode, health: to }, transitions: episode.state === 'closed' ? [] : [changed] }
}

function then(step: Step, episode: Episode, transition: Transition): Step {
  return { episode, transitions: [...step.transitions, transition] }
}
