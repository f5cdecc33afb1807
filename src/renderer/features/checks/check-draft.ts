/** A check while it is written: the same entries as what is saved, but of any value a half-filled form may have. */
import { z } from 'zod'
import { CheckDraft, type CheckKindView } from '#shared/contract/checks.ts'
import type { Issue } from '#shared/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../ui/form/form-value.ts'
import { type Field, fieldsOfSchema, startingValue } from '../../ui/form/schema-model.ts'

/** What every check has besides its kind's own options; drawn from the contract. */
export const commonFields: readonly Field[] = fieldsOfSchema(
  z.toJSONSchema(CheckDraft.omit({ name: true, kind: true, enabled: true, config: true }), {
    io: 'input',
    unrepresentable: 'any',
  }),
).map((field) => ({ ...field, essential: field.name === 'everyMs' || field.name === 'timeoutMs' }))

const SchemaExtras = z.object({ pingedBy: z.string().optional(), imports: z.string().optional() })

/** What a kind's schema says beside its fields: which of them a job pings by, and what recordings it reads. */
export function extrasOfSchema(schema: unknown): z.output<typeof SchemaExtras> {
  return SchemaExtras.safeParse(schema).data ?? {}
}

/** A new check of a kind, with everything at its default. */
export function emptyDraft(kind: CheckKindView): JsonObject {
  return {
    name: '',
    kind: kind.kind,
    enabled: true,
    ...startingValue(commonFields),
    config: emptyConfig(kind),
  }
}

export function emptyConfig(kind: CheckKindView): JsonObject {
  return { ...startingValue(fieldsOfSchema(kind.schema)), ...kind.defaults }
}

export function configOf(draft: JsonObject): JsonObject {
  return isJsonObject(draft['config']) ? draft['config'] : {}
}

export type ReadDraft =
  | { readonly ok: true; readonly draft: CheckDraft }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** What would be saved, or what is wrong with it. The kind's own options are judged by the console. */
export function readDraft(value: JsonObject): ReadDraft {
  const parsed = CheckDraft.safeParse(value)
  if (parsed.success) return { ok: true, draft: parsed.data }
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  return { ok: false, issues: issues.map(named) }
}

/** The console names paths from the call's input on; the form begins at the draft. */
export function issuesOfDraft(issues: readonly Issue[]): readonly Issue[] {
  return issues.map(({ path, message }) => ({ path: path.replace(/^draft\./, ''), message }))
}

function named(issue: Issue): Issue {
  return issue.path === 'name' ? { ...issue, message: 'Expected a name of 1 to 120 characters.' } : issue
}
