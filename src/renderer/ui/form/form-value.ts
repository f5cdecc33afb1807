/** Values of a form by path. A path is what the server's issues carry: `config.assertions.0.path`. */

import type { Json } from '#shared/contract/define.ts'
import type { Issue } from '#shared/contract/errors.ts'

export type JsonObject = { readonly [name: string]: Json }

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object with `name` set, or left out where `value` is undefined. The old object is not changed. */
export function withEntry(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value }
  const { [name]: _, ...rest } = object
  return rest
}

/** `a.b` for the child `b` of `a`; the root's path is empty. */
export function childPath(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`
}

/** Issues told where they belong: `a[0].b` and `a.0.b` are one path. */
function normalPath(path: string): string {
  return path.replace(/\[(\d+)\]/g, '.$1').replace(/^\./, '')
}

/** Messages of a path itself, in order. */
export function issuesAt(issues: readonly Issue[], path: string): readonly string[] {
  return issues.filter((issue) => normalPath(issue.path) === path).map((issue) => issue.message)
}

/** Whether anything is wrong at the path or below it. */
export function hasIssueUnder(issues: readonly Issue[], path: string): boolean {
  return issues.some((issue) => {
    const at = normalPath(issue.path)
    return at === path || at.startsWith(`${path}.`)
  })
}

/** Issues no drawn field shows, which a form must tell by itself rather than swallow. `shown` are paths of fields. */
export function issuesElsewhere(issues: readonly Issue[], shown: readonly string[]): readonly Issue[] {
  return issues.filter((issue) => {
    const at = normalPath(issue.path)
    return !shown.some((path) => at === path || at.startsWith(`${path}.`))
  })
}

/** Whether two values are the same JSON; the order of an object's entries does not matter. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item: Json, index) => sameJson(item, b[index]))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
  )
}
