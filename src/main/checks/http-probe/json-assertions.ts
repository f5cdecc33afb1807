/** Expectations of JSON bodies: a JSONPath (RFC 9535), an operator and a value. */
import { FunctionExpressionType, JSONPathEnvironment, type JSONPathQuery } from 'json-p3'
import { z } from 'zod'
import type { Assertion } from '#shared/contract/evidence.ts'
import { compilePattern } from '#shared/domain/pattern.ts'
import { occurs } from '../network/pattern.ts'
import { shorten } from '../network/text.ts'

const operators = ['exists', 'missing', 'equals', 'not-equals', 'contains', 'matches', 'greater', 'less'] as const

/** RFC 9535's match() and search(), on RE2 instead of the engine's backtracking expressions. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: 100 })
for (const [name, test] of [
  ['match', (text: string, pattern: string) => compilePattern(pattern).matches(text)],
  ['search', (text: string, pattern: string) => occurs(pattern, text)],
] as const) {
  environment.functionRegister.set(name, {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call(text: unknown, pattern: unknown) {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false
      try {
        return test(text, pattern)
      } catch {
        // RFC 9535, 2.4.6: an expression that is none makes the function false.
        return false
      }
    },
  })
}

export const JsonAssertion = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .max(500)
      .default('$.status')
      .superRefine((path, context) => {
        const problem = pathProblem(path)
        if (problem !== null) context.addIssue({ code: 'custom', message: problem })
      })
      .meta({ title: 'JSONPath', description: 'Such as $.status or $.items[0].id' }),
    operator: z.enum(operators).default('equals').meta({ title: 'Is' }),
    value: z.string().max(1000).default('').meta({ title: 'Value', description: 'JSON or plain text' }),
  })
  .superRefine(({ operator, value }, context) => {
    const issue = problemOf(operator, value)
    if (issue !== null) context.addIssue({ code: 'custom', path: ['value'], message: issue })
  })
export type JsonAssertion = z.output<typeof JsonAssertion>

/** `document` is null when the body is no JSON: then every expectation fails, the one that it be missing included. */
export function assertJson(document: { readonly value: unknown } | null, expected: JsonAssertion): Assertion {
  const words = `${expected.operator}${takesValue(expected.operator) ? ` ${expected.value}` : ''}`
  const told = (actual: string, passed: boolean): Assertion => ({
    what: expected.path,
    expected: shorten(words, 500),
    actual: shorten(actual, 500),
    passed,
    level: 'down',
  })
  if (document === null) return told('the body is not JSON', false)
  let values: unknown[]
  try {
    // The document came from JSON.parse, which gives nothing but JSON.
    values = compiled(expected.path)
      .query(document.value as never)
      .values()
  } catch (error) {
    return told(error instanceof Error ? error.message : String(error), false)
  }
  const actual = values.length === 0 ? 'nothing' : values.map((value) => JSON.stringify(value)).join(', ')
  if (expected.operator === 'exists') return told(actual, values.length > 0)
  if (expected.operator === 'missing') return told(actual, values.length === 0)
  return told(actual, values.length > 0 && values.every((value) => holds(expected, value)))
}

/** The first value a valid path finds; undefined when there is none. */
export function firstValueAt(document: unknown, path: string): unknown {
  return valuesAt(document, path)[0]
}

/** All values a valid path finds, in the order of the document. */
export function valuesAt(document: unknown, path: string): readonly unknown[] {
  // What is asked came from JSON.parse, or from within what did.
  return compiled(path)
    .query(document as never)
    .values()
}

/** Null when the text is a JSONPath. */
export function pathProblem(path: string): string | null {
  try {
    environment.compile(path)
    return null
  } catch (error) {
    return `expected a JSONPath such as $.status: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Every value the path finds must hold. */
function holds({ operator, value: text }: JsonAssertion, actual: unknown): boolean {
  const plain = typeof actual === 'string' ? actual : JSON.stringify(actual)
  switch (operator) {
    case 'equals':
      return same(actual, text)
    case 'not-equals':
      return !same(actual, text)
    case 'contains':
      return Array.isArray(actual) ? actual.some((one) => same(one, text)) : plain.includes(text)
    case 'matches':
      return occurs(text, plain)
    case 'greater':
      return typeof actual === 'number' && actual > Number(text)
    case 'less':
      return typeof actual === 'number' && actual < Number(text)
    case 'exists':
    case 'missing':
      return true
  }
}

/** `ok` equals "ok"; `1` equals 1 and "1"; `{"a": 1}` equals that object. */
function same(actual: unknown, text: string): boolean {
  if (typeof actual === 'string') return actual === text || JSON.stringify(actual) === text
  try {
    return canonical(actual) === canonical(JSON.parse(text))
  } catch {
    return false
  }
}

/** JSON with sorted keys, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function problemOf(operator: JsonAssertion['operator'], value: string): string | null {
  if ((operator === 'greater' || operator === 'less') && (value.trim() === '' || Number.isNaN(Number(value)))) {
    return `expected a number to compare with, got "${shorten(value, 50)}"`
  }
  if (operator !== 'matches') return null
  try {
    compilePattern(value)
    return null
  } catch (error) {
    return `expected a regular expression in RE2 syntax: ${error instanceof Error ? error.message : String(error)}`
  }
}

function takesValue(operator: JsonAssertion['operator']): boolean {
  return operator !== 'exists' && operator !== 'missing'
}

const remembered = new Map<string, JSONPathQuery>()
const mostRemembered = 500

function compiled(path: string): JSONPathQuery {
  const known = remembered.get(path)
  if (known !== undefined) return known
  const query = environment.compile(path)
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? '')
  remembered.set(path, query)
  return query
}
