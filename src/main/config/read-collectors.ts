/** From an entry of `collectors:` to a collector that can run, with references become what they stand for. Pure. */

import { idFromName } from '#shared/config/check-entry.ts'
import { CollectorEntry, collectorDraftOf } from '#shared/config/collector-entry.ts'
import { CollectorDraft } from '#shared/contract/collectors.ts'
import type { ConfiguredCollector } from './config-file.ts'
import {
  type AskedSecret,
  type Failed,
  fieldsIn,
  judgedOptions,
  parsedAs,
  shownSecret,
  type Understanding,
} from './read-checks.ts'
import { expanded, hasReference } from './references.ts'

/** One entry, judged by the schema of all collectors and by its kind's. */
export function readCollector(
  raw: unknown,
  { kinds, references }: Understanding,
): (ConfiguredCollector & { readonly secrets: readonly AskedSecret[] }) | Failed {
  const source = expanded(raw, references)
  const shown = shownSecret(source)
  if (shown !== null) return { issues: [shown] }
  const parsed = parsedAs(CollectorEntry, source)
  if ('issues' in parsed) return parsed
  const entry = parsed.value
  const judged = judgedOptions(entry.kind, entry.config, source, kinds.collectors)
  if ('issues' in judged) return judged
  const draft = collectorDraftOf({ ...entry, config: judged.config })
  const id = entry.id ?? idFromName(entry.name)
  if (!hasReference(raw)) return { id, draft, secrets: [] }
  return { id, draft, written: ownDraft(raw, draft), concealed: source.concealed, secrets: source.secrets }
}

/** What a collector that is written like this would run with. */
export function understoodCollector(
  written: CollectorDraft,
  { kinds, references }: Understanding,
): Omit<ConfiguredCollector, 'id'> | Failed {
  const source = expanded(written, references)
  const shown = shownSecret(source)
  if (shown !== null) return { issues: [shown] }
  const parsed = parsedAs(CollectorDraft, source)
  if ('issues' in parsed) return parsed
  const judged = judgedOptions(parsed.value.kind, parsed.value.config, source, kinds.collectors)
  if ('issues' in judged) return judged
  const draft = { ...parsed.value, config: judged.config }
  return hasReference(written) ? { draft, written, concealed: source.concealed } : { draft }
}

/** What the entry says itself; durations and switches are what they come to, for a form knows no text there. */
function ownDraft(raw: unknown, effective: CollectorDraft): CollectorDraft {
  const own = fieldsIn(raw)
  return {
    ...effective,
    name: typeof own['name'] === 'string' ? own['name'].trim() : effective.name,
    labels: fieldsIn(own['labels']) as CollectorDraft['labels'],
    config: fieldsIn(own['config']) as CollectorDraft['config'],
  }
}
