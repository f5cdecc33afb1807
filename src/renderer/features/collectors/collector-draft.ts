/** A collector while it is written. */
import { CollectorDraft, type CollectorKindView } from '#shared/contract/collectors.ts'
import { commonFieldsOf, emptyConfig, emptyDraftOf, type ReadDraft, readDraftAs } from '../../ui/form/draft.ts'
import type { JsonObject } from '../../ui/form/form-value.ts'

/** What every collector has besides its kind's own options. */
export const commonFields = commonFieldsOf(CollectorDraft.omit({ name: true, kind: true, enabled: true, config: true }))

export const emptyDraft = (kind: CollectorKindView): JsonObject => emptyDraftOf(kind, commonFields)

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

export const readDraft = (value: JsonObject): ReadDraft<CollectorDraft> => readDraftAs(CollectorDraft, value)
