/** A check while it is written. */
import { z } from 'zod'
import { CheckDraft, type CheckKindView } from '#shared/contract/checks.ts'
import { commonFieldsOf, emptyDraftOf, type ReadDraft, readDraftAs } from '../../ui/form/draft.ts'
import type { JsonObject } from '../../ui/form/form-value.ts'

/** What every check has besides its kind's own options. */
export const commonFields = commonFieldsOf(CheckDraft.omit({ name: true, kind: true, enabled: true, config: true }))

const SchemaExtras = z.object({ pingedBy: z.string().optional(), imports: z.string().optional() })

/** What a kind's schema says beside its fields: which of them a job pings by, and what recordings it reads. */
export function extrasOfSchema(schema: unknown): z.output<typeof SchemaExtras> {
  return SchemaExtras.safeParse(schema).data ?? {}
}

export const emptyDraft = (kind: CheckKindView): JsonObject => emptyDraftOf(kind, commonFields)

export const readDraft = (value: JsonObject): ReadDraft<CheckDraft> => readDraftAs(CheckDraft, value)
