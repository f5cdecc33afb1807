/**
 * The changes that screens make to the configuration, as data, and what each makes of the texts of its files. An edit is
 * made on the file where its object stands (what is new goes to belfry.yaml), read back, and refused unless it says
 * exactly what was meant. Pure: knows no file.
 */
import {
  changedFieldsOf,
  draftPathOf,
  type EntryField,
  fieldsOf,
  idFromName,
  plainDefaults,
  withChange,
} from '#shared/config/check-entry.ts'
import { collectorFieldsOf } from '#shared/config/collector-entry.ts'
import { settingEdits, settingPathOf } from '#shared/config/settings-section.ts'
import { wallFieldsOf, wallPathOf } from '#shared/config/wall-entry.ts'
import type { CheckDraft, ChecksChange } from '#shared/contract/checks.ts'
import type { ConfigEditInput } from '#shared/contract/config.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { SettingsPatch } from '#shared/contract/settings.ts'
import type { Wall } from '#shared/contract/walls.ts'
import { type ConfigProblem, writtenOf } from './config-file.ts'
import {
  type ConfigSource,
  type EntryChange,
  newFileText,
  sourceOf,
  withEntriesChanged,
  withEntry,
  withoutEntry,
  withRuleEnabled,
  withSettings,
  withUpgrade,
  withWall,
} from './edit-config.ts'
import { type EntryList, nounOf } from './read-checks.ts'
import { type Place, type ReadConfig, readConfig, type SourceText } from './read-config.ts'
import { elsewhereOf } from './same-object.ts'

export type ConfigEdit = ConfigEditInput

export interface EditedConfig {
  readonly sources: readonly SourceText[]
  /** The texts as they are understood; what came in when nothing changed. */
  readonly read: ReadConfig
  /** Ids of the entries that the edit was about. */
  readonly touched: readonly string[]
}

/** The files in their order, and the one that takes what is new. */
interface Editing {
  readonly sources: readonly SourceText[]
  readonly before: ReadConfig
  readonly main: string
}

/**
 * `before` is `sources` read. Throws AppError `invalid` with the fields it concerns, `not-found` or `conflict` for the id
 * of an entry, and `unprocessable` where the file is written in a way that only a person can edit.
 */
export function editConfig(
  sources: readonly SourceText[],
  before: ReadConfig,
  edit: ConfigEdit,
  main: string,
): EditedConfig {
  const edited = performed({ sources, before, main }, edit)
  if (edited.sources !== sources) refuseSideEffects(before, edited, edit, main)
  return edited
}

function performed(editing: Editing, edit: ConfigEdit): EditedConfig {
  switch (edit.edit) {
    case 'saveCheck':
      return savedEntry(editing, 'checks', edit, fieldsOf(edit.draft, defaultsFor(editing.before, edit.draft)))
    case 'saveCollector':
      return savedEntry(editing, 'collectors', edit, collectorFieldsOf(edit.draft))
    case 'removeCheck':
      return removedEntry(editing, 'checks', edit.id)
    case 'removeCollector':
      return removedEntry(editing, 'collectors', edit.id)
    case 'setCollectorsEnabled':
      return switchedCollectors(editing, edit.ids, edit.enabled)
    case 'setChecksEnabled':
      return changedChecks(editing, edit.ids, { enabled: edit.enabled })
    case 'editChecks':
      return changedChecks(editing, edit.ids, edit.change)
    case 'saveSettings':
      return savedSettings(editing, edit.patch)
    case 'setRuleEnabled': {
      const file = editing.before.sectionFiles.get('rules') ?? editing.main
      return reread(editing, [[file, (source) => withRuleEnabled(source, edit.alert, edit.enabled)]], [])
    }
    case 'saveWall':
      return savedWall(editing, edit)
    case 'removeWall': {
      const file = editing.before.wallFiles.get(edit.name)
      if (file === undefined) throw new AppError('not-found', `There is no wall named "${edit.name}".`)
      return reread(editing, [[file, (source) => withWall(source, edit.name, null)]], [])
    }
  }
}

type TextEdit = readonly [file: string, edit: (source: ConfigSource) => string]

/** Makes edits of texts, one after the other, and reads what came of them. */
function reread({ sources, before }: Editing, edits: readonly TextEdit[], touched: readonly string[]): EditedConfig {
  const { references, kinds } = before.understanding
  const texts = new Map(sources.map(({ file, text }) => [file, text]))
  const asRead = new Map(texts)
  let changes = false
  for (const [file, edit] of edits) {
    const known = texts.get(file)
    const isOutdated = before.outdated.has(file) && known !== undefined && known === asRead.get(file)
    const text = isOutdated ? withUpgrade(known, before.versions) : (known ?? newFileText)
    const document = !isOutdated && known === asRead.get(file) ? before.documents.get(file) : undefined
    const after = edit(document === undefined ? sourceOf(text, references) : { text, document, references })
    // An upgrade alone is no reason to write.
    if (after === text && known !== undefined) continue
    changes = true
    texts.set(file, after)
  }
  if (!changes) return { sources, read: before, touched }
  const known = new Set(sources.map(({ file }) => file))
  const added = [...texts.keys()].filter((file) => !known.has(file))
  // belfry.yaml comes first wherever it was made.
  const after = [...added, ...sources.map(({ file }) => file)].map((file) => ({ file, text: texts.get(file) ?? '' }))
  return { sources: after, read: readConfig(after, kinds, references, before.versions), touched }
}

/** An anchor shared by several entries would carry an edit of one into the others. */
function refuseSideEffects(before: ReadConfig, { read, touched }: EditedConfig, edit: ConfigEdit, main: string): void {
  const elsewhere = ({ config }: ReadConfig) => elsewhereOf(config, edit, touched)
  if (read.broken === null && elsewhere(before) === elsewhere(read)) return
  throw new AppError(
    'unprocessable',
    `This change would alter other entries of ${main}, which share an anchor (&name) with it. Edit the file by hand.`,
  )
}

interface Saved {
  readonly id: string | null
  readonly draft: { readonly name: string }
}

function savedEntry(editing: Editing, list: EntryList, { id, draft }: Saved, fields: readonly EntryField[]) {
  const { before, main } = editing
  const { places, takenIds } = before.lists[list]
  // An id that is not in the files brings a removed entry back.
  const place = id === null ? null : (places.get(id) ?? null)
  if (id !== null && place === null && takenIds.has(id)) {
    throw new AppError('conflict', `The entry with the id "${id}" cannot be read: mend it in its file first.`)
  }
  const finalId = id ?? freeId(takenIds, draft.name)
  const file = place?.file ?? main
  const edit = (source: ConfigSource) => withEntry(source, list, place?.position ?? null, finalId, fields)
  const edited = reread(editing, [[file, edit]], [finalId])
  refuseUnread(editing, list, edited, [finalId], place ?? { file, position: countIn(before, list, file) })
  return edited
}

function removedEntry(editing: Editing, list: EntryList, id: string): EditedConfig {
  const { file, position } = placeOf(editing.before, list, id)
  return reread(editing, [[file, (source) => withoutEntry(source, list, position)]], [id])
}

function changedChecks(editing: Editing, ids: readonly string[], change: ChecksChange): EditedConfig {
  const { before } = editing
  const checks = new Map(before.config.checks.map((check) => [check.id, check]))
  return changedEntries(editing, 'checks', ids, (id) => {
    const check = checks.get(id)
    if (check === undefined) return []
    const draft = withChange(writtenOf(check), change)
    return changedFieldsOf(draft, change, defaultsFor(before, draft))
  })
}

function switchedCollectors(editing: Editing, ids: readonly string[], enabled: boolean): EditedConfig {
  const collectors = new Map(editing.before.config.collectors.map((one) => [one.id, writtenOf(one)]))
  return changedEntries(editing, 'collectors', ids, (id) => {
    const written = collectors.get(id)
    if (written === undefined) return []
    return collectorFieldsOf({ ...written, enabled }).filter(({ path }) => path[0] === 'enabled')
  })
}

function changedEntries(
  editing: Editing,
  list: EntryList,
  ids: readonly string[],
  fieldsFor: (id: string) => readonly EntryField[],
): EditedConfig {
  const byFile = new Map<string, EntryChange[]>()
  for (const id of new Set(ids)) {
    const { file, position } = placeOf(editing.before, list, id)
    const entries = byFile.get(file) ?? []
    entries.push({ position, fields: fieldsFor(id) })
    byFile.set(file, entries)
  }
  const edits = [...byFile].map(
    ([file, entries]): TextEdit => [file, (source) => withEntriesChanged(source, list, entries)],
  )
  const edited = reread(editing, edits, ids)
  refuseUnread(editing, list, edited, ids, null)
  return edited
}

/** `expected`: where the problem of a single entry will stand. */
function refuseUnread(
  { before }: Editing,
  list: EntryList,
  { read }: EditedConfig,
  ids: readonly string[],
  expected: Place | null,
): void {
  const lost = ids.find((id) => !read.lists[list].places.has(id))
  if (lost === undefined) return
  const { file, position } = expected ?? placeOf(before, list, lost)
  const prefix = `${list}[${position}]`
  const wrong = read.problems.filter((problem) => problem.file === file && problem.path.startsWith(prefix))
  throw refused(wrong.length > 0 ? wrong : read.problems, (written) =>
    draftPathOf(written.slice(prefix.length + 1).split('.')),
  )
}

function savedSettings(editing: Editing, patch: SettingsPatch): EditedConfig {
  const edits = settingEdits(patch)
  const byFile = new Map<string, typeof edits>()
  for (const one of edits) {
    const file = editing.before.sectionFiles.get(one.path[0] ?? '') ?? editing.main
    byFile.set(file, [...(byFile.get(file) ?? []), one])
  }
  const texts = [...byFile].map(([file, ofFile]): TextEdit => [file, (source) => withSettings(source, ofFile)])
  const edited = reread(editing, texts, [])
  const wrong = edited.read.problems.filter((problem) => edits.some((one) => one.path.join('.') === problem.path))
  if (wrong.length > 0) throw refused(wrong, (written) => settingPathOf(written.split('.')))
  return edited
}

function savedWall(editing: Editing, { name, wall }: { readonly name: string | null; readonly wall: Wall }) {
  const { before, main } = editing
  if (name !== wall.name && before.wallFiles.has(wall.name)) {
    throw new AppError('conflict', `There is a wall named "${wall.name}" already: choose another name.`, [
      { path: 'name', message: 'taken by another wall' },
    ])
  }
  const known = name ?? wall.name
  const file = before.wallFiles.get(known) ?? main
  const edited = reread(editing, [[file, (source) => withWall(source, known, wallFieldsOf(wall))]], [])
  if (!edited.read.config.walls.some((saved) => saved.name === wall.name)) {
    const wrong = edited.read.problems.filter((problem) => problem.path.startsWith('walls'))
    throw refused(wrong, (written) => wallPathOf(written.replace(/^walls\[\d+\]\.?/, '').split('.')))
  }
  return edited
}

function refused(problems: readonly ConfigProblem[], fieldOf: (path: string) => string): AppError {
  const issues: Issue[] = problems.map(({ path, message }) => ({ path: fieldOf(path), message }))
  return new AppError('invalid', `${issues[0]?.path}: ${issues[0]?.message}`, issues)
}

function defaultsFor({ understanding }: ReadConfig, { group }: CheckDraft) {
  return (group === null ? undefined : understanding.groups.get(group)?.defaults) ?? plainDefaults
}

function placeOf({ lists }: ReadConfig, list: EntryList, id: string): Place {
  const place = lists[list].places.get(id)
  if (place === undefined) throw new AppError('not-found', `There is no ${nounOf[list]} with the id "${id}".`)
  return place
}

/** Entries in the list of a file, those that were left out too. */
function countIn({ documents }: ReadConfig, list: EntryList, file: string): number {
  const entries = documents.get(file)?.toJS({ maxAliasCount: 100 })?.[list]
  return Array.isArray(entries) ? entries.length : 0
}

function freeId(takenIds: ReadonlySet<string>, name: string): string {
  const wanted = idFromName(name)
  if (!takenIds.has(wanted)) return wanted
  let suffix = 2
  while (takenIds.has(`${wanted}-${suffix}`)) suffix++
  return `${wanted}-${suffix}`
}
