/** The command line's view of a configuration: the same reader as the console's, and nothing is written. */
import { stat } from 'node:fs/promises'
import { stringify } from 'yaml'
import { systemErrorText } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type ConfigProblem, type ConfiguredEntry, writtenOf } from './config-file.ts'
import { shownDraft } from './entry-secrets.ts'
import { configJsonSchema, type TitledKind } from './json-schema.ts'
import { maxConfigBytes } from './parse-yaml.ts'
import type { ConfiguredKinds } from './read-checks.ts'
import { type ReadConfig, readConfig } from './read-config.ts'
import { conceals, type References, withTexts } from './references.ts'
import { type FoundSources, findSources, readPlainFile } from './source-files.ts'

export interface ConfigCommandOptions {
  readonly kinds: ConfiguredKinds<TitledKind>
  readonly references: () => Promise<References>
  /** Looked at when no path is given. */
  readonly directory: string
}

export interface CommandResult {
  /** 0: all is well; 1: something is wrong with the configuration. */
  readonly code: 0 | 1
  /** Lines for standard output. */
  readonly lines: readonly string[]
}

export const configUsage = `npm run config -- check [FILE|DIR]   says what is wrong, as file:line:column: reason
npm run config -- print [FILE|DIR]   prints what Belfry would run with, secrets hidden
npm run config -- schema             prints the JSON Schema of belfry.yaml, for editors
Without a path: the directory of the configuration; --config DIR and --data DIR choose others.`

/** Throws AppError `invalid` for arguments that make no sense. */
export async function runConfigCommand(args: readonly string[], options: ConfigCommandOptions): Promise<CommandResult> {
  const [verb, path, ...rest] = args
  if (rest.length > 0) throw new AppError('invalid', `Expected one path, came ${rest.length + 1}.\n${configUsage}`)
  if (verb === 'schema') return { code: 0, lines: [JSON.stringify(configJsonSchema(options.kinds), null, 2)] }
  if (verb !== 'check' && verb !== 'print') {
    throw new AppError('invalid', `Expected check, print or schema, came "${verb ?? ''}".\n${configUsage}`)
  }
  const found = await sourcesAt(path ?? options.directory)
  const read = readConfig(found.sources, options.kinds, await options.references())
  const problems = [...found.unreadable, ...read.problems].map(problemLine)
  const code = problems.length > 0 ? 1 : 0
  if (verb === 'print') return { code, lines: [printed(read, options), ...problems.map((line) => `# ${line}`)] }
  const { checks, collectors } = read.config
  const all = collectors.length === 0 ? '' : ` and ${collectors.length} collectors`
  const counted = `${checks.length} checks${all} in ${found.sources.length} files: all is well.`
  return { code, lines: code === 0 ? [counted] : problems }
}

async function sourcesAt(path: string): Promise<FoundSources> {
  try {
    if ((await stat(path)).isDirectory()) return await findSources(path)
  } catch (error) {
    throw new AppError('invalid', `${path} cannot be read: ${systemErrorText(error)}.`)
  }
  const read = await readPlainFile(path, maxConfigBytes)
  if (read !== null && 'text' in read) return { sources: [{ file: path, text: read.text }], unreadable: [] }
  const message = read?.problem ?? 'The file is gone.'
  return { sources: [], unreadable: [{ file: path, line: read?.line ?? null, path: '', message }] }
}

function problemLine({ file, line, column, path, message }: ConfigProblem): string {
  const place = [file, line, column].filter((part) => part !== null && part !== undefined).join(':')
  return `${place}: ${path === '' ? '' : `${path}: `}${message}`
}

function printed({ config }: ReadConfig, { kinds }: ConfigCommandOptions): string {
  const { settings, rules, walls, groups, uplink, promql, query, intake } = config
  const checks = config.checks.map((check) => shown(check, kinds.checks))
  const collectors = config.collectors.map((collector) => shown(collector, kinds.collectors))
  const names = groups.map(({ name }) => name)
  return stringify(
    { settings, uplink, promql, query, intake, rules, groups: names, walls, checks, collectors },
    { aliasDuplicateObjects: false },
  ).trimEnd()
}

/** What it runs with, with references in the place of what they stand for, and marks in that of secrets written out. */
function shown<D extends Parameters<typeof shownDraft>[0]['draft'] & { readonly name: string }>(
  entry: ConfiguredEntry<D>,
  kinds: readonly TitledKind[],
): unknown {
  const draft = withTexts(entry.draft, conceals(entry.concealed ?? []))
  return { id: entry.id, ...shownDraft({ ...entry, draft }, kinds), name: writtenOf(entry).name }
}
