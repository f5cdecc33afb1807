/**
 * Owns the configuration: reads its files at the start and when they change, and writes what screens change. At the
 * start what is broken is left out and the rest runs; later a change with something new in it that is broken is refused
 * as a whole, and what ran before runs on. Edits happen one after another, on the newest text, and are written only if
 * they say exactly what was meant; a file that could not be understood is never written over.
 */
import { join, relative, sep } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Clock, Logger } from '#main/ports.ts'
import { configVersions, type Versions } from '#shared/config/upgrade.ts'
import type { ConfigEditView, FileDifference } from '#shared/contract/config.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { ConfigEdit } from './config-edit.ts'
import { type ConfigDifference, type ConfigEditor, createConfigEditor, withDifference } from './config-editor.ts'
import { type BelfryConfig, type ConfigFile, type ConfigProblem, writtenOf } from './config-file.ts'
import { maskedText } from './entry-secrets.ts'
import { mergedTexts } from './merge-texts.ts'
import {
  type ConfiguredKinds,
  type EntryList,
  type Failed,
  nounOf,
  type ReadGroup,
  understoodDraft,
} from './read-checks.ts'
import { understoodCollector } from './read-collectors.ts'
import { noReferences, placeText, readConfig, type SecretUse, type SourceText } from './read-config.ts'
import type { References } from './references.ts'
import { elsewhereOf, objectOf, summaryOf } from './same-object.ts'
import { type FoundSources, findSources, mainFileName } from './source-files.ts'
import { unifiedDiff } from './unified-diff.ts'

/** So many edits can be taken back. */
const mostEdits = 20

export interface OpenConfigOptions {
  readonly directory: string
  readonly logger: Logger
  /** Judge each entry's `config`; see configured-kinds.ts. */
  readonly kinds: ConfiguredKinds
  /** Where the work of edits is done; absent: here, which holds up everything else while it takes. */
  readonly editor?: ConfigEditor
  /** What references stand for; asked whenever the files are read. Absent: nothing. */
  readonly references?: () => Promise<References>
  /** Which version is read, and how older ones become it. An editor that is given has to know the same. */
  readonly versions?: Versions
  /** For the instants of edits. */
  readonly clock?: Pick<Clock, 'now'>
}

/** The configuration as its own screens see it: files, previews, and edits that can be taken back. */
export interface OpenConfig extends ConfigFile {
  /** A change on disk is not used until it is mended. */
  isLastGoodKept(): boolean
  secretUses(): readonly SecretUse[]
  /** As they stand on disk. */
  sources(): Promise<readonly SourceText[]>
  /** A file's name within the configuration directory. */
  nameOf(file: string): string
  preview(edit: ConfigEdit): Promise<FileDifference[]>
  edits(): ConfigEditView[]
  /** Null: the newest. */
  undo(id: string | null): Promise<{ id: string; summary: string; files: FileDifference[] }>
  /** A text with marks in the place of secrets that stand in the configuration. */
  withoutSecrets(text: string): string
  /** Looks at the disk, and takes what changed. */
  reload(): Promise<void>
}

/** What stood on disk, and what its references stood for. */
interface Seen extends FoundSources {
  readonly references: References
}

/** What is running: what the files held when they were last read or written. */
interface Known extends Seen {
  readonly config: BelfryConfig
  readonly groups: ReadonlyMap<string, ReadGroup>
  readonly problems: readonly ConfigProblem[]
  /** Why a file could not be understood at all; null when all could. */
  readonly broken: ConfigProblem | null
  readonly secretUses: readonly SecretUse[]
}

/** What stands on disk and is not used. */
interface Refused {
  readonly seen: Seen
  readonly problems: readonly ConfigProblem[]
}

interface DoneEdit {
  readonly id: string
  readonly at: number
  readonly summary: string
  readonly edit: ConfigEdit
  readonly touched: readonly string[]
  readonly changes: readonly { readonly file: string; readonly before: string; readonly after: string }[]
  /** What the edit was about when it was done. */
  readonly left: string
  /** What it was about before. */
  readonly found: string
}

/** Never rejects because of what stands in the files: that becomes `problems()`. */
export async function openConfigFile(options: OpenConfigOptions): Promise<OpenConfig> {
  const { directory, logger, kinds, versions = configVersions } = options
  const { editor = createConfigEditor(kinds, versions) } = options
  const askReferences = options.references ?? (async () => noReferences)
  const main = join(directory, mainFileName)
  const listeners = new Set<(config: BelfryConfig) => void>()
  // Read here and now: nothing is watched yet that could be held up, and no thread has to start first.
  let known = await load()
  let refused: Refused | null = null
  let last: Promise<unknown> = Promise.resolve()
  const done: DoneEdit[] = []
  let count = 0
  logProblems(known.problems)

  /** One after the other: each stands on what the one before left. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined) // Told to the caller; the next turn stands on its own.
    return turn
  }

  async function load(): Promise<Known> {
    const { sources, unreadable } = await findSources(directory)
    const references = await askReferences()
    const read = readConfig(sources, kinds, references, versions)
    return {
      sources,
      unreadable,
      references,
      config: read.config,
      groups: read.understanding.groups,
      problems: [...unreadable, ...read.problems],
      broken: unreadable[0] ?? read.broken,
      secretUses: read.secretUses,
    }
  }

  function logProblems(problems: readonly ConfigProblem[]): void {
    for (const { file, line, path: place, message } of problems) {
      logger.warn('configuration problem', { file, line, place, detail: message })
    }
  }

  function adopt(next: Known): void {
    known = next
    refused = null
    tell()
  }

  function tell(): void {
    for (const listener of listeners) listener(known.config)
  }

  /** Takes what stands on disk, if it is good; `refused` tells what is wrong with it if it is not. */
  async function catchUp(): Promise<void> {
    const found = await findSources(directory)
    const seen = { ...found, references: await askReferences() }
    if (refused !== null && isSame(refused.seen, seen)) return
    if (isSame(known, seen)) {
      if (refused !== null) adopt(known)
      return
    }
    const next = await understood(seen)
    const fresh = next.broken === null ? newProblems(known.problems, next.problems) : next.problems
    if (fresh.length === 0) {
      adopt(next)
      return
    }
    refused = { seen, problems: fresh }
    logProblems(fresh)
    tell()
  }

  async function understood(seen: Seen): Promise<Known> {
    const { sources, unreadable } = seen
    const wasThere = known.sources.some(({ file }) => file === main)
    const isGone = wasThere && unreadable.length === 0 && !sources.some(({ file }) => file === main)
    const lost = isGone ? [{ file: main, line: null, path: '', message: 'The file is gone: put it back.' }] : []
    const difference = await editor.read({ ...textsOf(seen), before: textsOf(known) })
    return withRead(known, { ...seen, unreadable: [...unreadable, ...lost] }, difference)
  }

  function refuseUnlessGood(): void {
    const problem = refused?.problems[0] ?? known.broken
    if (problem === null || problem === undefined) return
    const place = placeText(problem.file, problem.line)
    throw new AppError(
      'conflict',
      `Nothing is written while the configuration cannot be used (${place}): ${problem.message}`,
    )
  }

  /** Performs an edit on the newest text. */
  function perform(edit: ConfigEdit): Promise<Performed> {
    return inTurn(async () => {
      const meant = objectOf(known.config, edit)
      await catchUp()
      refuseUnlessGood()
      if (objectOf(known.config, edit) !== meant) {
        throw new AppError(
          'conflict',
          'What you change was changed on disk meanwhile. It has been read again: look, then repeat.',
        )
      }
      const before = known
      const edited = await editor.edit({ ...textsOf(before), edit, main })
      const { touched } = edited
      const changes = changesBetween(before.sources, edited.sources)
      if (changes.length === 0) return { before: before.config, after: before.config, touched }
      await write(changes)
      adopt(withRead(before, { ...before, sources: edited.sources }, edited.difference))
      remember(
        { edit, touched, changes, found: objectOf(before.config, edit, touched) },
        summaryOf(edit, before.config),
      )
      return { before: before.config, after: known.config, touched }
    })
  }

  function remember(one: Pick<DoneEdit, 'edit' | 'touched' | 'changes' | 'found'>, summary: string): void {
    const left = objectOf(known.config, one.edit, one.touched)
    done.push({ ...one, left, id: `edit-${++count}`, at: options.clock?.now() ?? 0, summary })
    if (done.length > mostEdits) done.shift()
  }

  /** The texts that taking an edit back would write. Throws AppError `conflict` where it cannot be. */
  function restored({ edit, touched, changes, left }: DoneEdit): Change[] {
    refuseUnlessGood()
    const refuse = (why: string) => new AppError('conflict', `${why}, so it is not taken back: change it by hand.`)
    if (objectOf(known.config, edit, touched) !== left) throw refuse('What this was about has changed since')
    return changes.map(({ file, before, after }) => {
      const now = known.sources.find((source) => source.file === file)?.text
      const text = now === undefined ? null : mergedTexts(after, now, before)
      if (now === undefined || text === null) throw refuse('The lines around have changed since')
      return { file, before: now, after: text }
    })
  }

  function undo(id: string | null) {
    return inTurn(async () => {
      await catchUp()
      const one = id === null ? done.at(-1) : done.find((candidate) => candidate.id === id)
      if (one === undefined) throw new AppError('not-found', 'There is no such change to take back since the start.')
      const changes = restored(one)
      const before = known
      const sources = before.sources.map((source) => ({
        file: source.file,
        text: changes.find(({ file }) => file === source.file)?.after ?? source.text,
      }))
      const after = { ...before, sources }
      const difference = await editor.read({ ...textsOf(after), before: textsOf(before) })
      const next = withRead(before, after, difference)
      const isAsBefore =
        objectOf(next.config, one.edit, one.touched) === one.found && isSameElsewhere(before, next, one)
      if (next.broken !== null || newProblems(before.problems, next.problems).length > 0 || !isAsBefore) {
        throw new AppError('conflict', 'The file has changed too much since to take this back: change it by hand.')
      }
      await write(changes)
      adopt(next)
      done.splice(done.indexOf(one), 1)
      return { id: one.id, summary: one.summary, files: differencesOf(changes) }
    })
  }

  async function write(changes: readonly Change[]): Promise<void> {
    const written: Change[] = []
    try {
      for (const change of changes) {
        await keepOldVersion(change, versions)
        await writeDurably(change.file, change.after, 0o600)
        written.push(change)
      }
    } catch (error) {
      // All files or none.
      for (const { file, before } of written) await writeDurably(file, before, 0o600)
      const file = changes[written.length]?.file ?? main
      throw new AppError('unavailable', `${file} could not be written: ${systemErrorText(error)}. Nothing was changed.`)
    }
  }

  function differencesOf(changes: readonly Change[]): FileDifference[] {
    return changes.map(({ file, before, after }) => ({
      file,
      isNew: before === '',
      diff: unifiedDiff(nameOf(file), before === '' ? null : before, after),
    }))
  }

  function viewOf(one: DoneEdit): ConfigEditView {
    const { id, at, summary } = one
    const role = one.edit.edit === 'saveSettings' ? 'admin' : 'operator'
    try {
      return { id, at, role, summary, restores: differencesOf(restored(one)), refusal: null }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { id, at, role, summary, restores: [], refusal: error.message }
    }
  }

  const understanding = () => ({ kinds, references: known.references, groups: known.groups })
  const nameOf = (file: string) => relative(directory, file).split(sep).join('/')

  return {
    path: main,
    directory,
    nameOf,
    current: () => known.config,
    problems: () => refused?.problems ?? known.problems,
    isLastGoodKept: () => refused !== null,
    secretUses: () => known.secretUses,
    sources: async () => (await findSources(directory)).sources,
    understood(id, written) {
      const read = understoodDraft(written, understanding())
      return 'issues' in read ? refuseDraft('checks', written.name, read) : { id, ...read }
    },
    understoodCollector(id, written) {
      const read = understoodCollector(written, understanding())
      return 'issues' in read ? refuseDraft('collectors', written.name, read) : { id, ...read }
    },
    async saveCheck(id, draft) {
      const { after, touched } = await perform({ edit: 'saveCheck', id, draft })
      return entryIn(after, 'checks', touched[0] ?? '')
    },
    async removeCheck(id) {
      const { before } = await perform({ edit: 'removeCheck', id })
      return writtenOf(entryIn(before, 'checks', id))
    },
    async saveCollector(id, draft) {
      const { after, touched } = await perform({ edit: 'saveCollector', id, draft })
      return entryIn(after, 'collectors', touched[0] ?? '')
    },
    async removeCollector(id) {
      const { before } = await perform({ edit: 'removeCollector', id })
      return writtenOf(entryIn(before, 'collectors', id))
    },
    async setCollectorsEnabled(ids, enabled) {
      await perform({ edit: 'setCollectorsEnabled', ids: [...ids], enabled })
    },
    async setChecksEnabled(ids, enabled) {
      await perform({ edit: 'setChecksEnabled', ids: [...ids], enabled })
    },
    async editChecks(ids, change) {
      await perform({ edit: 'editChecks', ids: [...ids], change })
    },
    async saveSettings(patch) {
      const { after } = await perform({ edit: 'saveSettings', patch })
      return after.settings
    },
    async setRuleEnabled(alert, enabled) {
      await perform({ edit: 'setRuleEnabled', alert, enabled })
    },
    async saveWall(name, wall) {
      const { after } = await perform({ edit: 'saveWall', name, wall })
      return wallIn(after, wall.name)
    },
    async removeWall(name) {
      const { before } = await perform({ edit: 'removeWall', name })
      return wallIn(before, name)
    },
    preview: (edit) =>
      inTurn(async () => {
        await catchUp()
        refuseUnlessGood()
        const { sources } = known
        const edited = await editor.edit({ ...textsOf(known), edit, main })
        return differencesOf(changesBetween(sources, edited.sources))
      }),
    edits: () => done.toReversed().map(viewOf),
    undo,
    withoutSecrets: (text) => maskedText(text, known.config, kinds),
    reload: () => inTurn(catchUp),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** `before` is empty where there is no file yet. */
interface Change {
  readonly file: string
  readonly before: string
  readonly after: string
}

interface Performed {
  readonly before: BelfryConfig
  readonly after: BelfryConfig
  /** Ids of the entries that the edit was about. */
  readonly touched: readonly string[]
}

function isSame(a: Seen, b: Seen): boolean {
  const { length } = a.sources
  if (length !== b.sources.length) return false
  const isSameText = a.sources.every(({ file, text }, index) => {
    const other = b.sources[index]
    return other?.file === file && other.text === text
  })
  return isSameText && JSON.stringify([a.unreadable, a.references]) === JSON.stringify([b.unreadable, b.references])
}

/** What the editor needs, and nothing else: it may have to be copied to its thread. */
function textsOf({ sources, references }: Seen) {
  return { sources, references }
}

function withRead(before: Known, { sources, unreadable, references }: Seen, difference: ConfigDifference): Known {
  const { groups, problems, broken, secretUses } = difference
  return {
    sources,
    unreadable,
    references,
    config: withDifference(before.config, difference),
    groups,
    problems: [...unreadable, ...problems],
    broken: unreadable[0] ?? broken,
    secretUses,
  }
}

function changesBetween(before: readonly SourceText[], after: readonly SourceText[]): Change[] {
  const texts = new Map(before.map(({ file, text }) => [file, text]))
  return after.flatMap(({ file, text }) => {
    const known = texts.get(file) ?? ''
    return known === text ? [] : [{ file, before: known, after: text }]
  })
}

/** A problem that moved to another line is the same. */
function newProblems(before: readonly ConfigProblem[], after: readonly ConfigProblem[]): ConfigProblem[] {
  const key = ({ file, path, message }: ConfigProblem) => `${file}\n${path.replace(/\[\d+\]/g, '[]')}\n${message}`
  const known = new Map<string, number>()
  for (const problem of before) known.set(key(problem), (known.get(key(problem)) ?? 0) + 1)
  return after.filter((problem) => {
    const left = known.get(key(problem)) ?? 0
    known.set(key(problem), left - 1)
    return left <= 0
  })
}

/** Whether no other entry is touched by taking an edit back. */
function isSameElsewhere(before: Known, after: Known, { edit, touched }: DoneEdit): boolean {
  return elsewhereOf(before.config, edit, touched) === elsewhereOf(after.config, edit, touched)
}

/** The first write of a file that an older version wrote leaves that one beside it. */
async function keepOldVersion({ file, before }: Change, { current }: Versions): Promise<void> {
  const version = Number(/^version:\s*(\d+)/m.exec(before)?.[1] ?? current)
  if (version < current) await writeDurably(`${file}.v${version}.bak`, before, 0o600)
}

function entryIn<L extends EntryList>(config: BelfryConfig, list: L, id: string): BelfryConfig[L][number] {
  const entries: readonly BelfryConfig[L][number][] = config[list]
  const entry = entries.find((candidate) => candidate.id === id)
  if (!entry) throw new AppError('not-found', `There is no ${nounOf[list]} with the id "${id}".`)
  return entry
}

function refuseDraft(list: EntryList, name: string, { issues: found }: Failed): never {
  const issues = found.map(({ path, message }) => ({ path: path.join('.'), message }))
  const [first] = issues
  const message = `The ${nounOf[list]} "${name}" cannot be used: ${first?.path}: ${first?.message}`
  throw new AppError('invalid', message, issues)
}

function wallIn({ walls }: BelfryConfig, name: string): Wall {
  const wall = walls.find((candidate) => candidate.name === name)
  if (!wall) throw new AppError('not-found', `There is no wall named "${name}".`)
  return wall
}
