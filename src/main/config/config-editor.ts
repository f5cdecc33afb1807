/**
 * Reads and edits the text of belfry.yaml, and answers with what is different, for a file of ten thousand checks is too
 * much to hand over with each change. It remembers the last text it understood, since parsing takes nearly all of the
 * time. It may run in a thread of its own (see editor-thread.ts), so everything it takes and gives can be cloned.
 */
import { type ConfigEdit, editConfig } from './config-edit.ts'
import type { BelfryConfig, ConfigProblem, ConfiguredCheck } from './config-file.ts'
import { type ConfiguredKind, type ReadConfig, readConfig } from './read-config.ts'

/** A configuration as the difference to one that the receiver has. */
export interface ConfigDifference {
  readonly settings: BelfryConfig['settings']
  readonly rules: BelfryConfig['rules']
  readonly uplink: BelfryConfig['uplink']
  readonly walls: BelfryConfig['walls']
  /** All checks in their order: the id alone of those that are the same. */
  readonly checks: readonly (string | ConfiguredCheck)[]
  readonly problems: readonly ConfigProblem[]
  readonly broken: ConfigProblem | null
}

export interface TextToRead {
  readonly text: string
  readonly path: string
  /** The text whose configuration the receiver has. */
  readonly before: string
}

export interface TextToEdit {
  readonly text: string
  readonly path: string
  readonly edit: ConfigEdit
}

export interface EditedText {
  readonly text: string
  readonly touched: readonly string[]
  readonly difference: ConfigDifference
}

export interface ConfigEditor {
  read(input: TextToRead): Promise<ConfigDifference>
  /** Rejects with an AppError that says why the edit cannot be made. */
  edit(input: TextToEdit): Promise<EditedText>
}

export function createConfigEditor(kinds: readonly ConfiguredKind[]): ConfigEditor {
  let last: { readonly text: string; readonly path: string; readonly read: ReadConfig } | null = null

  function understood(text: string, path: string): ReadConfig {
    if (last?.text === text && last.path === path) return last.read
    last = { text, path, read: readConfig(text, path, kinds) }
    return last.read
  }

  return {
    async read({ text, path, before }) {
      const known = understood(before, path)
      return differenceOf(known, understood(text, path))
    },
    async edit({ text, path, edit }) {
      const known = understood(text, path)
      const edited = editConfig(text, known, edit, path, kinds)
      last = { text: edited.text, path, read: edited.read }
      return { text: edited.text, touched: edited.touched, difference: differenceOf(known, edited.read) }
    },
  }
}

function differenceOf(before: ReadConfig, after: ReadConfig): ConfigDifference {
  const known = new Map(before.config.checks.map((check) => [check.id, JSON.stringify(check.draft)]))
  return {
    settings: after.config.settings,
    rules: after.config.rules,
    uplink: after.config.uplink,
    walls: after.config.walls,
    checks: after.config.checks.map((check) =>
      known.get(check.id) === JSON.stringify(check.draft) ? check.id : check,
    ),
    problems: after.problems,
    broken: after.broken,
  }
}

/** The configuration that a difference leads to. Checks that are the same stay the same objects. */
export function withDifference(
  before: BelfryConfig,
  { settings, rules, uplink, walls, checks }: ConfigDifference,
): BelfryConfig {
  const known = new Map(before.checks.map((check) => [check.id, check]))
  return {
    settings,
    rules,
    uplink,
    walls,
    checks: checks.map((check) => {
      const found = typeof check === 'string' ? known.get(check) : check
      if (found === undefined) throw new Error(`a difference speaks of a check "${check}" that nobody has`)
      return found
    }),
  }
}
