/**
 * Instants at the HTTP surface. Inside they are epoch milliseconds; outside they are written as ISO 8601 and read as
 * ISO 8601, epoch or `now-6h`. Which numbers are instants is known from the contract's schemas, not guessed from names.
 */
import { z } from 'zod'
import { Instant } from '#shared/contract/common.ts'
import { AppError } from '#shared/contract/errors.ts'

/** Numbers below are epoch seconds, as Prometheus writes them: 1e11 s is the year 5138, 1e11 ms is 1973. */
const secondsBelow = 1e11

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Epoch ms of `2026-01-05T10:00:00Z`, `1767571200`, `1767571200000`, `now` or `now-6h`. AppError `invalid`. */
export function parseInstant(text: string, now: number): number {
  const at = instantOf(text.trim(), now)
  if (at === null) {
    const message = `expected an instant such as 2026-01-05T10:00:00Z, 1767571200 or now-6h; got "${text.slice(0, 60)}"`
    throw new AppError('invalid', message)
  }
  return at
}

/** Milliseconds of `30s`, `5m`, `1.5h` or a plain number of seconds. AppError `invalid`. */
export function parseDurationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)?$/.exec(text.trim())
  const durationMs = match ? Number(match[1]) * (unitMs[match[2] ?? 's'] ?? Number.NaN) : Number.NaN
  if (!(durationMs > 0)) {
    throw new AppError('invalid', `expected a duration such as 30s, 5m or 60; got "${text.slice(0, 60)}"`)
  }
  return durationMs
}

/** The value with each instant of its schema as ISO 8601 UTC with milliseconds. */
export function isoOf(schema: z.ZodType, value: unknown): unknown {
  return mapInstants(schema, value, (at) => (typeof at === 'number' ? new Date(at).toISOString() : at))
}

/** The value with each instant of its schema as epoch ms, whichever form it came in. AppError `invalid`. */
export function epochOf(schema: z.ZodType, value: unknown, now: number): unknown {
  return mapInstants(schema, value, (at) => (typeof at === 'string' ? parseInstant(at, now) : at))
}

function instantOf(text: string, now: number): number | null {
  const relative = /^now(?:([+-])(\d+(?:\.\d+)?)(ms|s|m|h|d|w))?$/.exec(text)
  if (relative) {
    const offsetMs = Number(relative[2] ?? 0) * (unitMs[relative[3] ?? 'ms'] ?? 0)
    return Math.round(relative[1] === '+' ? now + offsetMs : now - offsetMs)
  }
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    return Math.round(number < secondsBelow ? number * 1000 : number)
  }
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

/** Walks a value along its schema. What the schema does not know is left as it is, for its own parse to refuse. */
function mapInstants(schema: z.ZodType, value: unknown, change: (at: unknown) => unknown): unknown {
  if (schema === Instant) return change(value)
  if (value === null || value === undefined) return value
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    // zod types a wrapped schema by its core; every schema of the contract is a classic one.
    return mapInstants(schema.unwrap() as z.ZodType, value, change)
  }
  if (schema instanceof z.ZodPrefault) return mapInstants(schema.unwrap() as z.ZodType, value, change)
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => mapInstants(schema.element as z.ZodType, item, change))
  }
  if (schema instanceof z.ZodObject && typeof value === 'object') {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => {
        const fieldSchema = Object.hasOwn(shape, key) ? shape[key] : undefined
        return [key, fieldSchema ? mapInstants(fieldSchema, field, change) : field]
      }),
    )
  }
  return value
}
