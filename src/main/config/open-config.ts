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
import { AppError } from '#shared/contract/errors.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { ConfigEdit } from './config-edit.ts'
import { type ConfigEditor, createConfigEditor, withDifference } from './config-editor.ts'
import type { BelfryConfig, ConfigFile, ConfigProblem, ConfiguredCheck } from './config-file.ts'
import { newFileText } from './edit-config.ts'
import { type ConfiguredKind, maxConfigBytes, readConfig } from './read-config.ts'

const configFileName = 'belfry.yaml'

export interface OpenConfigOptions {
  readonly directory: string
  readonly logger: Logger
  /** Judges each check's `config`; see checks/kinds/index.ts. */
  readonly kinds: readonly ConfiguredKind[]
  /** Where the work of edits is done; absent: here, which holds up everything else while it takes. */
  readonly editor?: ConfigEditor
}

/** What the file held when it was last read or written; `text` is null while there is no file. */
interface Known {
  readonly text: string | null
  readonly config: BelfryConfig
  readonly problems: readonly ConfigProblem[]
  /** Why the file could not be understood at all; null when it could. */
  readonly broken: ConfigProblem | null
}

/** Never rejects because of what stands in the file: that becomes `problems()`. */
export async function openConfigFile(options: OpenConfigOptions): Promise<ConfigFile> {
  const { directory, logger, kinds, editor = createConfigEditor(kinds) } = options
  const path = join(directory, configFileName)
  const listeners = new Set<(config: BelfryConfig) => void>()
  // Read here and now: nothing is watched yet that could be held up, and no thread has to start first.
  let known = await load(path, kinds)
  let lastEdit: Promise<unknown> = Promise.resolve()
  tell()

  function tell(): void {
    for (const { file, line, path: place, message } of known.problems) {
      logger.warn('configuration problem', { file, line, place, detail: message })
    }
  }

  function adopt(next: Known): void {
    known = next
    for (const listener of listeners) listener(next.config)
  }

  /** Performs one edit after the other, on the newest text. */
  function perform(edit: ConfigEdit): Promise<Performed> {
    const run = lastEdit.then(async () => {
      await refuseIfChanged()
      const before = known.config
      const { text, touched, difference } = await editor.edit({ text: known.text ?? newFileText, path, edit })
      if (text === known.text) return { before, after: before, touched }
      await write(path, text)
      const { problems, broken } = difference
      const after = withDifference(before, difference)
      adopt({ text, config: after, problems, broken })
      return { before, after, touched }
    })
    lastEdit = run.catch(() => undefined) // Told to the caller; the next edit stands on its own.
    return run
  }

  async function refuseIfChanged(): Promise<void> {
    const found = await readText(path)
    if (known.broken === null && 'text' in found && found.text === known.text) return
    const now = await readAgain(found)
    const { broken } = now
    if (broken === null) {
      adopt(now)
      tell()
      throw new AppError(
        'conflict',
        `${path} was changed on disk meanwhile. It has been read again: look, then repeat.`,
      )
    }
    const place = broken.line === null ? '' : `, line ${broken.line}`
    throw new AppError('conflict', `${path} is not written over while it cannot be read${place}: ${broken.message}`)
  }

  async function readAgain(found: Found): Promise<Known> {
    if ('unreadable' in found) return unreadable(path, found.unreadable, kinds)
    const difference = await editor.read({ text: found.text ?? '', path, before: known.text ?? '' })
    const { problems, broken } = difference
    return { text: found.text, config: withDifference(known.config, difference), problems, broken }
  }

  return {
    path,
    directory,
    current: () => known.config,
    problems: () => known.problems,
    async saveCheck(id, draft) {
      const { after, touched } = await perform({ edit: 'saveCheck', id, draft })
      return checkIn(after, touched[0] ?? '')
    },
    async removeCheck(id) {
      const { before } = await perform({ edit: 'removeCheck', id })
      return checkIn(before, id).draft
    },
    async setChecksEnabled(ids, enabled) {
      await perform({ edit: 'setChecksEnabled', ids, enabled })
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
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Performed {
  readonly before: BelfryConfig
  readonly after: BelfryConfig
  /** Ids of the checks that the edit was about. */
  readonly touched: readonly string[]
}

function checkIn({ checks }: BelfryConfig, id: string): ConfiguredCheck {
  const check = checks.find((candidate) => candidate.id === id)
  if (!check) throw new AppError('not-found', `There is no check with the id "${id}".`)
  return check
}

function wallIn({ walls }: BelfryConfig, name: string): Wall {
  const wall = walls.find((candidate) => candidate.name === name)
  if (!wall) throw new AppError('not-found', `There is no wall named "${name}".`)
  return wall
}

async function load(path: string, kinds: readonly ConfiguredKind[]): Promise<Known> {
  const found = await readText(path)
  if ('unreadable' in found) return unreadable(path, found.unreadable, kinds)
  const { config, problems, broken } = readConfig(found.text ?? '', path, kinds)
  return { text: found.text, config, problems, broken }
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
function unreadable(path: string, message: string, kinds: readonly ConfiguredKind[]): Known {
  const broken = { file: path, line: null, path: '', message }
  return { text: null, config: readConfig('', path, kinds).config, problems: [broken], broken }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeDurably(path, text, 0o600)
  } catch (error) {
    throw new AppError('unavailable', `${path} could not be written: ${systemErrorText(error)}. Nothing was changed.`)
  }
}
