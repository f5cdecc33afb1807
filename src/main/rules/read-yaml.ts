/** Walks a YAML document field by field, so that every complaint can name its line. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { RuleProblem } from './rule.ts'

/** Rule files are written by people: a larger one is a mistake or an attack. 1 MiB. */
const maxFileLength = 1_048_576

export interface YamlFile {
  readonly root: Node | null
  readonly document: Document
  /** Adds a problem at a node's line. */
  complain(node: Node | null | undefined, message: string): void
  /** 1-based; null where nobody knows. */
  lineOf(node: Node | null | undefined): number | null
  readonly problems: RuleProblem[]
  readonly file: string
}

/** Parses a file; what is no YAML is a problem and leaves `root` null. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter()
  const problems: RuleProblem[] = []
  const whole = text.length <= maxFileLength
  if (!whole) {
    problems.push({ file, line: null, message: `expected at most ${maxFileLength} characters, got ${text.length}` })
  }
  const document = parseDocument(whole ? text : '', { lineCounter: lines, prettyErrors: false })
  for (const { message, pos } of document.errors.slice(0, 10)) {
    problems.push({ file, line: lines.linePos(pos[0]).line, message: `no valid YAML: ${message}` })
  }
  const lineOf: YamlFile['lineOf'] = (node) => {
    const start = node?.range?.[0]
    return start === undefined ? null : lines.linePos(start).line
  }
  return {
    root: document.errors.length > 0 || !whole ? null : (document.contents as Node | null),
    document,
    complain: (node, message) => void problems.push({ file, line: lineOf(node), message }),
    lineOf,
    problems,
    file,
  }
}

/** What an anchor stands for, or the node itself. */
function resolved(node: unknown, yaml: YamlFile): Node | null {
  if (isAlias(node)) return node.resolve(yaml.document) ?? null
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null
}

export interface Field {
  readonly name: string
  readonly key: Node
  readonly value: Node | null
}

/** The fields of a mapping; null, with a complaint, when the node is something else. */
export function fieldsOf(node: Node | null, what: string, yaml: YamlFile): Map<string, Field> | null {
  if (!isMap(node)) {
    yaml.complain(node, `expected ${what} to be a mapping, got ${shown(node)}`)
    return null
  }
  const fields = new Map<string, Field>()
  const merged: Field[] = []
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : ''
    if (name === mergeKey) merged.push(...mergedFields(resolved(value, yaml), what, yaml))
    else if (isScalar(key)) fields.set(name, { name, key, value: resolved(value, yaml) })
    else yaml.complain(node, `expected plain names in ${what}`)
  }
  // What stands here goes before what is merged, and of that the first.
  for (const field of merged) if (!fields.has(field.name)) fields.set(field.name, field)
  return fields
}

const mergeKey = '<<'

/** The fields of the mappings that `<<: *anchor` or `<<: [*one, *other]` names. */
function mergedFields(node: Node | null, what: string, yaml: YamlFile): Field[] {
  const mappings = isSeq(node) ? node.items.map((item) => resolved(item, yaml)) : [node]
  return mappings.flatMap((mapping) => [...(fieldsOf(mapping, `${what} that is merged`, yaml)?.values() ?? [])])
}

/** The items of a sequence; a complaint and no items for anything else. */
export function itemsOf(node: Node | null, what: string, yaml: YamlFile): Node[] {
  if (isSeq(node)) return node.items.flatMap((item) => resolved(item, yaml) ?? [])
  yaml.complain(node, `expected ${what} to be a list, got ${shown(node)}`)
  return []
}

/** A scalar as text (numbers and booleans as they are written); null, with a complaint, for anything else. */
export function textIn(node: Node | null, what: string, yaml: YamlFile): string | null {
  if (isScalar(node) && node.value !== null) return String(node.source ?? node.value)
  yaml.complain(node, `expected ${what} to be text, got ${shown(node)}`)
  return null
}

function shown(node: Node | null): string {
  if (node === null || (isScalar(node) && node.value === null)) return 'nothing'
  return isMap(node) ? 'a mapping' : isSeq(node) ? 'a list' : String(node)
}
