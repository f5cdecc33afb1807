/** `eq`, `lt` and their like. As in Go, only values of one kind can be compared: `1` and `1.0` are of two. */
import { RenderProblem, typeName, type Value } from './value.ts'

const mismatch = (a: Value, b: Value) =>
  new RenderProblem(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)

export function areEqual(a: Value, b: Value): boolean {
  if (a.type === 'nil' || b.type === 'nil') return a.type === b.type
  if (a.type !== b.type) throw mismatch(a, b)
  if ('value' in a && 'value' in b) return a.value === b.value
  throw new RenderProblem(`${typeName(a)} cannot be compared`)
}

export function isLess(a: Value, b: Value): boolean {
  if (a.type !== b.type) throw mismatch(a, b)
  if ((a.type === 'float' || a.type === 'int') && 'value' in b) return a.value < Number(b.value)
  if (a.type === 'string' && b.type === 'string') return a.value < b.value
  throw new RenderProblem(`${typeName(a)} has no order`)
}
