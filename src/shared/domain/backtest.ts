/**
 * What a rule would have done on one set of labels: the state machine of alerts fed with history instead of the present.
 * Steps in which nobody looked are left out, and so they neither fire, nor resolve, nor count as calm.
 */
import { advance, type Episode, type Sight } from './alert-machine.ts'
import type { Labels } from './series.ts'

export interface ReplayTiming {
  readonly forMs: number
  readonly keepFiringForMs: number
  /** Between two evaluations. */
  readonly stepMs: number
}

export interface ReplayInterval {
  readonly state: 'pending' | 'firing'
  /** Half-open, epoch ms. */
  readonly from: number
  readonly to: number
}

export interface Replayed {
  /** How often it would have fired. */
  readonly fired: number
  /** Observed time in each state, ms. */
  readonly firingMs: number
  readonly pendingMs: number
  /** Of the values that met the condition, the one farthest from it; null when none did, or none was a number. */
  readonly worst: number | null
  /** Oldest first, apart where nobody looked. */
  readonly intervals: readonly ReplayInterval[]
}

/** What one evaluation finds; `gone`: others of the expression's series are there, this one is not. */
export type Found = { readonly value: number } | 'false' | 'gone'

export interface Replay {
  /** Evaluations in the order of time. */
  see(at: number, found: Found): void
  result(): Replayed
}

/** Evaluations may be this many steps apart before the time between them counts as unobserved, as at night. */
const forgivenSteps = 2.5
/** More would be a picture of noise; the counts go on. */
const mostIntervals = 2000

/** `isWorse(a, b)`: whether `a` is farther from what is well than `b`. */
export function createReplay(timing: ReplayTiming, isWorse: (a: number, b: number) => boolean): Replay {
  const { forMs, keepFiringForMs, stepMs } = timing
  const machine = { forMs, keepFiringForMs, longestGapMs: stepMs * forgivenSteps }
  const intervals: ReplayInterval[] = []
  let episode: Episode | null = null
  let [fired, firingMs, pendingMs] = [0, 0, 0]
  let worst: number | null = null

  const stay = (state: ReplayInterval['state'], at: number) => {
    const last = intervals.at(-1)
    const to = at + stepMs
    if (last?.state === state && last.to >= at) intervals[intervals.length - 1] = { ...last, to }
    else if (intervals.length < mostIntervals) intervals.push({ state, from: at, to })
    if (state === 'firing') firingMs += stepMs
    else pendingMs += stepMs
  }

  return {
    see(at, found) {
      if (episode === null && typeof found === 'string') return
      const step = advance(episode, sightOf(found), at, machine, '')
      episode = step.episode
      fired += step.transitions.filter(({ type }) => type === 'fired').length
      if (typeof found !== 'string' && !Number.isNaN(found.value) && (worst === null || isWorse(found.value, worst))) {
        worst = found.value
      }
      if (episode) stay(episode.state === 'pending' ? 'pending' : 'firing', at)
    },
    result: () => ({ fired, firingMs, pendingMs, worst, intervals }),
  }
}

const noLabels: Labels = {}

function sightOf(found: Found): Sight {
  if (found === 'false') return { type: 'false' }
  if (found === 'gone') return { type: 'vanished', targetObserved: true }
  return { type: 'true', value: found.value, labels: noLabels, annotations: noLabels }
}
