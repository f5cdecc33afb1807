/**
 * What services know of the state store: questions, and units of work. A unit's writes commit in one transaction, in
 * the order given, and `commit` resolves only when they are durable (synchronous=FULL). It rejects with AppError
 * `unavailable` when the disk refuses; then none of the unit's writes happened.
 */
import type { StateQuestions, StateWrites } from './families/index.ts'

type WriteName = keyof StateWrites & string
export type QuestionName = keyof StateQuestions & string

type InputOf<F> = F extends (input: infer I) => unknown ? I : never
type AnswerOf<F> = F extends (input: never) => infer A ? A : never

/** One write of a unit, such as `['alert.save', row]`. */
export type Write = { [K in WriteName]: readonly [name: K, input: InputOf<StateWrites[K]>] }[WriteName]

export interface StateStore {
  commit(unit: readonly Write[]): Promise<void>
  /**
   * The same for a unit of thousands of writes, cut into JSON texts of `Write[]` in UTF-8. They are moved to the worker
   * (and empty here afterwards), where copying that many objects would hold up the main loop.
   */
  commitTexts(texts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
  /** Answered on the writing connection after every unit committed before it. */
  ask<K extends QuestionName>(question: K, input: InputOf<StateQuestions[K]>): Promise<AnswerOf<StateQuestions[K]>>
  /** Answered on the read-only connection: for long questions, which must not delay commits. */
  askLong<K extends QuestionName>(question: K, input: InputOf<StateQuestions[K]>): Promise<AnswerOf<StateQuestions[K]>>
}
