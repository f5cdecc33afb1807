/**
 * From the text of belfry.yaml to a configuration and a list of what is wrong with it. Decides what a broken part
 * costs: a bad field of a section falls back to its default, a bad check is left out, and a text that cannot be
 * understood as a whole (`broken`) gives all defaults and must not be written over. Pure: knows no file.
 */
import {
  type Alias,
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import type { z } from 'zod'
import { draftOf, idFromName } from '#shared/config/check-entry.ts'
import { type Explained, explainedParse, unknownField } from '#shared/config/explain.ts'
import {
  CheckEntry,
  configVersion,
  type SectionName,
  type Sections,
  sections,
  topLevelFields,
} from '#shared/config/schema.ts'
import { settingsOf } from '#shared/config/settings-section.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { BelfryConfig, ConfigProblem, ConfiguredCheck } from './config-file.ts'
import { readWalls } from './read-walls.ts'

/** What the configuration has to know of a check kind. */
export interface ConfiguredKind {
  readonly kind: string
  readonly config: z.ZodType
}

export interface ReadConfig {
  readonly config: BelfryConfig
  readonly problems: readonly ConfigProblem[]
  /** Why the text could not be understood at all; null when it could. */
  readonly broken: ConfigProblem | null
  /** Where each check stands in the list of the file, by id. */
  readonly positions: ReadonlyMap<string, number>
  /** Ids that stand in the file, also those of entries that were left out. */
  readonly takenIds: ReadonlySet<string>
  /** For finding places in the text; null when it is broken. */
  readonly document: Document | null
}

/** Larger than 40,000 checks need. Bytes, 8 MiB. */
export const maxConfigBytes = 8 * 1024 * 1024

type Path = readonly (string | number)[]
type Tell = (path: Path, message: string) => void

export function readConfig(text: string, file: string, kinds: readonly ConfiguredKind[]): ReadConfig {
  const parsed = parseYaml(text, file)
  if ('broken' in parsed) {
    const { broken } = parsed
    const nothing = { positions: new Map(), takenIds: new Set<string>(), document: null }
    return { config: configOf({}, [], [], () => {}), problems: [broken], broken, ...nothing }
  }
  const problems: ConfigProblem[] = [...parsed.problems]
  const tell: Tell = (path, message) => {
    problems.push({ file, line: parsed.lineOf(path), path: pathText(path), message })
  }
  for (const field of Object.keys(parsed.root)) {
    if (!isOneOf(field, topLevelFields)) tell([field], unknownField(field, topLevelFields))
  }
  const { checks, positions, takenIds } = readChecks(parsed.root['checks'], kinds, tell)
  const walls = readWalls(parsed.root['walls'], (path, message) => tell(['walls', ...path], message))
  const config = configOf(parsed.root, checks, walls, tell)
  return { config, problems, broken: null, positions, takenIds, document: parsed.document }
}

/** Parses for editing; the text is known to be good. */
export function parseForEditing(text: string): Document {
  return parseDocument(text, yamlOptions)
}

const yamlOptions = { version: '1.2', merge: true, prettyErrors: false } as const

interface ParsedYaml {
  readonly document: Document
  readonly root: Readonly<Record<string, unknown>>
  readonly problems: readonly ConfigProblem[]
  lineOf(path: Path): number | null
}

function parseYaml(text: string, file: string): ParsedYaml | { readonly broken: ConfigProblem } {
  const broken = (line: number | null, message: string) => ({ broken: { file, line, path: '', message } })
  const sizeBytes = Buffer.byteLength(text)
  if (sizeBytes > maxConfigBytes) {
    return broken(null, `expected at most ${maxConfigBytes} bytes, came ${sizeBytes}: is this the right file?`)
  }
  const counter = new LineCounter()
  const lineAt = (offset: number) => counter.linePos(offset).line
  let document: Document
  let root: unknown
  try {
    document = parseDocument(text, { ...yamlOptions, lineCounter: counter })
    const error = document.errors[0]
    if (error) return broken(lineAt(error.pos[0]), `This is not YAML: ${error.message}`)
    const unsafe = unsafeKey(document)
    if (unsafe !== null) return broken(lineAt(unsafe), '"__proto__" cannot be the name of a field: remove it.')
    root = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    // What the parser throws is a limit met: aliases that multiply, or nesting deeper than the stack.
    return broken(null, `This YAML cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const lineOf = (path: Path) => {
    const offset = offsetOf(document, path)
    return offset === null ? null : lineAt(offset)
  }
  if (root !== null && (typeof root !== 'object' || Array.isArray(root))) {
    return broken(
      lineOf([]),
      'expected sections such as "checks:", came something else: see the manual for an example.',
    )
  }
  const fields = (root ?? {}) as Record<string, unknown> // YAML's maps become plain objects; checked just above.
  const version = fields['version'] ?? configVersion
  if (version !== configVersion) {
    const came = JSON.stringify(version)
    const hint = typeof version === 'number' && version > configVersion ? 'a newer Belfry wrote it' : 'mend the number'
    return broken(lineOf(['version']), `expected version ${configVersion}, came ${came}: ${hint}.`)
  }
  const warnings = document.warnings.map((warning) => ({
    file,
    line: lineAt(warning.pos[0]),
    path: '',
    message: warning.message,
  }))
  return { document, root: fields, problems: warnings, lineOf }
}

function unsafeKey(document: Document): number | null {
  let offset: number | null = null
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== '__proto__') return undefined
      offset = pair.key.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

/** Offset of the key or entry at a path; of the nearest parent that the document has when it has no such node. */
function offsetOf(document: Document, path: Path): number | null {
  let offset = document.contents?.range?.[0] ?? null
  for (let depth = 1; depth <= path.length; depth++) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    const last = path[depth - 1]
    const key = isMap(parent) ? parent.items.find((pair) => keyText(pair) === String(last))?.key : undefined
    const node = (key ?? document.getIn(path.slice(0, depth), true)) as Scalar | Alias | undefined
    if (!node?.range) return offset
    offset = node.range[0]
  }
  return offset
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

function configOf(
  root: Readonly<Record<string, unknown>>,
  checks: readonly ConfiguredCheck[],
  walls: readonly Wall[],
  tell: Tell,
): BelfryConfig {
  const read = <K extends SectionName>(name: K) => readSection(name, root[name], tell)
  const all: Sections = {
    appearance: read('appearance'),
    notifications: read('notifications'),
    desktop: read('desktop'),
    storage: read('storage'),
    collection: read('collection'),
    console: read('console'),
    log: read('log'),
    uplink: read('uplink'),
    rules: read('rules'),
  }
  return { settings: settingsOf(all), checks, rules: all.rules, uplink: all.uplink, walls }
}

/** Parses a section; each field that is wrong is told and given its default. */
function readSection<K extends SectionName>(name: K, value: unknown, tell: Tell): Sections[K] {
  // Indexing a const object by a generic key loses the relation between schema and output; it holds by Sections' type.
  const schema = sections[name] as unknown as z.ZodType<Sections[K]>
  const parsed = explainedParse(schema, value ?? {})
  if (parsed.ok) return parsed.value
  for (const issue of parsed.issues) tell([name, ...issue.path], issue.message)
  // From the last to the first, so that the places of a list's entries hold until they are taken out.
  const mended = parsed.issues.toReversed().reduce<unknown>((rest, issue) => without(rest, issue.path), value)
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

function readChecks(
  value: unknown,
  kinds: readonly ConfiguredKind[],
  tell: Tell,
): { checks: ConfiguredCheck[]; positions: Map<string, number>; takenIds: Set<string> } {
  const checks: ConfiguredCheck[] = []
  const positions = new Map<string, number>()
  const takenIds = new Set<string>()
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    tell(['checks'], 'expected a list of checks, each beginning with a dash.')
    return { checks, positions, takenIds }
  }
  for (const [position, raw] of ((value ?? []) as unknown[]).entries()) {
    const read = readCheck(raw, kinds)
    const takenId = 'issues' in read ? writtenId(raw) : read.id
    if ('issues' in read) {
      for (const issue of read.issues) tell(['checks', position, ...issue.path], issue.message)
    } else if (positions.has(read.id)) {
      tell(['checks', position, 'id'], `Another check has the id "${read.id}" already: give this one an id of its own.`)
    } else {
      checks.push(read)
      positions.set(read.id, position)
    }
    if (takenId !== null) takenIds.add(takenId)
  }
  return { checks, positions, takenIds }
}

function writtenId(raw: unknown): string | null {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id : null
}

/** One entry of `checks:`, judged by the schema of all checks and by its kind's. */
function readCheck(
  raw: unknown,
  kinds: readonly ConfiguredKind[],
): ConfiguredCheck | { readonly issues: readonly Explained[] } {
  const parsed = explainedParse(CheckEntry, raw)
  if (!parsed.ok) return parsed
  const entry = parsed.value
  const kind = kinds.find((candidate) => candidate.kind === entry.kind)
  if (!kind) {
    const names = kinds.map((candidate) => candidate.kind)
    return { issues: [{ path: ['kind'], message: `There is no such kind: ${unknownField(entry.kind, names)}` }] }
  }
  const options = explainedParse(kind.config, entry.config)
  if (!options.ok) {
    return { issues: options.issues.map((issue) => ({ ...issue, path: ['config', ...issue.path] })) }
  }
  return { id: entry.id ?? idFromName(entry.name), draft: draftOf(entry) }
}

function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

function isOneOf<T extends string>(text: string, values: readonly T[]): text is T {
  return (values as readonly string[]).includes(text)
}
