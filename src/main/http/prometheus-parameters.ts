/** Parameters of Prometheus's HTTP API, from the query or from a form. Each failure names the parameter, as `invalid`. */
import { parseDuration } from '#shared/config/duration.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { RouteRequest } from './route.ts'

export interface Parameters {
  /** Empty where it is missing, as there. */
  text(name: string): string
  all(name: string): readonly string[]
  /** Epoch ms; null where it is missing. */
  instant(name: string): number | null
  /** Null where it is missing. */
  durationMs(name: string): number | null
  /** A whole number from 0 on; null where it is missing. */
  count(name: string): number | null
}

/** A form's fields come before those of the address. */
export function parametersOf({ query, body, method }: Pick<RouteRequest, 'query' | 'body' | 'method'>): Parameters {
  // Routes of this API take forms only, which fieldsOf has read.
  const form = method === 'POST' ? (body as Readonly<Record<string, readonly string[]>>) : {}
  const all = (name: string): readonly string[] => [
    ...(Object.hasOwn(form, name) ? (form[name] ?? []) : []),
    ...(Object.hasOwn(query, name) ? (query[name] ?? []) : []),
  ]
  const text = (name: string) => all(name)[0] ?? ''
  const read = <T>(name: string, parse: (text: string) => T): T | null => {
    const given = text(name)
    return given === '' ? null : parse(given)
  }
  return {
    text,
    all,
    instant: (name) => read(name, (given) => instantOf(given, name)),
    durationMs: (name) => read(name, (given) => durationOf(given, name)),
    count: (name) => read(name, (given) => countOf(given, name)),
  }
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/
/** What a Date can hold. */
const furthestMs = 8.64e15

function instantOf(text: string, name: string): number {
  const at = number.test(text) ? Math.round(Number(text) * 1000) : rfc3339.test(text) ? Date.parse(text) : Number.NaN
  if (Math.abs(at) <= furthestMs) return at
  throw wrong(name, 'an instant such as 1767571200 or 2026-01-05T00:00:00Z', text)
}

function durationOf(text: string, name: string): number {
  const durationMs = number.test(text) ? Math.round(Number(text) * 1000) : parseDuration(text)
  if (durationMs !== null && Math.abs(durationMs) <= furthestMs) return durationMs
  throw wrong(name, 'a duration such as 15s, 1m30s or 60', text)
}

function countOf(text: string, name: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw wrong(name, 'a whole number from 0 on', text)
}

function wrong(name: string, expected: string, came: string): AppError {
  return new AppError('invalid', `invalid parameter "${name}": expected ${expected}, got "${came.slice(0, 60)}"`)
}
