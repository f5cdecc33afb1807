/** What an evaluation is asked and what its parts may know besides their operands. */
import type { SelectedSeries } from '../domain/series.ts'
import type { Expr, VectorSelector } from './ast.ts'
import type { Effort } from './effort.ts'
import type { Grid } from './grid.ts'
import type { Notes } from './notes.ts'

export interface EvaluationOptions {
  readonly lookbackMs?: number
  /**
   * Prometheus 2's semantics: a sample exactly at the beginning of a range or lookback belongs to it, and a counter is
   * taken back to zero before it is asked how far a range may be extrapolated.
   */
  readonly closedRanges?: boolean
  /** The step of a subquery that names none: the interval of evaluation of rules. A minute unless given. */
  readonly subqueryStepMs?: number
  /** Names that a function takes away stay readable for `by (__name__)` until the result is complete. */
  readonly delayedNames?: boolean
}

/** The instants of a range query: from `start` in steps to `end`, which belongs to it when a step falls on it. Epoch ms. */
export interface StepRange {
  readonly start: number
  readonly end: number
  readonly stepMs: number
}

export interface QueryLimits {
  /** Samples that are read, each as often as it is read. */
  readonly maxSamples: number
  /** Values of any one part of the expression: its series times its steps. */
  readonly maxPoints: number
}

/** Samples per selector of the expression, by the node itself. Times ascending; more than asked for does no harm. */
export type Data = ReadonlyMap<VectorSelector, readonly SelectedSeries[]>

export interface Evaluation {
  /** The instants to evaluate at: the query's, or inside a subquery those of its steps. */
  readonly grid: Grid
  /** The query's own range, for `@ start()` and `@ end()`. Epoch ms. */
  readonly query: { readonly start: number; readonly end: number }
  /** The whole expression, for positions in problems. */
  readonly text: string
  readonly data: Data
  /** Parts that have the same value at every step, thanks to `@`. */
  readonly fixed: ReadonlySet<Expr>
  readonly lookbackMs: number
  readonly closedRanges: boolean
  readonly subqueryStepMs: number
  readonly delayedNames: boolean
  readonly effort: Effort
  readonly notes: Notes
}
