/**
 * What a benchmark is: one file in this folder that exports a scenario, and one line in scenarios.ts. A scenario
 * measures; whether a figure is good is read from the goal beside it, never decided by an assertion. A peer that is not
 * on this machine is skipped with the reason, never replaced.
 */

export interface Scenario {
  /** What `npm run bench -- NAME` selects. */
  readonly name: string
  /** Resolves with one line of the table per thing measured. Should take well under a minute. */
  run(context: BenchContext): Promise<readonly Measure[]>
}

export interface BenchContext {
  /** An empty directory of this scenario's own, removed afterwards. */
  readonly directory: string
  /** Progress for the impatient; goes to stderr. */
  note(text: string): void
}

export interface Measure {
  /** What was measured, such as `bytes per sample, hot`. */
  readonly what: string
  /** Such as `B`, `ms`, `samples/s`, `%`. */
  readonly unit: string
  readonly belfry: number
  /** The same work done by somebody else in this run, or why it was not. */
  readonly peer?:
    | { readonly name: string; readonly value: number }
    | { readonly name: string; readonly skipped: string }
  /** Figures without a goal are told for information. */
  readonly goal?: Goal
}

/** Either a bound on Belfry's own figure or one on its ratio to the peer's. */
export type Goal =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly ratioAtMost: number }
  | { readonly ratioAtLeast: number }

export type Verdict = 'met' | 'missed' | 'skipped' | 'told'

/** Belfry's figure divided by the peer's; null without a peer. */
export function ratioOf(measure: Measure): number | null {
  return measure.peer && 'value' in measure.peer ? measure.belfry / measure.peer.value : null
}

export function verdictOf(measure: Measure): Verdict {
  const { goal } = measure
  if (!goal) return 'told'
  if ('atMost' in goal) return measure.belfry <= goal.atMost ? 'met' : 'missed'
  if ('atLeast' in goal) return measure.belfry >= goal.atLeast ? 'met' : 'missed'
  const ratio = ratioOf(measure)
  if (ratio === null) return 'skipped'
  const met = 'ratioAtMost' in goal ? ratio <= goal.ratioAtMost : ratio >= goal.ratioAtLeast
  return met ? 'met' : 'missed'
}

/** Middle value; of an even number the upper one. NaN for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Nearest-rank quantile, `share` in [0, 1]. NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
