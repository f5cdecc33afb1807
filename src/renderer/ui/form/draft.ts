/** A draft while it is written: the same entries as what is saved, but of any value a half-filled form may have. */
import { z } from 'zod'
import type { Issue } from '#shared/contract/errors.ts'
import { isJsonObject, type JsonObject } from './form-value.ts'
import { type Field, fieldsOfSchema, startingValue } from './schema-model.ts'

/** A kind a draft can be of, with options of its own. */
export interface DraftKind {
  readonly kind: string
  readonly title: string
  readonly description: string
  /** JSON schema of its options. */
  readonly schema: unknown
  readonly defaults: JsonObject
}

/** What drafts of every kind have besides the kind's own options; drawn from the contract. */
export function commonFieldsOf(common: z.ZodType): readonly Field[] {
  const fields = fieldsOfSchema(z.toJSONSchema(common, { io: 'input', unrepresentable: 'any' }))
  return fields.map((field) => ({ ...field, essential: field.name === 'everyMs' || field.name === 'timeoutMs' }))
}

/** A new draft of a kind, with everything at its default. */
export function emptyDraftOf(kind: DraftKind, commonFields: readonly Field[]): JsonObject {
  return { name: '', kind: kind.kind, enabled: true, ...startingValue(commonFields), config: emptyConfig(kind) }
}

export function emptyConfig(kind: DraftKind): JsonObject {
  return { ...startingValue(fieldsOfSchema(kind.schema)), ...kind.defaults }
}

export function configOf(draft: JsonObject): JsonObject {
  return isJsonObject(draft['config']) ? draft['config'] : {}
}

export type ReadDraft<Draft> =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** What would be saved, or what is wrong with it. The kind's own options are judged by the console. */
export function readDraftAs<Draft>(schema: z.ZodType<Draft>, value: JsonObject): ReadDraft<Draft> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, draft: parsed.data }
  const issues = parsed.error.issues.map(({ path, message }) => {
    const at = path.map(String).join('.')
    return { path: at, message: at === 'name' ? 'Expected a name of 1 to 120 characters.' : message }
  })
  return { ok: false, issues }
}

/** The console names paths from the call's input on; the form begins at the draft. */
export function issuesOfDraft(issues: readonly Issue[]): readonly Issue[] {
  return issues.map(({ path, message }) => ({ path: path.replace(/^draft\./, ''), message }))
}
