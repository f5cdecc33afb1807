/** An entry of `collectors:` as people write it, and the contract's CollectorDraft, both ways. */
import type { z } from 'zod'
import type { CollectorDraft } from '#shared/contract/collectors.ts'
import type { Json } from '#shared/contract/define.ts'
import { durationField, type EntryField, plainField } from './check-entry.ts'
import { CheckEntry, duration } from './schema.ts'

const dayMs = 86_400_000
const usualEveryMs = 30_000
const usualTimeoutMs = 10_000

/** One entry of `collectors:`. `config` is judged by the kind's own schema. */
export const CollectorEntry = CheckEntry.pick({
  id: true,
  name: true,
  kind: true,
  enabled: true,
  timeout: true,
  labels: true,
  config: true,
}).extend({ every: duration(1000, dayMs).default(usualEveryMs) })
type CollectorEntry = z.output<typeof CollectorEntry>

export function collectorDraftOf({ id: _, every, timeout, ...rest }: CollectorEntry): CollectorDraft {
  return { ...rest, everyMs: every, timeoutMs: timeout }
}

/** Every field of a draft, in the order in which a new entry lists them. */
export function collectorFieldsOf(draft: CollectorDraft): EntryField[] {
  return [
    plainField(['name'], draft.name),
    plainField(['kind'], draft.kind),
    plainField(['enabled'], draft.enabled, true),
    durationField(['every'], draft.everyMs, usualEveryMs),
    durationField(['timeout'], draft.timeoutMs, usualTimeoutMs),
    { ...plainField(['labels'], draft.labels), isDefault: Object.keys(draft.labels).length === 0 },
    plainField(['config'], draft.config as Json), // z.json() is a recursive type that TypeScript does not match with Json.
  ]
}
