/**
 * The changes that screens make to belfry.yaml, as data, and what each makes of its text. An edit is made on the text,
 * read back, and refused unless it says exactly what was meant. Pure: knows no file.
 */
import { draftPathOf, idFromName } from '#shared/config/check-entry.ts'
import { settingEdits, settingPathOf } from '#shared/config/settings-section.ts'
import { wallFieldsOf, wallPathOf } from '#shared/config/wall-entry.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { SettingsPatch } from '#shared/contract/settings.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { ConfigProblem } from './config-file.ts'
import {
  type ConfigSource,
  sourceOf,
  withCheck,
  withChecksEnabled,
  withoutCheck,
  withRuleEnabled,
  withSettings,
  withWall,
} from './edit-config.ts'
import { type ConfiguredKind, type ReadConfig, readConfig } from './read-config.ts'

export type ConfigEdit =
  | { readonly edit: 'saveCheck'; readonly id: string | null; readonly draft: CheckDraft }
  | { readonly edit: 'removeCheck'; readonly id: string }
  | { readonly edit: 'setChecksEnabled'; readonly ids: readonly string[]; readonly enabled: boolean }
  | { readonly edit: 'saveSettings'; readonly patch: SettingsPatch }
  | { readonly edit: 'setRuleEnabled'; readonly alert: string; readonly enabled: boolean }
  | { readonly edit: 'saveWall'; readonly name: string | null; readonly wall: Wall }
  | { readonly edit: 'removeWall'; readonly name: string }

export interface EditedConfig {
  readonly text: string
  /** The text as it is understood; what came in when nothing changed. */
  readonly read: ReadConfig
  /** Ids of the checks that the edit was about. */
  readonly touched: readonly string[]
}

/**
 * `before` is `text` read. Throws AppError `invalid` with the fields it concerns, `not-found` or `conflict` for the id
 * of a check, and `unprocessable` where the file is written in a way that only a person can edit.
 */
export function editConfig(
  text: string,
  before: ReadConfig,
  edit: ConfigEdit,
  path: string,
  kinds: readonly ConfiguredKind[],
): EditedConfig {
  const source = before.document === null ? sourceOf(text) : { text, document: before.document }
  const reread = (after: string) => (after === text ? before : readConfig(after, path, kinds))
  const edited = performed(source, before, edit, path, reread)
  if (edited.text !== text) refuseSideEffects(before, edited, path)
  return edited
}

type Reread = (text: string) => ReadConfig

function performed(
  source: ConfigSource,
  before: ReadConfig,
  edit: ConfigEdit,
  path: string,
  reread: Reread,
): EditedConfig {
  const done = (text: string, touched: readonly string[]) => ({ text, read: reread(text), touched })
  switch (edit.edit) {
    case 'saveCheck':
      return savedCheck(source, before, edit, path, reread)
    case 'removeCheck':
      return done(withoutCheck(source, positionOf(before, edit.id)), [edit.id])
    case 'setChecksEnabled': {
      const positions = edit.ids.map((id) => positionOf(before, id))
      return done(withChecksEnabled(source, positions, edit.enabled), edit.ids)
    }
    case 'saveSettings':
      return savedSettings(source, edit.patch, reread)
    case 'setRuleEnabled':
      return done(withRuleEnabled(source, edit.alert, edit.enabled), [])
    case 'saveWall':
      return savedWall(source, before, edit, reread)
    case 'removeWall':
      wallNamed(before, edit.name)
      return done(withWall(source, edit.name, null), [])
  }
}

/** An anchor shared by several entries would carry an edit of one into the others. */
function refuseSideEffects(before: ReadConfig, { read, touched }: EditedConfig, path: string): void {
  const ids = new Set(touched)
  const untouched = ({ config }: ReadConfig) => JSON.stringify(config.checks.filter((check) => !ids.has(check.id)))
  if (read.broken === null && untouched(before) === untouched(read)) return
  throw new AppError(
    'unprocessable',
    `This change would alter other entries of ${path}, which share an anchor (&name) with it. Edit the file by hand.`,
  )
}

function savedCheck(
  source: ConfigSource,
  before: ReadConfig,
  { id, draft }: { readonly id: string | null; readonly draft: CheckDraft },
  path: string,
  reread: Reread,
): EditedConfig {
  // An id that is not in the file brings a removed check back.
  const position = id === null ? null : (before.positions.get(id) ?? null)
  if (id !== null && position === null && before.takenIds.has(id)) {
    throw new AppError(
      'conflict',
      `The entry with the id "${id}" in ${path} cannot be read: mend it in the file first.`,
    )
  }
  const finalId = id ?? freeId(before, draft.name)
  const text = withCheck(source, position, finalId, draft)
  const read = reread(text)
  if (!read.positions.has(finalId)) {
    const place = `checks[${position ?? read.positions.size}]`
    const wrong = read.problems.filter((problem) => problem.path.startsWith(place))
    throw refused(wrong.length > 0 ? wrong : read.problems, (written) =>
      draftPathOf(written.slice(place.length + 1).split('.')),
    )
  }
  return { text, read, touched: [finalId] }
}

function savedSettings(source: ConfigSource, patch: SettingsPatch, reread: Reread): EditedConfig {
  const edits = settingEdits(patch)
  const text = withSettings(source, edits)
  const read = reread(text)
  const wrong = read.problems.filter((problem) => edits.some((one) => one.path.join('.') === problem.path))
  if (wrong.length > 0) throw refused(wrong, (written) => settingPathOf(written.split('.')))
  return { text, read, touched: [] }
}

function savedWall(
  source: ConfigSource,
  before: ReadConfig,
  { name, wall }: { readonly name: string | null; readonly wall: Wall },
  reread: Reread,
): EditedConfig {
  if (name !== wall.name && before.config.walls.some((other) => other.name === wall.name)) {
    throw new AppError('conflict', `There is a wall named "${wall.name}" already: choose another name.`, [
      { path: 'name', message: 'taken by another wall' },
    ])
  }
  const text = withWall(source, name ?? wall.name, wallFieldsOf(wall))
  const read = reread(text)
  if (!read.config.walls.some((saved) => saved.name === wall.name)) {
    const wrong = read.problems.filter((problem) => problem.path.startsWith('walls'))
    throw refused(wrong, (written) => wallPathOf(written.replace(/^walls\[\d+\]\.?/, '').split('.')))
  }
  return { text, read, touched: [] }
}

function wallNamed({ config }: ReadConfig, name: string): Wall {
  const found = config.walls.find((wall) => wall.name === name)
  if (!found) throw new AppError('not-found', `There is no wall named "${name}".`)
  return found
}

function refused(problems: readonly ConfigProblem[], fieldOf: (path: string) => string): AppError {
  const issues: Issue[] = problems.map(({ path, message }) => ({ path: fieldOf(path), message }))
  return new AppError('invalid', `${issues[0]?.path}: ${issues[0]?.message}`, issues)
}

function positionOf({ positions }: ReadConfig, id: string): number {
  const position = positions.get(id)
  if (position === undefined) throw new AppError('not-found', `There is no check with the id "${id}".`)
  return position
}

function freeId({ takenIds }: ReadConfig, name: string): string {
  const wanted = idFromName(name)
  if (!takenIds.has(wanted)) return wanted
  let suffix = 2
  while (takenIds.has(`${wanted}-${suffix}`)) suffix++
  return `${wanted}-${suffix}`
}
