/** What expressions in templates give. A sample is what a query found: its labels and its number. */
import type { Labels } from '../series.ts'

/** One row of a query's answer. */
export interface QueriedSample {
  readonly labels: Labels
  readonly value: number
}

export type Value =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'nil' }
  | { readonly type: 'map'; readonly entries: Labels }
  | { readonly type: 'sample'; readonly sample: QueriedSample }
  | { readonly type: 'list'; readonly samples: readonly QueriedSample[] }
  /** `.` outside of `with` and `range`. */
  | { readonly type: 'data'; readonly fields: Readonly<Record<string, Value>> }

export const text = (value: string): Value => ({ type: 'string', value })
export const float = (value: number): Value => ({ type: 'float', value })
export const int = (value: number): Value => ({ type: 'int', value })
export const bool = (value: boolean): Value => ({ type: 'bool', value })
export const nil: Value = { type: 'nil' }

/** A template that fails while it is rendered; the message says what it met. */
export class RenderProblem extends Error {}

/** Go's words for a type, as its messages have them. */
export function typeName(value: Value): string {
  switch (value.type) {
    case 'float':
      return 'float64'
    case 'nil':
      return '<nil>'
    case 'map':
      return 'map[string]string'
    case 'sample':
      return '*template.sample'
    case 'list':
      return 'template.queryResult'
    case 'data':
      return 'struct'
    default:
      return value.type
  }
}

/** Zero, false, empty and nil are not true. NaN is. */
export function isTrue(value: Value): boolean {
  switch (value.type) {
    case 'float':
    case 'int':
      return value.value !== 0
    case 'string':
      return value.value !== ''
    case 'bool':
      return value.value
    case 'nil':
      return false
    case 'map':
      return Object.keys(value.entries).length > 0
    case 'list':
      return value.samples.length > 0
    case 'sample':
    case 'data':
      return true
  }
}

/** The value of a label; empty where there is none, whatever objects have of their own. */
export const labelOf = (labels: Labels, name: string) => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '')
