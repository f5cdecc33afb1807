/**
 * From the texts of all configuration files to a configuration and a list of what is wrong with them. Decides what a
 * broken part costs: a bad field of a section falls back to its default, a bad check is left out, and a text that cannot
 * be understood as a whole (`broken`) gives nothing and must not be written over. Pure: knows no file.
 */
import type { Document } from 'yaml'
import type { z } from 'zod'
import { explainedParse, unknownField } from '#shared/config/explain.ts'
import { prometheusPath, type SectionName, type Sections, sections, topLevelFields } from '#shared/config/schema.ts'
import { settingsOf } from '#shared/config/settings-section.ts'
import { configVersions, type Versions } from '#shared/config/upgrade.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { BelfryConfig, ConfigProblem } from './config-file.ts'
import { type ParsedYaml, type Path, parseYaml } from './parse-yaml.ts'
import {
  type AskedSecret,
  type ConfiguredKinds,
  type EntryList,
  type Failed,
  nounOf,
  parsedAs,
  type ReadGroup,
  readCheck,
  readGroup,
  type Understanding,
} from './read-checks.ts'
import { readCollector } from './read-collectors.ts'
import { readWalls } from './read-walls.ts'
import { expanded, type References } from './references.ts'

/** One file of the configuration as it was read. */
export interface SourceText {
  /** Its path. */
  readonly file: string
  readonly text: string
}

export interface SecretUse {
  readonly name: string
  readonly file: string
  readonly line: number | null
  readonly path: string
}

/** Where an entry stands: a file, and the position in the list of that file. */
export interface Place {
  readonly file: string
  readonly position: number
}

/** Where the entries of a list stand. */
export interface EntryPlaces {
  /** By id. */
  readonly places: ReadonlyMap<string, Place>
  /** Ids that stand in the files, also those of entries that were left out. */
  readonly takenIds: ReadonlySet<string>
}

export interface ReadConfig {
  readonly config: BelfryConfig
  readonly problems: readonly ConfigProblem[]
  /** Why a text could not be understood at all; null when all could. */
  readonly broken: ConfigProblem | null
  readonly lists: Readonly<Record<EntryList, EntryPlaces>>
  /** The file in which a section stands, by its name. */
  readonly sectionFiles: ReadonlyMap<string, string>
  /** The file in which a wall stands, by its name. */
  readonly wallFiles: ReadonlyMap<string, string>
  readonly secretUses: readonly SecretUse[]
  /** For finding places in the texts, by file; without those that are broken. */
  readonly documents: ReadonlyMap<string, Document>
  /** Files that an older version wrote. */
  readonly outdated: ReadonlySet<string>
  readonly versions: Versions
  /** What checks are judged with. */
  readonly understanding: Understanding
}

export const noReferences: References = { environment: {}, secrets: {} }

/** The files in their order: of two that say the same thing the first counts. */
export function readConfig(
  sources: readonly SourceText[],
  kinds: ConfiguredKinds,
  references: References = noReferences,
  versions?: Versions,
): ReadConfig {
  const problems: ConfigProblem[] = []
  const secretUses: SecretUse[] = []
  let broken: ConfigProblem | null = null
  const files: ParsedYaml[] = []
  for (const { file, text } of sources) {
    const parsed = parseYaml(text, file, versions)
    if ('broken' in parsed) {
      broken ??= parsed.broken
      problems.push(parsed.broken)
    } else {
      files.push(parsed)
      problems.push(...parsed.problems)
    }
  }
  const reading: Reading = {
    references,
    tell: (from, path, message) => void problems.push(from.problem(path, message)),
    uses: (from, path, name) => {
      const { file, line, path: place } = from.problem(path, '')
      secretUses.push({ name, file, line, path: place })
    },
  }
  for (const from of files) {
    for (const field of Object.keys(from.root)) {
      if (!isOneOf(field, topLevelFields)) reading.tell(from, [field], unknownField(field, topLevelFields))
    }
  }
  const all = readSections(files, reading)
  const groups = readGroups(files, reading)
  const understanding = { kinds, references, groups }
  const { current } = versions ?? configVersions
  const checks = readEntries(files, 'checks', (raw) => readCheck(raw, understanding), reading)
  const collectors = readEntries(files, 'collectors', (raw) => readCollector(raw, understanding), reading)
  const { walls, wallFiles } = readAllWalls(files, reading)
  return {
    config: {
      settings: settingsOf(all.values),
      groups: [...groups.values()].map(({ group }) => group),
      checks: checks.entries,
      collectors: collectors.entries,
      rules: all.values.rules,
      walls,
      uplink: all.values.uplink,
      promql: all.values.promql,
      query: all.values.query,
      intake: all.values.intake,
      scripts: all.values.scripts,
      prometheus: readPrometheusPath(files, reading),
    },
    problems,
    broken,
    lists: { checks, collectors },
    sectionFiles: all.files,
    wallFiles,
    secretUses,
    documents: new Map(files.map(({ file, document }) => [file, document])),
    outdated: new Set(files.filter(({ version }) => version < current).map(({ file }) => file)),
    versions: versions ?? configVersions,
    understanding,
  }
}

interface Reading {
  readonly references: References
  tell(from: ParsedYaml, path: Path, message: string): void
  uses(from: ParsedYaml, path: Path, name: string): void
}

function readSections(files: readonly ParsedYaml[], reading: Reading) {
  const places = new Map<string, string>()
  const read = (name: SectionName): unknown => {
    const [first, ...others] = files.filter(({ root }) => Object.hasOwn(root, name))
    for (const other of others) {
      const { file, line } = first?.problem([name], '') ?? { file: '', line: null }
      reading.tell(other, [name], `"${name}:" stands in ${placeText(file, line)} already: put the two together.`)
    }
    if (first === undefined) return readSection(name, undefined, null, reading)
    places.set(name, first.file)
    return readSection(name, first.root[name], first, reading)
  }
  const values = Object.fromEntries(Object.keys(sections).map((name) => [name, read(name as SectionName)]))
  // Each name has what its own schema gave.
  return { values: values as unknown as Sections, files: places }
}

/** Parses a section; each field that is wrong is told and given its default. */
function readSection<K extends SectionName>(
  name: K,
  raw: unknown,
  from: ParsedYaml | null,
  reading: Reading,
): Sections[K] {
  // Indexing a const object by a generic key loses the relation between schema and output; it holds by Sections' type.
  const schema = sections[name] as unknown as z.ZodType<Sections[K]>
  const source = expanded(raw ?? {}, reading.references)
  if (from !== null) for (const { path, name: secret } of source.secrets) reading.uses(from, [name, ...path], secret)
  const parsed = parsedAs(schema, source)
  if ('value' in parsed) return parsed.value
  if (from !== null) for (const issue of parsed.issues) reading.tell(from, [name, ...issue.path], issue.message)
  // From the last to the first, so that the places of a list's entries hold until they are taken out.
  const mended = parsed.issues.toReversed().reduce<unknown>((rest, issue) => without(rest, issue.path), source.value)
  const again = explainedParse(schema, mended ?? {})
  return again.ok ? again.value : schema.parse({})
}

/** A copy without what stands at `path`; without anything when the path is empty. */
function without(value: unknown, path: Path): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return value.filter((_, index) => index !== first)
  const kept = Object.entries(value).filter(([key]) => key !== String(first))
  const inner = rest.length > 0 ? without((value as Record<string, unknown>)[first], rest) : undefined
  return Object.fromEntries(inner === undefined ? kept : [...kept, [first, inner]])
}

function readGroups(files: readonly ParsedYaml[], reading: Reading): Map<string, ReadGroup> {
  const groups = new Map<string, ReadGroup>()
  const places = new Map<string, string>()
  for (const from of files) {
    const raw = from.root['groups'] ?? {}
    if (typeof raw !== 'object' || Array.isArray(raw)) {
      reading.tell(from, ['groups'], 'expected the names of groups, each with its defaults below.')
      continue
    }
    for (const [name, value] of Object.entries(raw)) {
      const path = ['groups', name]
      const before = places.get(name)
      if (before !== undefined) {
        reading.tell(from, path, `The group "${name}" stands in ${before} already: put the two together.`)
        continue
      }
      const { file, line } = from.problem(path, '')
      places.set(name, placeText(file, line))
      const read = readGroup(name, value, reading.references)
      if ('issues' in read) {
        for (const issue of read.issues) reading.tell(from, [...path, ...issue.path], issue.message)
        continue
      }
      for (const secret of read.secrets) reading.uses(from, [...path, ...secret.path], secret.name)
      groups.set(name, { group: read.group, defaults: read.defaults })
    }
  }
  return groups
}

function readEntries<E extends { readonly id: string; readonly secrets: readonly AskedSecret[] }>(
  files: readonly ParsedYaml[],
  list: EntryList,
  readEntry: (raw: unknown) => E | Failed,
  reading: Reading,
): EntryPlaces & { readonly entries: readonly Omit<E, 'secrets'>[] } {
  const entries: Omit<E, 'secrets'>[] = []
  const places = new Map<string, Place>()
  const takenIds = new Set<string>()
  for (const from of files) {
    const value = from.root[list]
    if (value !== undefined && value !== null && !Array.isArray(value)) {
      reading.tell(from, [list], `expected a list of ${list}, each beginning with a dash.`)
      continue
    }
    for (const [position, raw] of ((value ?? []) as unknown[]).entries()) {
      const read = readEntry(raw)
      const takenId = 'issues' in read ? writtenId(raw) : read.id
      const before = 'issues' in read ? undefined : places.get(read.id)
      if ('issues' in read) {
        for (const issue of read.issues) reading.tell(from, [list, position, ...issue.path], issue.message)
      } else if (before !== undefined) {
        const other = files.find(({ file }) => file === before.file)?.problem([list, before.position], '')
        const where = other === undefined ? '' : ` (${placeText(other.file, other.line)})`
        const message = `Another ${nounOf[list]} has the id "${read.id}" already${where}: give this one an id of its own.`
        reading.tell(from, [list, position, 'id'], message)
      } else {
        const { secrets, ...entry } = read
        entries.push(entry)
        places.set(read.id, { file: from.file, position })
        for (const { path, name } of secrets) reading.uses(from, [list, position, ...path], name)
      }
      if (takenId !== null) takenIds.add(takenId)
    }
  }
  return { entries, places, takenIds }
}

function readAllWalls(files: readonly ParsedYaml[], reading: Reading) {
  const walls: Wall[] = []
  const wallFiles = new Map<string, string>()
  for (const from of files) {
    for (const wall of readWalls(from.root['walls'], (path, message) =>
      reading.tell(from, ['walls', ...path], message),
    )) {
      const before = wallFiles.get(wall.name)
      if (before === undefined) {
        walls.push(wall)
        wallFiles.set(wall.name, from.file)
      } else reading.tell(from, ['walls'], `Another wall is named "${wall.name}" already (${before}): rename this one.`)
    }
  }
  return { walls, wallFiles }
}

/** Of several files the first that names one counts. */
function readPrometheusPath(files: readonly ParsedYaml[], reading: Reading): string | null {
  const from = files.find(({ root }) => (root['prometheus'] ?? null) !== null)
  if (from === undefined) return null
  const parsed = prometheusPath.safeParse(expanded(from.root['prometheus'], reading.references).value)
  if (parsed.success) return parsed.data
  reading.tell(from, ['prometheus'], 'expected the path of a prometheus.yml, such as prometheus.yml.')
  return null
}

function writtenId(raw: unknown): string | null {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id : null
}

export function placeText(file: string, line: number | null): string {
  return line === null ? file : `${file}, line ${line}`
}

function isOneOf<T extends string>(text: string, values: readonly T[]): text is T {
  return (values as readonly string[]).includes(text)
}
