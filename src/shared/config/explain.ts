/**
 * Says what is wrong with a configuration in words an operator can act on: what was expected, what came, what to do.
 * Knows zod's issues and nothing of any particular schema.
 */
import type { z } from 'zod'
import { nearest } from './nearest.ts'

export interface Explained {
  /** Object keys and array indices from the parsed value down to what is wrong. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type ExplainedParse<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Explained[] }

/** Parses, and explains every issue by itself: each unknown field is one, at its own path. */
export function explainedParse<S extends z.ZodType>(schema: S, value: unknown): ExplainedParse<z.output<S>> {
  const knownFields = new Map<string, readonly string[]>()
  const parsed = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') knownFields.set(pathKey(issue.path ?? []), fieldsOf(issue.inst))
      return explain(issue)
    },
  })
  if (parsed.success) return { ok: true, value: parsed.data }
  return {
    ok: false,
    issues: parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
      if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
      const known = knownFields.get(pathKey(issue.path)) ?? []
      return issue.keys.map((key) => ({ path: [...path, key], message: unknownField(key, known) }))
    }),
  }
}

/** "did you mean" where one known name is near, the list of them where it is short, else the plain fact. */
export function unknownField(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  const fact = `"${clip(name)}" is not known here`
  if (near !== null) return `${fact}: did you mean "${near}"?`
  return known.length > 0 && known.length <= 12 ? `${fact}: expected ${listed(known)}.` : `${fact}: remove it.`
}

/** A value in words: `the number 3`, `"abc"`, `a list`, `nothing`. Long text is cut. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value === 'string') return `"${clip(value)}"`
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'a list' : 'a group of fields'
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
}

type RawIssue = Parameters<z.core.$ZodErrorMap>[0]

function explain(issue: RawIssue): string | undefined {
  const came = described(issue.input)
  switch (issue.code) {
    case 'invalid_type': {
      const expected = expectedWords[issue.expected] ?? issue.expected
      if (issue.input === undefined) return `expected ${expected}, but it is missing: add it.`
      const quotable = issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input)
      return `expected ${expected}, came ${came}${quotable ? ': put it in quotes' : ''}.`
    }
    case 'invalid_value': {
      const choices = issue.values.map(String)
      if (issue.input === undefined) return `expected ${listed(choices)}, but it is missing: add it.`
      const near = typeof issue.input === 'string' ? nearest(issue.input, choices) : null
      return `expected ${listed(choices)}, came ${came}${near === null ? '.' : `: did you mean "${near}"?`}`
    }
    case 'too_small':
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${counted(issue.origin)}, came ${came}.`
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${counted(issue.origin)}, came ${came}.`
    default:
      return undefined
  }
}

function counted(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' || origin === 'set' ? ' entries' : ''
}

/** `a`, `a or b`, `a, b or c`. */
function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function fieldsOf(schema: RawIssue['inst']): readonly string[] {
  // zod raises `unrecognized_keys` on objects only; their definition carries the shape.
  const definition = schema?._zod.def as unknown as { shape?: Record<string, unknown> } | undefined
  return Object.keys(definition?.shape ?? {})
}

function pathKey(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String))
}
