/**
 * From `groups:` and `checks:` of all files to checks that can run: what an entry does not say comes from its group, and
 * references become what they stand for. Pure.
 */
import type { z } from 'zod'
import { draftOf, type EntryDefaults, idFromName, plainDefaults } from '#shared/config/check-entry.ts'
import { type Explained, explainedParse, unknownField } from '#shared/config/explain.ts'
import { CheckEntry, GroupEntry } from '#shared/config/schema.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import type { CheckGroup, ConfiguredCheck } from './config-file.ts'
import type { Path } from './parse-yaml.ts'
import { conceals, type Expanded, expanded, hasReference, type References, retyped } from './references.ts'

/** What the configuration has to know of a kind. */
export interface ConfiguredKind {
  readonly kind: string
  readonly config: z.ZodType
}

/** The lists of entries of a kind each, and the kinds that each list knows. */
export interface ConfiguredKinds<K extends ConfiguredKind = ConfiguredKind> {
  readonly checks: readonly K[]
  readonly collectors: readonly K[]
}
export type EntryList = keyof ConfiguredKinds

/** One of a list. */
export const nounOf: Readonly<Record<EntryList, string>> = { checks: 'check', collectors: 'collector' }

export interface ReadGroup {
  readonly group: CheckGroup
  readonly defaults: EntryDefaults
}

export interface Understanding {
  readonly kinds: ConfiguredKinds
  readonly references: References
  readonly groups: ReadonlyMap<string, ReadGroup>
}

type Fields = Readonly<Record<string, unknown>>
export type Failed = { readonly issues: readonly Explained[] }

export interface AskedSecret {
  readonly path: Path
  readonly name: string
}

export function readGroup(
  name: string,
  raw: unknown,
  references: References,
): (ReadGroup & { readonly secrets: readonly AskedSecret[] }) | Failed {
  const source = expanded(withoutConfig(raw), references)
  const parsed = parsedAs(GroupEntry, source)
  if ('issues' in parsed) return parsed
  // Options are judged in each check that gets them, where all of them are together.
  const config = GroupEntry.shape.config.safeParse(fieldsIn(raw)['config'] ?? {})
  if (!config.success)
    return { issues: [{ path: ['config'], message: 'expected kinds of checks, each with options.' }] }
  const { every, timeout, confirm, slow, enabled, labels, tags } = parsed.value
  const plain = plainDefaults
  return {
    group: { name, labels, tags, written: fieldsIn(raw) as CheckGroup['written'] },
    defaults: {
      enabled: enabled ?? plain.enabled,
      everyMs: every ?? plain.everyMs,
      timeoutMs: timeout ?? plain.timeoutMs,
      confirm: {
        failures: confirm?.failures ?? plain.confirm.failures,
        of: confirm?.of ?? plain.confirm.of,
        successes: confirm?.successes ?? plain.confirm.successes,
        retryEveryMs: confirm?.retryEvery ?? plain.confirm.retryEveryMs,
      },
      slowMs: slow === undefined ? plain.slowMs : slow,
    },
    secrets: expanded(raw, references).secrets,
  }
}

/** One entry of `checks:`, judged by the schema of all checks and by its kind's. */
export function readCheck(
  raw: unknown,
  understanding: Understanding,
): (ConfiguredCheck & { readonly secrets: readonly AskedSecret[] }) | Failed {
  const { groups, references } = understanding
  const own = fieldsIn(raw)
  const name = own['group']
  const group = typeof name === 'string' ? groups.get(name.trim()) : undefined
  const isPlain = group === undefined && !hasReference(raw)
  const source = expanded(group === undefined ? raw : inherited(own, group.group.written), references)
  const shown = shownSecret(source)
  if (shown !== null) return { issues: [shown] }
  const parsed = parsedAs(CheckEntry, source)
  if ('issues' in parsed) return parsed
  const entry = parsed.value
  if (entry.group !== null && group === undefined) return { issues: [noGroup(entry.group, groups)] }
  const judged = judgedOptions(entry.kind, entry.config, source, understanding.kinds.checks)
  if ('issues' in judged) return judged
  const draft = draftOf({ ...entry, tags: [...new Set(entry.tags)], config: judged.config })
  const id = entry.id ?? idFromName(entry.name)
  if (isPlain) return { id, draft, secrets: [] }
  return { id, draft, written: ownDraft(own, draft), concealed: source.concealed, secrets: source.secrets }
}

/** What a check that is written like this would run with. */
export function understoodDraft(
  written: CheckDraft,
  understanding: Understanding,
): Omit<ConfiguredCheck, 'id'> | Failed {
  const { groups, references } = understanding
  const group = written.group === null ? undefined : groups.get(written.group)
  if (written.group !== null && group === undefined) return { issues: [noGroup(written.group, groups)] }
  const merged = group === undefined ? written : { ...written, ...mergedFields(written, group.group.written) }
  const source = expanded(merged, references)
  const shown = shownSecret(source)
  if (shown !== null) return { issues: [shown] }
  const parsed = parsedAs(CheckDraft, source)
  if ('issues' in parsed) return parsed
  const judged = judgedOptions(parsed.value.kind, parsed.value.config, source, understanding.kinds.checks)
  if ('issues' in judged) return judged
  const draft = { ...parsed.value, tags: [...new Set(parsed.value.tags)], config: judged.config }
  return group === undefined && !hasReference(written) ? { draft } : { draft, written, concealed: source.concealed }
}

/** Names and labels are shown everywhere. */
export function shownSecret({ secrets }: Expanded): Explained | null {
  const found = secrets.find(({ path }) => path[0] !== 'config')
  if (found === undefined) return null
  return {
    path: found.path,
    message: 'expected a plain value, came a secret, which would be shown: use it in "config:".',
  }
}

function noGroup(name: string, groups: Understanding['groups']): Explained {
  const known = [...groups.keys()]
  const hint = known.length === 0 ? 'there is none under "groups:"' : unknownField(name, known)
  return { path: ['group'], message: `There is no group "${name}": ${hint}` }
}

export function judgedOptions(
  kindName: string,
  config: CheckDraft['config'],
  source: Expanded,
  kinds: readonly ConfiguredKind[],
): { readonly config: CheckDraft['config'] } | Failed {
  const kind = kinds.find((candidate) => candidate.kind === kindName)
  if (!kind) {
    const names = kinds.map((candidate) => candidate.kind)
    return { issues: [{ path: ['kind'], message: `There is no such kind: ${unknownField(kindName, names)}` }] }
  }
  const parsed = explainedParse(kind.config, config)
  if (parsed.ok) return { config }
  const within = parsed.issues.map(({ path }) => ['config', ...path])
  const again = (retyped({ config }, source.wholes, within) as { config: CheckDraft['config'] }).config
  const second = again === config ? parsed : explainedParse(kind.config, again)
  if (second.ok) return { config: again }
  return unseen(
    source,
    second.issues.map((issue) => ({ ...issue, path: ['config', ...issue.path] })),
  )
}

/** Parses what references gave; a number that came as text is tried as a number where text is not what is expected. */
export function parsedAs<S extends z.ZodType>(schema: S, source: Expanded): { readonly value: z.output<S> } | Failed {
  if (source.missing.length > 0) return { issues: source.missing }
  const first = explainedParse(schema, source.value)
  if (first.ok) return { value: first.value }
  const paths = first.issues.map(({ path }) => path)
  const again = retyped(source.value, source.wholes, paths)
  const second = again === source.value ? first : explainedParse(schema, again)
  return second.ok ? { value: second.value } : unseen(source, second.issues)
}

/** A complaint tells what came: where that was a reference, it tells the reference. */
function unseen({ concealed }: Expanded, issues: readonly Explained[]): Failed {
  const conceal = conceals(concealed)
  return { issues: issues.map(({ path, message }) => ({ path, message: conceal(message) })) }
}

/** An entry over what its group says: labels, tags and options are put together, for the rest the entry's own counts. */
function inherited(own: Fields, group: Fields): Fields {
  const { config: _options, labels: _labels, tags: _tags, ...rest } = group
  const confirm = { ...fieldsIn(group['confirm']), ...fieldsIn(own['confirm']) }
  return { ...rest, ...own, ...(Object.keys(confirm).length > 0 ? { confirm } : {}), ...mergedFields(own, group) }
}

function mergedFields(own: Fields, group: Fields): Fields {
  const kind = typeof own['kind'] === 'string' ? own['kind'] : ''
  const options = fieldsIn(fieldsIn(group['config'])[kind])
  return {
    ...put('labels', own, { ...fieldsIn(group['labels']), ...fieldsIn(own['labels']) }),
    ...put('config', own, { ...options, ...fieldsIn(own['config']) }),
    tags:
      Array.isArray(own['tags']) || own['tags'] == null
        ? [...listIn(group['tags']), ...listIn(own['tags'])]
        : own['tags'],
  }
}

/** What is no map is left for the schema to refuse. */
function put(name: string, own: Fields, merged: Fields): Fields {
  return { [name]: own[name] == null || isFields(own[name]) ? merged : own[name] }
}

/** What the entry says itself; durations and switches are what they come to, for a form knows no text there. */
function ownDraft(own: Fields, effective: CheckDraft): CheckDraft {
  return {
    ...effective,
    name: typeof own['name'] === 'string' ? own['name'].trim() : effective.name,
    labels: fieldsIn(own['labels']) as CheckDraft['labels'],
    tags: listIn(own['tags']) as CheckDraft['tags'],
    config: fieldsIn(own['config']) as CheckDraft['config'],
  }
}

function withoutConfig(raw: unknown): unknown {
  if (!isFields(raw)) return raw ?? {}
  const { config: _, ...rest } = raw
  return rest
}

export function fieldsIn(value: unknown): Fields {
  return isFields(value) ? value : {}
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
