/** A rule while it is written: what it says in one form, and what would be saved of it. */
import { z } from 'zod'
import { RuleDraft } from '#shared/contract/alerts.ts'
import type { Issue } from '#shared/contract/errors.ts'
import type { JsonObject } from '../../ui/form/form-value.ts'
import { isJsonObject, withEntry } from '../../ui/form/form-value.ts'
import { type Field, fieldsOfSchema } from '../../ui/form/schema-model.ts'

const titles: Readonly<Record<string, { title: string; description: string }>> = {
  forMs: { title: 'For', description: 'It must hold this long before it fires' },
  keepFiringForMs: { title: 'Keep firing for', description: 'It must be gone this long before it resolves' },
  labels: { title: 'Further labels', description: 'Added to each alert' },
  annotations: { title: 'Further annotations', description: 'Templates such as {{ $labels.instance }} are filled in' },
}

const fields: readonly Field[] = fieldsOfSchema(z.toJSONSchema(RuleDraft, { io: 'input' })).map((field) => ({
  ...field,
  ...titles[field.name],
  essential: true,
}))

/** The window of a condition, drawn as the durations of a rule are. */
export const windowFields: readonly Field[] = fieldsOfSchema(
  z.toJSONSchema(z.strictObject({ windowMs: RuleDraft.shape.forMs }), { io: 'input' }),
).map((field) => ({ ...field, title: 'Over', essential: true }))

/** The two durations. */
export const timingFields = fields.filter(({ name }) => name === 'forMs' || name === 'keepFiringForMs')
/** Labels and annotations beyond those with a field of their own. */
export const furtherFields = fields
  .filter(({ name }) => name === 'labels' || name === 'annotations')
  .map((field) => ({ ...field, essential: false }))

/** Annotations that have a field of their own. */
const namedAnnotations = ['summary', 'description', 'runbook_url'] as const

export const emptyRule: JsonObject = {
  alert: '',
  expr: '',
  forMs: 60_000,
  keepFiringForMs: 0,
  labels: { severity: 'warning' },
  annotations: { summary: '' },
}

/** The text of an entry of `labels` or `annotations`; empty when there is none. */
export function entryOf(value: JsonObject, part: 'labels' | 'annotations', name: string): string {
  const entries = value[part]
  const text = isJsonObject(entries) ? entries[name] : undefined
  return typeof text === 'string' ? text : ''
}

/** The rule with the entry set, or without it when the text is empty. */
export function withText(value: JsonObject, part: 'labels' | 'annotations', name: string, text: string): JsonObject {
  const entries = value[part]
  return { ...value, [part]: withEntry(isJsonObject(entries) ? entries : {}, name, text === '' ? undefined : text) }
}

/** The rule's part without the entries that have a field of their own, and the way back. */
export function further(value: JsonObject): JsonObject {
  return {
    labels: without(value['labels'], ['severity']),
    annotations: without(value['annotations'], namedAnnotations),
  }
}

export function withFurther(value: JsonObject, change: JsonObject): JsonObject {
  return {
    ...value,
    labels: { ...only(value['labels'], ['severity']), ...asObject(change['labels']) },
    annotations: { ...only(value['annotations'], namedAnnotations), ...asObject(change['annotations']) },
  }
}

export type ReadRule =
  | { readonly ok: true; readonly rule: RuleDraft }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export function readRule(value: JsonObject): ReadRule {
  const annotations = Object.fromEntries(
    Object.entries(asObject(value['annotations'])).filter(([, text]) => text !== ''),
  )
  const parsed = RuleDraft.safeParse({ ...value, annotations })
  if (parsed.success) return { ok: true, rule: parsed.data }
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  return { ok: false, issues }
}

const asObject = (value: JsonObject[string] | undefined): JsonObject => (isJsonObject(value) ? value : {})

function without(value: JsonObject[string] | undefined, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(asObject(value)).filter(([name]) => !names.includes(name)))
}

function only(value: JsonObject[string] | undefined, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(asObject(value)).filter(([name]) => names.includes(name)))
}
