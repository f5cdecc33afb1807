/** The contract's CheckDraft and the entry of `checks:` it is written as, both ways. */
import type { CheckDraft, ChecksChange } from '#shared/contract/checks.ts'
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

/** What a check has where its entry says nothing: of its group, or else of all checks. */
export interface EntryDefaults {
  readonly enabled: boolean
  readonly everyMs: number
  readonly timeoutMs: number
  readonly confirm: CheckDraft['confirm']
  readonly slowMs: number | null
}

export const plainDefaults: EntryDefaults = {
  enabled: true,
  everyMs: 60_000,
  timeoutMs: 10_000,
  confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 15_000 },
  slowMs: null,
}

/** A field of an entry as it is written; `isDefault`: need not stand in the file. */
export interface EntryField {
  readonly path: readonly string[]
  readonly value: Json
  readonly isDefault: boolean
  /** Two texts of one duration are the same value, and the one in the file stays. */
  readonly isDuration: boolean
  /** Taken out of the file where it is the default, since to write that nothing is said is odd. */
  readonly isGoneByDefault?: boolean
}

/** Every field of a draft, in the order in which a new entry lists them. */
export function fieldsOf(draft: CheckDraft, defaults: EntryDefaults): EntryField[] {
  const { confirm } = draft
  return [
    plainField(['name'], draft.name),
    plainField(['kind'], draft.kind),
    // Before what it gives a default for.
    groupField(draft.group),
    plainField(['enabled'], draft.enabled, defaults.enabled),
    durationField(['every'], draft.everyMs, defaults.everyMs),
    durationField(['timeout'], draft.timeoutMs, defaults.timeoutMs),
    plainField(['confirm', 'failures'], confirm.failures, defaults.confirm.failures),
    plainField(['confirm', 'of'], confirm.of, defaults.confirm.of),
    plainField(['confirm', 'successes'], confirm.successes, defaults.confirm.successes),
    durationField(['confirm', 'retryEvery'], confirm.retryEveryMs, defaults.confirm.retryEveryMs),
    slowField(draft.slowMs, defaults.slowMs),
    { ...plainField(['labels'], draft.labels), isDefault: Object.keys(draft.labels).length === 0 },
    tagsField(draft.tags),
    plainField(['config'], draft.config as Json), // z.json() is a recursive type that TypeScript does not match with Json.
  ]
}

/** The fields that a bulk change is about. `draft` is the check as it is written, with the change in it. */
export function changedFieldsOf(draft: CheckDraft, change: ChecksChange, defaults: EntryDefaults): EntryField[] {
  const asked: Readonly<Record<string, unknown>> = {
    enabled: change.enabled,
    every: change.everyMs,
    timeout: change.timeoutMs,
    slow: change.slowMs,
    group: change.group,
    tags: change.addTags ?? change.removeTags,
    labels: change.setLabels ?? change.removeLabels,
    'confirm.failures': change.confirm?.failures,
    'confirm.of': change.confirm?.of,
    'confirm.successes': change.confirm?.successes,
    'confirm.retryEvery': change.confirm?.retryEveryMs,
  }
  return fieldsOf(draft, defaults).filter(({ path }) => asked[path.join('.')] !== undefined)
}

/** A draft with a bulk change made to it; tags and labels of its group are not its own to remove. */
export function withChange(draft: CheckDraft, change: ChecksChange): CheckDraft {
  const tags = [...new Set([...draft.tags, ...(change.addTags ?? [])])]
  const labels = Object.entries({ ...draft.labels, ...change.setLabels })
  const { failures, of, successes, retryEveryMs } = change.confirm ?? {}
  const { confirm } = draft
  return {
    ...draft,
    enabled: change.enabled ?? draft.enabled,
    everyMs: change.everyMs ?? draft.everyMs,
    timeoutMs: change.timeoutMs ?? draft.timeoutMs,
    slowMs: change.slowMs === undefined ? draft.slowMs : change.slowMs,
    confirm: {
      failures: failures ?? confirm.failures,
      of: of ?? confirm.of,
      successes: successes ?? confirm.successes,
      retryEveryMs: retryEveryMs ?? confirm.retryEveryMs,
    },
    group: change.group === undefined ? draft.group : change.group,
    tags: tags.filter((tag) => !change.removeTags?.includes(tag)),
    labels: Object.fromEntries(labels.filter(([name]) => !change.removeLabels?.includes(name))),
  }
}

/** A field written as it is; `fallback`: need not stand in the file where it is that. */
export function plainField(path: readonly string[], value: Json, fallback?: Json): EntryField {
  return { path, value, isDefault: value === fallback, isDuration: false }
}

export function durationField(path: readonly string[], valueMs: number, fallbackMs: number | null): EntryField {
  return { ...plainField(path, formatDuration(valueMs)), isDefault: valueMs === fallbackMs, isDuration: true }
}

function slowField(slowMs: number | null, fallbackMs: number | null): EntryField {
  return slowMs === null ? plainField(['slow'], null, fallbackMs) : durationField(['slow'], slowMs, fallbackMs)
}

function groupField(group: string | null): EntryField {
  return { ...plainField(['group'], group, null), isGoneByDefault: true }
}

function tagsField(tags: readonly string[]): EntryField {
  return { ...plainField(['tags'], tags), isDefault: tags.length === 0, isGoneByDefault: true }
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
