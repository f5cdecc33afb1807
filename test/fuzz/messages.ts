/**
 * Messages that a client might send: calls of the contract as their schemas describe them, the same with something wrong
 * in them, and texts that are no calls at all. What becomes of them is for the test to say.
 */
import fc from 'fast-check'
import { z } from 'zod'
import { type CallName, contract } from '#shared/contract/index.ts'

export interface FuzzedCall {
  /** Of the contract or not. */
  readonly name: string
  readonly input: unknown
}

/** JSON Schema as zod writes it, as far as the contract needs it. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
}

/** Strings that mean something to somebody. None is a path or an address, for some of the calls would go there. */
const words = [
  ...['', ' ', 'a', '0', '-1', 'null', 'true', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '.', '..'],
  ...['up', 'up == 0', 'rate(node_cpu_seconds_total[5m])', 'sum by (job) (up', '{', '{__name__=~".*"}', '((((', 'a'],
  ...[
    '(a+)+$',
    '[',
    '\\',
    '\u0000',
    '\u202e',
    '\ud800',
    '🛎',
    "'; DROP TABLE audit; --",
    `${'{HOME}'}`,
    '{{ .Labels }}',
  ],
  ...['=1+1', '<script>', '%00', '%s%n', 'x'.repeat(300), 'canary', '2026-01-05T00:00:00Z', 'Europe/Berlin', 'UTC'],
]
const numbers = [0, -0, 1, -1, 0.5, 1e-300, 5e-324, 1e15, 2 ** 31, 2 ** 53, 1e300, Number.MAX_VALUE, 1_767_571_200_000]

const text = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 30 }))
const number = fc.oneof(fc.constantFrom(...numbers), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

/** Inputs as the schema has them; not each of them is valid, for a schema does not say all. */
function inputOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => inputOf(choice, depth)))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.$ref !== undefined || schema.type === undefined || depth > 6) return anything
  const types = [schema.type].flat()
  if (types.length > 1) return fc.oneof(...types.map((type) => inputOf({ ...schema, type }, depth)))
  switch (types[0]) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'string':
      return text
    case 'integer': {
      const [min, max] = [Math.ceil(schema.minimum ?? -1000), Math.floor(schema.maximum ?? 1000)]
      return fc.oneof(
        fc
          .maxSafeInteger()
          .filter(Number.isInteger)
          .map((n) => min + (Math.abs(n) % (max - min + 1))),
      )
    }
    case 'number':
      return fc.oneof(fc.double({ min: schema.minimum ?? -1e12, max: schema.maximum ?? 1e12, noNaN: true }), number)
    case 'array':
      return fc.array(inputOf(schema.items ?? {}, depth + 1), { minLength: schema.minItems ?? 0, maxLength: 4 })
    case 'object': {
      if (!schema.properties) return fc.dictionary(text, inputOf(valuesOf(schema), depth + 1), { maxKeys: 4 })
      const fields = Object.entries(schema.properties).map(([key, one]) => [key, inputOf(one, depth + 1)] as const)
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] })
    }
    default:
      return anything
  }
}

const valuesOf = ({ additionalProperties }: Schema): Schema =>
  typeof additionalProperties === 'object' ? additionalProperties : {}

/** The same with one place of it made wrong. */
function mutated(input: unknown, at: number, put: unknown, how: number): unknown {
  const paths = [...pathsIn(input)]
  const path = paths[at % paths.length] ?? []
  const copy: unknown = structuredClone(input)
  if (path.length === 0) return put
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], copy)
  const holder = parent as Record<string, unknown>
  const last = path.at(-1) ?? ''
  if (how === 0) delete holder[last]
  else if (how === 1) Object.defineProperty(holder, `${last}x`, { value: put, enumerable: true })
  else holder[last] = put
  return copy
}

function* pathsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) yield* pathsIn(child, [...path, key])
}

/** Calls that would do something to this machine or end the console, and are tried by tests of their own. */
const leftOut: readonly string[] = ['console.restart', 'backup.restore', 'backup.create']

const callNames = (Object.keys(contract.calls) as CallName[]).filter((name) => !leftOut.includes(name))

const inputs = new Map(
  callNames.map((name) => {
    const schema = z.toJSONSchema(contract.calls[name].input, { io: 'input', unrepresentable: 'any' })
    // What zod writes is wider than what is read of it here.
    return [name, inputOf(schema as Schema)] as const
  }),
)

const described = fc
  .constantFrom(...callNames)
  .chain((name) => fc.record({ name: fc.constant(name), input: inputs.get(name) ?? anything }))
const wrong = fc
  .tuple(described, fc.nat(30), anything, fc.nat(3))
  .map(([{ name, input }, at, put, how]) => ({ name, input: mutated(input, at, put, how) }))
const unheardOf = fc.record({ name: text, input: anything })

export const call: fc.Arbitrary<FuzzedCall> = fc.oneof(
  { weight: 5, arbitrary: described },
  { weight: 5, arbitrary: wrong },
  { weight: 1, arbitrary: unheardOf },
)

/** A frame as text: calls under changing ids, the other frames, and what is neither. */
export const frame: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(fc.nat(1_000_000), call).map(([id, made]) => JSON.stringify({ type: 'call', id, ...made })),
  },
  { weight: 1, arbitrary: fc.record({ type: text, id: anything, name: text, input: anything }).map(written) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('cancel', 'ping'), id: fc.nat() }).map(written) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('subscribe'), events: fc.array(text) }).map(written) },
  { weight: 1, arbitrary: fc.tuple(call, fc.nat(200)).map(([made, end]) => written(made).slice(0, end)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth)) },
)

function written(value: unknown): string {
  return JSON.stringify(value)
}
