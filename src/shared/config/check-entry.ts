/** The contract's CheckDraft and the entry of `checks:` it is written as, both ways. */
import type { CheckDraft } from '#shared/contract/checks.ts'
import type { Json } from '#shared/contract/define.ts'
import { formatDuration } from './duration.ts'
import type { CheckEntry } from './schema.ts'

export function draftOf(entry: CheckEntry): CheckDraft {
  const { id: _, every, timeout, confirm, slow, ...rest } = entry
  const { retryEvery, ...counts } = confirm
  return {
    ...rest,
    everyMs: every,
    timeoutMs: timeout,
    confirm: { ...counts, retryEveryMs: retryEvery },
    slowMs: slow,
  }
}

/** A field of an entry as it is written; `isDefault`: need not stand in the file. */
export interface EntryField {
  readonly path: readonly string[]
  readonly value: Json
  readonly isDefault: boolean
  /** Two texts of one duration are the same value, and the one in the file stays. */
  readonly isDuration: boolean
}

/** Every field of a draft, in the order in which a new entry lists them. */
export function fieldsOf(draft: CheckDraft): EntryField[] {
  const { confirm } = draft
  return [
    field(['name'], draft.name),
    field(['kind'], draft.kind),
    field(['enabled'], draft.enabled, true),
    duration(['every'], draft.everyMs, 60_000),
    duration(['timeout'], draft.timeoutMs, 10_000),
    field(['confirm', 'failures'], confirm.failures, 2),
    field(['confirm', 'of'], confirm.of, 3),
    field(['confirm', 'successes'], confirm.successes, 2),
    duration(['confirm', 'retryEvery'], confirm.retryEveryMs, 15_000),
    draft.slowMs === null ? field(['slow'], null, null) : duration(['slow'], draft.slowMs, null),
    field(['group'], draft.group, null),
    { ...field(['labels'], draft.labels), isDefault: Object.keys(draft.labels).length === 0 },
    { ...field(['tags'], draft.tags), isDefault: draft.tags.length === 0 },
    field(['config'], draft.config as Json), // z.json() is a recursive type that TypeScript does not match with Json.
  ]
}

function field(path: readonly string[], value: Json, fallback?: Json): EntryField {
  return { path, value, isDefault: value === fallback, isDuration: false }
}

function duration(path: readonly string[], valueMs: number, fallbackMs: number | null): EntryField {
  return { path, value: formatDuration(valueMs), isDefault: valueMs === fallbackMs, isDuration: true }
}

/** The draft's own name of a place in an entry, for a form that shows the message beside the field. */
export function draftPathOf(path: readonly (string | number)[]): string {
  const written = path.join('.')
  return draftPaths.get(written) ?? written
}

const draftPaths: ReadonlyMap<string, string> = new Map([
  ['every', 'everyMs'],
  ['timeout', 'timeoutMs'],
  ['slow', 'slowMs'],
  ['confirm.retryEvery', 'confirm.retryEveryMs'],
])

/**
 * An id made from a check's name: lower case letters and digits of any script, dashes between, 1 to 60 characters.
 * The same name always gives the same id.
 */
export function idFromName(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return [...slug].slice(0, 60).join('').replace(/-+$/, '') || 'check'
}
