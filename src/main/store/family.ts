/**
 * A table family is one file holding all SQL of a few tables that change together. It offers *writes*, which run inside
 * whatever unit of work they are part of, and *questions*, which change nothing. Families run in the storage worker;
 * the main loop knows them by name and type only.
 */
import type { Database } from 'better-sqlite3'

// biome-ignore lint/suspicious/noExplicitAny: parameters are contravariant; each family narrows its own.
export type Operations = Readonly<Record<string, (input: any) => unknown>>

export interface Family<W extends Operations, Q extends Operations> {
  /** Prepares statements once per connection. The results of writes are thrown away. */
  readonly writes: (database: Database) => W
  /** May run on a read-only connection. Answers are structured-cloneable. */
  readonly questions: (database: Database) => Q
}

export function defineFamily<W extends Operations, Q extends Operations>(family: Family<W, Q>): Family<W, Q> {
  return family
}

// biome-ignore lint/suspicious/noExplicitAny: see Operations.
type AnyFamily = Family<any, any>
type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never

export type WritesOf<F extends readonly AnyFamily[]> = UnionToIntersection<ReturnType<F[number]['writes']>>
export type QuestionsOf<F extends readonly AnyFamily[]> = UnionToIntersection<ReturnType<F[number]['questions']>>
