/**
 * Reads and edits the texts of the configuration, and answers with what is different, for a configuration of ten
 * thousand checks is too much to hand over with each change. It remembers the last texts it understood, since parsing
 * takes nearly all of the time. It may run in a thread of its own (see editor-thread.ts), so everything it takes and
 * gives can be cloned.
 */
import type { Versions } from '#shared/config/upgrade.ts'
import { type ConfigEdit, editConfig } from './config-edit.ts'
import type { BelfryConfig, ConfigProblem, ConfiguredCheck } from './config-file.ts'
import type { ConfiguredKinds, ReadGroup } from './read-checks.ts'
import { type ReadConfig, readConfig, type SecretUse, type SourceText } from './read-config.ts'
import type { References } from './references.ts'

/** A configuration as the difference to one that the receiver has. */
export interface ConfigDifference {
  readonly rest: Omit<BelfryConfig, 'checks'>
  /** What checks are judged with. */
  readonly groups: ReadonlyMap<string, ReadGroup>
  /** All checks in their order: the id alone of those that are the same. */
  readonly checks: readonly (string | ConfiguredCheck)[]
  readonly problems: readonly ConfigProblem[]
  readonly broken: ConfigProblem | null
  readonly secretUses: readonly SecretUse[]
}

/** Texts, and what their references stand for. */
export interface Understandable {
  readonly sources: readonly SourceText[]
  readonly references: References
}

export interface TextToRead extends Understandable {
  /** What the receiver has. */
  readonly before: Understandable
}

export interface TextToEdit extends Understandable {
  readonly edit: ConfigEdit
  /** The file for what is new. */
  readonly main: string
}

export interface EditedText {
  readonly sources: readonly SourceText[]
  readonly touched: readonly string[]
  readonly difference: ConfigDifference
}

export interface ConfigEditor {
  read(input: TextToRead): Promise<ConfigDifference>
  /** Rejects with an AppError that says why the edit cannot be made. */
  edit(input: TextToEdit): Promise<EditedText>
}

export function createConfigEditor(kinds: ConfiguredKinds, versions?: Versions): ConfigEditor {
  let last: { readonly key: string; readonly read: ReadConfig } | null = null

  function understood({ sources, references }: Understandable): ReadConfig {
    const key = JSON.stringify([sources, references])
    if (last?.key !== key) last = { key, read: readConfig(sources, kinds, references, versions) }
    return last.read
  }

  return {
    async read({ before, ...input }) {
      const known = understood(before)
      return differenceOf(known, understood(input))
    },
    async edit({ sources, references, edit, main }) {
      const known = understood({ sources, references })
      const edited = editConfig(sources, known, edit, main)
      last = { key: JSON.stringify([edited.sources, references]), read: edited.read }
      return { sources: edited.sources, touched: edited.touched, difference: differenceOf(known, edited.read) }
    },
  }
}

function differenceOf(before: ReadConfig, after: ReadConfig): ConfigDifference {
  const known = new Map(before.config.checks.map((check) => [check.id, JSON.stringify(check)]))
  const { checks, ...rest } = after.config
  return {
    rest,
    groups: after.understanding.groups,
    checks: checks.map((check) => (known.get(check.id) === JSON.stringify(check) ? check.id : check)),
    problems: after.problems,
    broken: after.broken,
    secretUses: after.secretUses,
  }
}

/** The configuration that a difference leads to. Checks that are the same stay the same objects. */
export function withDifference(before: BelfryConfig, difference: ConfigDifference): BelfryConfig {
  const known = new Map(before.checks.map((check) => [check.id, check]))
  return {
    ...difference.rest,
    checks: difference.checks.map((check) => {
      const found = typeof check === 'string' ? known.get(check) : check
      if (found === undefined) throw new Error(`a difference speaks of a check "${check}" that nobody has`)
      return found
    }),
  }
}
