/**
 * Owns belfry.yaml: reads it at the start, and writes what screens change. Edits happen one after another; each is made
 * on the text, read back, and written only if it says exactly what was meant. A file that changed on disk, or that
 * could not be understood, is never written over: it is read again, and the edit is refused so that somebody looks.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'
import { draftPathOf, idFromName } from '#shared/config/check-entry.ts'
import { settingEdits, settingPathOf } from '#shared/config/settings-section.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryConfig, ConfigFile, ConfiguredCheck } from './config-file.ts'
import {
  newFileText,
  withCheck,
  withChecksEnabled,
  withoutCheck,
  withRuleEnabled,
  withSettings,
} from './edit-config.ts'
import { type ConfiguredKind, maxConfigBytes, type ReadConfig, readConfig } from './read-config.ts'

const configFileName = 'belfry.yaml'

export interface OpenConfigOptions {
  readonly directory: string
  readonly logger: Logger
  /** Judges each check's `config`; see checks/kinds/index.ts. */
  readonly kinds: readonly ConfiguredKind[]
}

/** What the file held when it was last read or written; `text` is null while there is no file. */
interface Known {
  readonly text: string | null
  readonly read: ReadConfig
}

/** Never rejects because of what stands in the file: that becomes `problems()`. */
export async function openConfigFile({ directory, logger, kinds }: OpenConfigOptions): Promise<ConfigFile> {
  const path = join(directory, configFileName)
  const listeners = new Set<(config: BelfryConfig) => void>()
  let known = await load(path, kinds)
  let lastEdit: Promise<unknown> = Promise.resolve()
  tell(known.read)

  function tell(read: ReadConfig): void {
    for (const { file, line, path: place, message } of read.problems) {
      logger.warn('configuration problem', { file, line, place, detail: message })
    }
  }

  function adopt(next: Known): void {
    known = next
    for (const listener of listeners) listener(next.read.config)
  }

  /** Runs one edit after the other, on the newest text. */
  function edit<T>(change: (text: string, read: ReadConfig) => Edit<T>): Promise<T> {
    const run = lastEdit.then(async () => {
      await refuseIfChanged()
      const { text, read, answer, touched } = change(known.text ?? newFileText, known.read)
      if (text === known.text) return answer
      refuseSideEffects(known.read, read, touched, path)
      await write(path, text)
      adopt({ text, read })
      return answer
    })
    lastEdit = run.catch(() => undefined) // Told to the caller; the next edit stands on its own.
    return run
  }

  async function refuseIfChanged(): Promise<void> {
    const found = await readText(path)
    const isUnchanged = known.read.broken === null && 'text' in found && found.text === known.text
    if (isUnchanged) return
    const now = understood(path, found, kinds)
    if (now.read.broken === null) {
      adopt(now)
      tell(now.read)
      throw new AppError(
        'conflict',
        `${path} was changed on disk meanwhile. It has been read again: look, then repeat.`,
      )
    }
    const { broken } = now.read
    if (!broken) return
    const place = broken.line === null ? '' : `, line ${broken.line}`
    throw new AppError('conflict', `${path} is not written over while it cannot be read${place}: ${broken.message}`)
  }

  function editOf<T>(text: string, answer: T, touched: readonly string[]): Edit<T> {
    return { text, read: readConfig(text, path, kinds), answer, touched }
  }

  return {
    path,
    directory,
    current: () => known.read.config,
    problems: () => known.read.problems,
    saveCheck: (id, draft) => edit((text, read) => savedCheck(text, read, id, draft, kinds, path)),
    removeCheck: (id) =>
      edit((text, read) => {
        const { position, check } = findCheck(read, id)
        return editOf(withoutCheck(text, position), check.draft, [id])
      }),
    setChecksEnabled: (ids, enabled) =>
      edit((text, read) => {
        const positions = ids.map((id) => findCheck(read, id).position)
        return editOf(withChecksEnabled(text, positions, enabled), undefined, ids)
      }),
    saveSettings: (patch) =>
      edit((text) => {
        const edits = settingEdits(patch)
        const after = withSettings(text, edits)
        const read = readConfig(after, path, kinds)
        const wrong = read.problems.filter((problem) => edits.some((one) => one.path.join('.') === problem.path))
        if (wrong.length > 0) {
          const issues = wrong.map((problem) => ({
            path: settingPathOf(problem.path.split('.')),
            message: problem.message,
          }))
          throw new AppError('invalid', `${issues[0]?.path}: ${issues[0]?.message}`, issues)
        }
        return { text: after, read, answer: read.config.settings, touched: [] }
      }),
    setRuleEnabled: (alert, enabled) => edit((text) => editOf(withRuleEnabled(text, alert, enabled), undefined, [])),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Edit<T> {
  readonly text: string
  /** The text as it is understood. */
  readonly read: ReadConfig
  readonly answer: T
  /** Ids of the checks that the edit is about. */
  readonly touched: readonly string[]
}

/** An anchor shared by several entries would carry an edit of one into the others. */
function refuseSideEffects(before: ReadConfig, after: ReadConfig, touched: readonly string[], path: string): void {
  const untouched = (read: ReadConfig) =>
    JSON.stringify(read.config.checks.filter((check) => !touched.includes(check.id)))
  if (after.broken === null && untouched(before) === untouched(after)) return
  throw new AppError(
    'unprocessable',
    `This change would alter other entries of ${path}, which share an anchor (&name) with it. Edit the file by hand.`,
  )
}

function savedCheck(
  text: string,
  read: ReadConfig,
  id: string | null,
  draft: CheckDraft,
  kinds: readonly ConfiguredKind[],
  path: string,
): Edit<ConfiguredCheck> {
  const position = id === null ? null : findPosition(read, id)
  if (id !== null && position === null && read.takenIds.has(id)) {
    throw new AppError(
      'conflict',
      `The entry with the id "${id}" in ${path} cannot be read: mend it in the file first.`,
    )
  }
  const finalId = id ?? freeId(read, draft.name)
  const after = withCheck(text, position, finalId, draft)
  const again = readConfig(after, path, kinds)
  const checks = new Map(again.config.checks.map((check) => [check.id, check]))
  const answer = checks.get(finalId)
  if (!answer) {
    const place = `checks[${position ?? again.positions.size}]`
    const wrong = again.problems.filter((problem) => problem.path.startsWith(place))
    const issues = (wrong.length > 0 ? wrong : again.problems).map((problem) => ({
      path: draftPathOf(problem.path.slice(place.length + 1).split('.')),
      message: problem.message,
    }))
    throw new AppError('invalid', `${issues[0]?.path}: ${issues[0]?.message}`, issues)
  }
  return { text: after, read: again, answer, touched: [finalId] }
}

function findCheck(read: ReadConfig, id: string): { position: number; check: ConfiguredCheck } {
  const position = findPosition(read, id)
  const check = read.config.checks.find((candidate) => candidate.id === id)
  if (position === null || !check) throw new AppError('not-found', `There is no check with the id "${id}".`)
  return { position, check }
}

/** Null for an id that is not in the file: saving under it brings a removed check back. */
function findPosition(read: ReadConfig, id: string): number | null {
  return read.positions.get(id) ?? null
}

function freeId(read: ReadConfig, name: string): string {
  const wanted = idFromName(name)
  if (!read.takenIds.has(wanted)) return wanted
  let suffix = 2
  while (read.takenIds.has(`${wanted}-${suffix}`)) suffix++
  return `${wanted}-${suffix}`
}

async function load(path: string, kinds: readonly ConfiguredKind[]): Promise<Known> {
  return understood(path, await readText(path), kinds)
}

/** What stands on the disk: null where there is no file. */
type Found = { readonly text: string | null } | { readonly unreadable: string }

async function readText(path: string): Promise<Found> {
  try {
    const { size } = await stat(path)
    if (size > maxConfigBytes) {
      return { unreadable: `expected at most ${maxConfigBytes} bytes, came ${size}: is this the right file?` }
    }
    return { text: await readFile(path, 'utf8') }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { text: null }
    return { unreadable: `The file cannot be read: ${systemErrorText(error)}.` }
  }
}

/** A file that cannot be read gives all defaults, and nothing may be written. */
function understood(path: string, found: Found, kinds: readonly ConfiguredKind[]): Known {
  if ('text' in found) return { text: found.text, read: readConfig(found.text ?? '', path, kinds) }
  const broken = { file: path, line: null, path: '', message: found.unreadable }
  return { text: null, read: { ...readConfig('', path, kinds), problems: [broken], broken } }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeDurably(path, text, 0o600)
  } catch (error) {
    throw new AppError('unavailable', `${path} could not be written: ${systemErrorText(error)}. Nothing was changed.`)
  }
}
