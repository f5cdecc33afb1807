/** A collector while it is written: the same entries as what is saved, but of any value a half-filled form may have. */
import { z } from 'zod'
import { CollectorDraft, type CollectorKindView } from '#shared/contract/collectors.ts'
import type { Issue } from '#shared/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../ui/form/form-value.ts'
import { type Field, fieldsOfSchema, startingValue } from '../../ui/form/schema-model.ts'

/** What every collector has besides its kind's own options; drawn from the contract. */
export const commonFields: readonly Field[] = fieldsOfSchema(
  z.toJSONSchema(CollectorDraft.omit({ name: true, kind: true, enabled: true, config: true }), {
    io: 'input',
    unrepresentable: 'any',
  }),
).map((field) => ({ ...field, essential: field.name === 'everyMs' || field.name === 'timeoutMs' }))

/** A new collector of a kind, with everything at its default. */
export function emptyDraft(kind: CollectorKindView): JsonObject {
  return { name: '', kind: kind.kind, enabled: true, ...startingValue(commonFields), config: emptyConfig(kind) }
}

export function emptyConfig(kind: CollectorKindView): JsonObject {
  return { ...startingValue(fieldsOfSchema(kind.schema)), ...kind.defaults }
}

/** A draft that came with the address, over what its kind begins with; null when it is none. */
export function draftFromText(text: string, kinds: readonly CollectorKindView[]): JsonObject | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null // Somebody changed the address by hand.
  }
  const draft = CollectorDraft.safeParse(parsed)
  const kind = draft.success ? kinds.find((one) => one.kind === draft.data.kind) : undefined
  if (!draft.success || kind === undefined) return null
  return { ...emptyDraft(kind), name: draft.data.name, config: { ...emptyConfig(kind), ...draft.data.config } }
}

export function configOf(draft: JsonObject): JsonObject {
  return isJsonObject(draft['config']) ? draft['config'] : {}
}

export type ReadDraft =
  | { readonly ok: true; readonly draft: CollectorDraft }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** What would be saved, or what is wrong with it. The kind's own options are judged by the console. */
export function readDraft(value: JsonObject): ReadDraft {
  const parsed = CollectorDraft.safeParse(value)
  if (parsed.success) return { ok: true, draft: parsed.data }
  const issues = parsed.error.issues.map(({ path, message }) => {
    const at = path.map(String).join('.')
    return { path: at, message: at === 'name' ? 'Expected a name of 1 to 120 characters.' : message }
  })
  return { ok: false, issues }
}
