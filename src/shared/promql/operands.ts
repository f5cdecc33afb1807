/**
 * What the parts of an expression are between its nodes: all series at all steps as one block of numbers. Labels and
 * matching are worked out once for a series, and never once for a step.
 */
import type { Labels, Samples } from '../domain/series.ts'
import type { Span } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import type { Course } from './grid.ts'
import { failureAt } from './problem.ts'
import type { Steps } from './steps.ts'
import { labelKey, showLabels } from './values.ts'

/** Who a series is. */
export interface Identity {
  /** Empty: it has none. */
  readonly name: string
  /** Without the name. */
  readonly labels: Labels
  /** The name is still there for others to group by, but not in the result. */
  readonly isNameLeaving: boolean
}

export interface Scalar {
  readonly type: 'scalar'
  /** One for each step. */
  readonly values: Float64Array
}

export interface Text {
  readonly type: 'string'
  readonly value: string
}

/** Row `r` at step `s` stands at `r * steps + s` in both arrays. */
export interface Vector {
  readonly type: 'vector'
  readonly rows: readonly Identity[]
  readonly values: Float64Array
  /** 1 where there is a sample. What `values` holds elsewhere means nothing. */
  readonly present: Uint8Array
}

/** Series with the samples that the windows before each step are cut from. */
export interface Ranges {
  readonly type: 'matrix'
  readonly rows: readonly Identity[]
  /** By row; without stale markers. */
  readonly samples: readonly Samples[]
  /** Where the windows end, and how long they are. */
  readonly course: Course
  readonly rangeMs: number
}

export type Operand = Scalar | Text | Vector | Ranges

/** A vector while it is made: rows are added, and their part of the arrays filled in. */
export interface VectorBuilder {
  /** Replaced when a row does not fit: read them after `add`. */
  values: Float64Array
  present: Uint8Array
  /** Where the new row begins. */
  add(identity: Identity): number
  /** Takes the last row back. */
  removeLast(): void
  build(): Vector
}

/** For about as many rows as are expected; more are possible. Throws AppError `too-large` beyond the limit of values. */
export function vectorBuilder(expectedRows: number, { grid, effort }: Evaluation): VectorBuilder {
  const steps = grid.count
  effort.hold(expectedRows, steps)
  const rows: Identity[] = []
  let room = Math.max(1, expectedRows)
  const builder: VectorBuilder = {
    values: new Float64Array(room * steps),
    present: new Uint8Array(room * steps),
    add(identity) {
      if (rows.length >= expectedRows) effort.hold(rows.length + 1, steps)
      if (rows.length === room) {
        room *= 2
        builder.values = grown(builder.values, new Float64Array(room * steps))
        builder.present = grown(builder.present, new Uint8Array(room * steps))
      }
      return (rows.push(identity) - 1) * steps
    },
    removeLast() {
      rows.pop()
      builder.present.fill(0, rows.length * steps, (rows.length + 1) * steps)
    },
    build: () => ({
      type: 'vector',
      rows,
      values: builder.values.subarray(0, rows.length * steps),
      present: builder.present.subarray(0, rows.length * steps),
    }),
  }
  return builder
}

function grown<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

export const emptyVector: Vector = {
  type: 'vector',
  rows: [],
  values: new Float64Array(0),
  present: new Uint8Array(0),
}

export const nobody: Identity = { name: '', labels: {}, isNameLeaving: false }

/** A vector of one series without labels. */
export const unlabelled = (values: Float64Array, present: Uint8Array): Vector => ({
  type: 'vector',
  rows: [nobody],
  values,
  present,
})

/** The identity of what a function makes of a series: its values mean something else than the name says. */
export function nameless(identity: Identity, { delayedNames }: Pick<Evaluation, 'delayedNames'>): Identity {
  if (identity.name === '') return identity
  return delayedNames
    ? { ...identity, isNameLeaving: true }
    : { name: '', labels: identity.labels, isNameLeaving: false }
}

/** As shown and told apart outside: with `__name__` where there is a name. */
export function labelsOf({ name, labels, isNameLeaving }: Identity): Labels {
  return name === '' || isNameLeaving ? labels : { __name__: name, ...labels }
}

/** The same text for the same identity. */
export const identityKey = ({ name, labels }: Identity) =>
  name === '' ? labelKey(labels) : `${name}${labelKey(labels)}`

/** The value of a label; `__name__` is one. Empty: there is none. */
export const labelOf = ({ name, labels }: Identity, label: string) =>
  label === '__name__' ? name : Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''

/** The identity with a label set, or taken away by an empty value. */
export function withLabel(identity: Identity, label: string, value: string): Identity {
  if (label === '__name__') return { ...identity, name: value, isNameLeaving: false }
  const rest = Object.entries(identity.labels).filter(([name]) => name !== label)
  if (value !== '') rest.push([label, value])
  return { ...identity, labels: Object.fromEntries(rest) }
}

/** Whether rows that were told apart by their names may have become the same. */
export function namesDiffer(rows: readonly Identity[]): boolean {
  const name = rows[0]?.name
  return rows.some((row) => row.name !== name)
}

/** A label key costs as much as this many elementary operations. */
export const operationsOfKey = 100

/**
 * The vector with rows of the same identity made one, where they have samples at different steps. Throws AppError
 * `unprocessable` where two have one at the same step.
 */
export function* merged(vector: Vector, span: Span, evaluation: Evaluation): Steps<Vector> {
  const first = yield* firstOfEach(vector, evaluation)
  if (!first) return vector
  const { count } = evaluation.grid
  const builder = vectorBuilder(vector.rows.length, evaluation)
  const bases = new Map<number, number>()
  for (const [row, identity] of vector.rows.entries()) {
    const original = first[row] ?? row
    const base = bases.get(original) ?? builder.add(identity)
    bases.set(original, base)
    for (let step = 0; step < count; step++) {
      if (vector.present[row * count + step] !== 1) continue
      if (builder.present[base + step] === 1) throw doubled(identity, span, evaluation)
      builder.values[base + step] = vector.values[row * count + step] ?? Number.NaN
      builder.present[base + step] = 1
    }
    if (evaluation.effort.spend(count)) yield
  }
  return builder.build()
}

/** The vector itself. Throws AppError `unprocessable` where two of its series have the same identity at all. */
export function* refusingDoubles(vector: Vector, span: Span, evaluation: Evaluation): Steps<Vector> {
  const first = yield* firstOfEach(vector, evaluation)
  const double = first?.findIndex((original, row) => original !== row) ?? -1
  const identity = vector.rows[double]
  if (identity) throw doubled(identity, span, evaluation)
  return vector
}

/** By row: the first row of the same identity. Null when all are different. */
function* firstOfEach(vector: Vector, { effort }: Evaluation): Steps<number[] | null> {
  if (vector.rows.length < 2) return null
  const rowOfKey = new Map<string, number>()
  const first: number[] = []
  for (const [row, identity] of vector.rows.entries()) {
    const key = identityKey(identity)
    const known = rowOfKey.get(key)
    if (known === undefined) rowOfKey.set(key, row)
    first.push(known ?? row)
    if (effort.spend(operationsOfKey)) yield
  }
  return rowOfKey.size === vector.rows.length ? null : first
}

function doubled(identity: Identity, span: Span, { text }: Evaluation) {
  const advice = `The result would hold ${showLabels(labelsOf(identity))} twice: aggregate, or select one metric`
  return failureAt(text, span.from, 'vector cannot contain metrics with the same labelset', advice)
}

// The types of operands are checked when the expression is parsed; these narrow, and a miss is a bug.
export function vectorOf(operand: Operand | undefined): Vector {
  if (operand?.type !== 'vector') throw new Error(`expected a vector, got ${operand?.type}`)
  return operand
}

export function rangesOf(operand: Operand | undefined): Ranges {
  if (operand?.type !== 'matrix') throw new Error(`expected ranges, got ${operand?.type}`)
  return operand
}

export function scalarOf(operand: Operand | undefined): Float64Array {
  if (operand?.type !== 'scalar') throw new Error(`expected a scalar, got ${operand?.type}`)
  return operand.values
}

export function textOf(operand: Operand | undefined): string {
  if (operand?.type !== 'string') throw new Error(`expected a string, got ${operand?.type}`)
  return operand.value
}
