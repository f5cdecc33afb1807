/**
 * From the text of one configuration file to its fields, with the place of each. What is no YAML, what would blow up in
 * memory and what another version wrote is refused as a whole. Pure: knows no file.
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
import { configVersions, upgraded, type Versions } from '#shared/config/upgrade.ts'
import type { ConfigProblem } from './config-file.ts'

/** Larger than 40,000 checks need. Bytes, 8 MiB, of all files together. */
export const maxConfigBytes = 8 * 1024 * 1024

export type Path = readonly (string | number)[]

export interface ParsedYaml {
  readonly file: string
  readonly document: Document
  readonly root: Readonly<Record<string, unknown>>
  readonly problems: readonly ConfigProblem[]
  /** The version that stands in the text, which may be older than what `root` was made into. */
  readonly version: number
  problem(path: Path, message: string): ConfigProblem
}

/** Parses for editing; the text is known to be good. */
export function parseForEditing(text: string): Document {
  return parseDocument(text, yamlOptions)
}

const yamlOptions = { version: '1.2', merge: true, prettyErrors: false } as const

export function parseYaml(
  text: string,
  file: string,
  versions: Versions = configVersions,
): ParsedYaml | { readonly broken: ConfigProblem } {
  const { current: wanted } = versions
  const sizeBytes = Buffer.byteLength(text)
  const counter = new LineCounter()
  const broken = (offset: number | null, message: string) => ({
    broken: { file, ...placeAt(counter, offset), path: '', message },
  })
  if (sizeBytes > maxConfigBytes) {
    return broken(null, `expected at most ${maxConfigBytes} bytes, came ${sizeBytes}: is this the right file?`)
  }
  let document: Document
  let root: unknown
  let version: unknown
  try {
    document = parseDocument(text, { ...yamlOptions, lineCounter: counter })
    const error = document.errors[0]
    if (error) return broken(error.pos[0], `This is not YAML: ${error.message}`)
    const unsafe = unsafeKey(document)
    if (unsafe !== null) return broken(unsafe, '"__proto__" cannot be the name of a field: remove it.')
    if (document.contents !== null && !isMap(document.contents) && !isEmpty(document)) {
      return broken(
        offsetOf(document, []),
        'expected sections such as "checks:", came something else: see the manual for an example.',
      )
    }
    version = (isMap(document.contents) ? document.get('version') : undefined) ?? wanted
    if (isVersion(version) && version < wanted) upgraded(document, version, versions)
    root = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    // What the parser throws is a limit met: aliases that multiply, or nesting deeper than the stack.
    return broken(null, `This YAML cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (hasCycle(root)) return broken(null, 'An anchor (&name) contains an alias (*name) of itself: remove one of them.')
  const fields = (root ?? {}) as Record<string, unknown> // YAML's maps become plain objects; a map is what it is.
  if (!isVersion(version) || version > wanted) {
    const came = JSON.stringify(version)
    const hint = isVersion(version)
      ? 'a newer Belfry wrote it: use that one, or take back its changes'
      : 'mend the number'
    return broken(offsetOf(document, ['version']), `expected version ${wanted}, came ${came}: ${hint}.`)
  }
  const problem = (path: Path, message: string): ConfigProblem => ({
    file,
    ...placeAt(counter, offsetOf(document, path)),
    path: pathText(path),
    message,
  })
  const problems = document.warnings.map((warning) => ({
    file,
    ...placeAt(counter, warning.pos[0]),
    path: '',
    message: warning.message,
  }))
  return { file, document, root: fields, problems, version, problem }
}

function isVersion(version: unknown): version is number {
  return typeof version === 'number' && Number.isInteger(version)
}

function isEmpty({ contents }: Document): boolean {
  return isScalar(contents) && contents.value === null
}

function placeAt(counter: LineCounter, offset: number | null) {
  if (offset === null) return { line: null, column: null }
  const { line, col } = counter.linePos(offset)
  return { line, column: col }
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

function hasCycle(value: unknown, above: ReadonlySet<unknown> = new Set(), seen = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (above.has(value)) return true
  if (seen.has(value)) return false
  seen.add(value)
  const within = new Set([...above, value])
  return Object.values(value).some((one) => hasCycle(one, within, seen))
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

function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}
