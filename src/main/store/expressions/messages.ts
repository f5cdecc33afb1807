/** What crosses between the main loop and the read worker about expressions: texts, ids, typed arrays; labels once. */
import type { Labels, Matcher } from '#shared/domain/series.ts'
import type { ValueType } from '#shared/promql/ast.ts'
import type { Tier } from '#shared/promql/choose-tier.ts'
import type { Coverage, SeriesSamples } from '../metrics/messages.ts'

/** Epoch ms; of a range both ends are asked for, of an instant they are the same and `stepMs` is 1. */
export interface When {
  readonly type: 'instant' | 'range'
  readonly start: number
  readonly end: number
  readonly stepMs: number
}

export interface Limits {
  /** Samples read in one question, and values of any part of its expression. */
  readonly maxSamples: number
}

export interface ExpressionQuestion {
  readonly text: string
  readonly when: When
  /** What decides which tier answers: the same for the plan and for the evaluation that follows it. */
  readonly coverage: Coverage
  /** As of `EvaluationOptions`. */
  readonly closedRanges: boolean
}

/** What has to be found before an expression can be evaluated: each different selection once, in a fixed order. */
export interface ExpressionPlan {
  readonly tier: Tier
  readonly selections: readonly SelectionPlan[]
}

export interface SelectionPlan {
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly to: number
  /** Whether the newest sample of each series suffices. */
  readonly newestOnly: boolean
}

/** Of one selection: the series that match, and what the head holds of them. */
export interface Source {
  readonly ids: Uint32Array
  /** One part after the other. */
  readonly head: readonly SeriesSamples[]
  /** Nothing that is sealed is needed beside it. */
  readonly isWhole: boolean
}

export interface EvaluationInput extends ExpressionQuestion {
  readonly limits: Limits
  /** One for each selection of the plan. */
  readonly sources: readonly Source[]
  /** `columns` for whoever goes on computing, `json` for whoever passes it on. */
  readonly as: 'columns' | 'json'
}

/** Series by series; a series' part of the flat columns is as long as `counts` says, in order. */
export interface PointMatrix {
  readonly labels: readonly Labels[]
  readonly counts: Uint32Array
  readonly times: Float64Array
  readonly values: Float64Array
}

/** Series by series, one entry a step in the flat columns. */
export interface StepMatrix {
  readonly labels: readonly Labels[]
  readonly stepCount: number
  readonly values: Float64Array
  /** 1 where there is a sample. */
  readonly present: Uint8Array
}

export type EvaluatedResult =
  | { readonly form: 'steps'; readonly steps: StepMatrix }
  | { readonly form: 'points'; readonly points: PointMatrix }
  | { readonly form: 'text'; readonly text: string }
  /** `{"resultType": ..., "result": ...}` as Prometheus's HTTP API writes it, in UTF-8, cut anywhere. */
  | { readonly form: 'json'; readonly chunks: readonly Uint8Array[] }

export interface Evaluated {
  readonly type: ValueType
  readonly tier: Tier
  /** Read from the store. */
  readonly samples: number
  /** The result is likely not what was meant. */
  readonly warnings: readonly string[]
  /** Worth knowing; the result is right. */
  readonly infos: readonly string[]
  readonly damage: readonly string[]
  readonly result: EvaluatedResult
}

export type EvaluationAnswer =
  | ({ readonly known: true } & Evaluated)
  /** The worker does not know the labels of some of the series: it was started anew. Tell it and ask again. */
  | { readonly known: false }

export interface CheckedExpression {
  readonly type: ValueType | null
  readonly problems: readonly { readonly message: string; readonly from: number; readonly to: number }[]
  readonly metrics: readonly string[]
}

export interface WrittenExpression {
  readonly formatted: string
  readonly tree: Readonly<Record<string, unknown>>
}
