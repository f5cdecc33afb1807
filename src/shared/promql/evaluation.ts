import type { SelectedSeries } from '../domain/series.ts'
import type { VectorSelector } from './ast.ts'

export interface EvaluationOptions {
  readonly lookbackMs?: number
  /** Prometheus 2's semantics: a sample exactly at the beginning of a range or lookback belongs to it. */
  readonly closedRanges?: boolean
}

/** Samples per selector of the expression, by the node itself. Times ascending; more than asked for does no harm. */
export type Data = ReadonlyMap<VectorSelector, readonly SelectedSeries[]>

/** All that the parts of the evaluator may know besides their operands. */
export interface Evaluation {
  /** Epoch ms. */
  readonly at: number
  /** The whole expression, for positions in problems. */
  readonly text: string
  readonly data: Data
  readonly lookbackMs: number
  readonly closedRanges: boolean
}
