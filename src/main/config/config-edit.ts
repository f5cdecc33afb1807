/**
 * The changes that screens make to the configuration, as data, and what each makes of the texts of its files. An edit is
 * made on the file where its object stands (what is new goes to belfry.yaml), read back, and refused unless it says
 * exactly what was meant. Pure: knows no file.
 */
import { draftPathOf, idFromName, plainDefaults, withChange } from '#shared/config/check-entry.ts'
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
  newFileText,
  sourceOf,
  withCheck,
  withEntriesChanged,
  withoutCheck,
  withRuleEnabled,
  withSettings,
  withUpgrade,
  withWall,
} from './edit-config.ts'
import { type Place, type ReadConfig, readConfig, type SourceText } from './read-config.ts'

export type ConfigEdit = ConfigEditInput

export interface EditedConfig {
  readonly sources: readonly SourceText[]
  /** The texts as they are understood; what came in when nothing changed. */
  readonly read: ReadConfig
  /** Ids of the checks that the edit was about. */
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
 * of a check, and `unprocessable` where the file is written in a way that only a person can edit.
 */
export function editConfig(
  sources: readonly SourceText[],
  before: ReadConfig,
  edit: ConfigEdit,
  main: string,
): EditedConfig {
  const edited = performed({ sources, before, main }, edit)
  if (edited.sources !== sources) refuseSideEffects(before, edited, main)
  return edited
}

function performed(editing: Editing, edit: ConfigEdit): EditedConfig {
  switch (edit.edit) {
    case 'saveCheck':
      return savedCheck(editing, edit)
    case 'removeCheck': {
      const { file, position } = placeOf(editing.before, edit.id)
      return reread(editing, [[file, (source) => withoutCheck(source, position)]], [edit.id])
    }
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
function refuseSideEffects(before: ReadConfig, { read, touched }: EditedConfig, main: string): void {
  const ids = new Set(touched)
  const untouched = ({ config }: ReadConfig) => JSON.stringify(config.checks.filter((check) => !ids.has(check.id)))
  if (read.broken === null && untouched(before) === untouched(read)) return
  throw new AppError(
    'unprocessable',
    `This change would alter other entries of ${main}, which share an anchor (&name) with it. Edit the file by hand.`,
  )
}

function savedCheck(editing: Editing, { id, draft }: { readonly id: string | null; readonly draft: CheckDraft }) {
  const { before, main } = editing
  // An id that is not in the files brings a removed check back.
  const place = id === null ? null : (before.places.get(id) ?? null)
  if (id !== null && place === null && before.takenIds.has(id)) {
    throw new AppError('conflict', `The entry with the id "${id}" cannot be read: mend it in its file first.`)
  }
  const finalId = id ?? freeId(before, draft.name)
  const file = place?.file ?? main
  const defaults = defaultsFor(before, draft)
  const edit = (source: ConfigSource) => withCheck(source, place?.position ?? null, finalId, draft, defaults)
  const edited = reread(editing, [[file, edit]], [finalId])
  refuseUnread(editing, edited, [finalId], place ?? { file, position: countIn(before, file) })
  return edited
}

function changedChecks(editing: Editing, ids: readonly string[], change: ChecksChange): EditedConfig {
  const { before } = editing
  const checks = new Map(before.config.checks.map((check) => [check.id, check]))
  const byFile = new Map<string, Parameters<typeof withEntriesChanged>[1][number][]>()
  for (const id of new Set(ids)) {
    const { file, position } = placeOf(before, id)
    const check = checks.get(id)
    if (check === undefined) continue
    const draft = withChange(writtenOf(check), change)
    const entries = byFile.get(file) ?? []
    entries.push({ position, draft, defaults: defaultsFor(before, draft) })
    byFile.set(file, entries)
  }
  const edits = [...byFile].map(
    ([file, entries]): TextEdit => [file, (source) => withEntriesChanged(source, entries, change)],
  )
  const edited = reread(editing, edits, ids)
  refuseUnread(editing, edited, ids, null)
  return edited
}

/** `expected`: where the problem of a single entry will stand. */
function refuseUnread(
  { before }: Editing,
  { read }: EditedConfig,
  ids: readonly string[],
  expected: Place | null,
): void {
  const lost = ids.find((id) => !read.places.has(id))
  if (lost === undefined) return
  const { file, position } = expected ?? placeOf(before, lost)
  const prefix = `checks[${position}]`
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

function placeOf({ places }: ReadConfig, id: string): Place {
  const place = places.get(id)
  if (place === undefined) throw new AppError('not-found', `There is no check with the id "${id}".`)
  return place
}

/** Entries in the list of a file, those that were left out too. */
function countIn({ documents }: ReadConfig, file: string): number {
  const checks = documents.get(file)?.toJS({ maxAliasCount: 100 })?.checks
  return Array.isArray(checks) ? checks.length : 0
}

function freeId({ takenIds }: ReadConfig, name: string): string {
  const wanted = idFromName(name)
  if (!takenIds.has(wanted)) return wanted
  let suffix = 2
  while (takenIds.has(`${wanted}-${suffix}`)) suffix++
  return `${wanted}-${suffix}`
}
