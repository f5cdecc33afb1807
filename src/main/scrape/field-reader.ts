/** The fields of one mapping of a prometheus.yml, each as what it has to be; what is something else is told. */
import type { Node } from 'yaml'
import { type Field, fieldsOf, itemsOf, textIn, type YamlFile } from '#main/rules/read-yaml.ts'
import { nearest } from '#shared/config/nearest.ts'
import type { Labels } from '#shared/domain/series.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import type { SecretText } from './prometheus-config.ts'

/** What is read, and where what is wrong with it goes. */
export interface Reading {
  readonly yaml: YamlFile
  /** The part is not used. */
  error(node: Node | null | undefined, message: string): void
  /** It has no effect. */
  warn(node: Node | null | undefined, message: string): void
  /** An absolute path: what is relative is so to the directory of the file. */
  path(text: string): string
}

export interface FieldReader {
  has(name: string): boolean
  node(name: string): Node | null
  text(name: string): string | null
  /** Milliseconds. */
  duration(name: string): number | null
  flag(name: string): boolean | null
  /** A whole number of at least 0. */
  count(name: string): number | null
  /** Such as `10MB`, in bytes. */
  size(name: string): number | null
  texts(name: string): string[] | null
  labels(name: string): Labels | null
  items(name: string): Node[]
  secret(name: string): SecretText
  fields(name: string, what: string): FieldReader | null
  /** Complains of all fields that nobody asked for; `unsupported`: those Prometheus knows, and why they have no effect. */
  finish(unsupported: Readonly<Record<string, string>>): void
}

/** Null, with a complaint, when the node is no mapping. */
export function readerOf(node: Node | null, what: string, reading: Reading): FieldReader | null {
  const { yaml } = reading
  const fields = fieldsOf(node, what, yaml)
  return fields === null ? null : fieldReader(fields, what, reading)
}

function fieldReader(fields: Map<string, Field>, what: string, reading: Reading): FieldReader {
  const { yaml, error, warn } = reading
  const asked = new Set<string>()
  const isNothing = (field: Field) => field.value === null || ('value' in field.value && field.value.value === null)

  const field = (name: string): Field | undefined => {
    asked.add(name)
    const found = fields.get(name)
    // A field without a value is as good as none.
    return found === undefined || isNothing(found) ? undefined : found
  }

  function parsed<T>(name: string, expected: string, parse: (text: string) => T | null): T | null {
    const found = field(name)
    const text = found ? textIn(found.value, name, yaml) : null
    if (!found || text === null) return null
    const value = parse(text.trim())
    if (value === null) error(found.value, `expected ${name} to be ${expected}, got "${text}"`)
    return value
  }

  const text = (name: string) => parsed(name, 'text', (value) => value)

  return {
    has: (name) => field(name) !== undefined,
    node: (name) => field(name)?.value ?? null,
    text,
    duration: (name) => parsed(name, 'a duration such as 15s or 1m30s', parseDurationMs),
    flag: (name) => parsed(name, 'true or false', (value) => ({ true: true, false: false })[value] ?? null),
    count: (name) =>
      parsed(name, 'a whole number of at least 0', (value) => (/^\d{1,15}$/.test(value) ? Number(value) : null)),
    size: (name) => parsed(name, 'a size such as 10MB', sizeBytes),
    texts(name) {
      const found = field(name)
      if (!found) return null
      return itemsOf(found.value, name, yaml).flatMap((item) => textIn(item, `each of ${name}`, yaml) ?? [])
    },
    labels(name) {
      const found = field(name)
      return found ? labelsIn(found.value, name, reading) : null
    },
    items(name) {
      const found = field(name)
      return found ? itemsOf(found.value, name, yaml) : []
    },
    secret(name) {
      const file = text(`${name}_file`)
      const own = text(name)
      if (own !== null && file !== null) error(field(name)?.key, `expected ${name} or ${name}_file, got both`)
      return { text: own, file: file === null ? null : reading.path(file) }
    },
    fields(name, inner) {
      const found = field(name)
      return found ? readerOf(found.value, inner, reading) : null
    },
    finish(unsupported) {
      for (const { name, key } of fields.values()) {
        if (asked.has(name)) continue
        const why = Object.hasOwn(unsupported, name) ? unsupported[name] : undefined
        if (why !== undefined) warn(key, `"${name}" in ${what} has no effect: ${why}`)
        else error(key, unknownField(name, what, [...asked, ...Object.keys(unsupported)]))
      }
    },
  }
}

function unknownField(name: string, what: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return `expected fields that Prometheus knows in ${what}, got "${name}"${meant === null ? '' : `; did you mean "${meant}"?`}`
}

/** Names of labels to their values, as text. */
export function labelsIn(
  node: Node | null,
  what: string,
  { yaml, error }: Reading,
  { mayBeAbsent = false }: { mayBeAbsent?: boolean } = {},
): Labels {
  if (node === null && mayBeAbsent) return {}
  const labels: [string, string][] = []
  for (const { name, key, value } of fieldsOf(node, what, yaml)?.values() ?? []) {
    const text =
      value === null || ('value' in value && value.value === null) ? '' : textIn(value, `${what}.${name}`, yaml)
    if (!isLabelName(name)) error(key, `expected a label's name in ${what}, got "${name}"`)
    else if (text !== null) labels.push([name, text])
  }
  return Object.fromEntries(labels)
}

export const isLabelName = (name: string) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)

const sizeUnits: Readonly<Record<string, number>> = { B: 0, KB: 1, MB: 2, GB: 3, TB: 4, PB: 5, EB: 6 }

/** `512B`, `10KB`, `1.5MiB`; powers of 1024 all, and `0`. Source: github.com/alecthomas/units, Base2Bytes. */
function sizeBytes(text: string): number | null {
  if (text === '0') return 0
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMGTPE]?)i?B$/.exec(text) ?? []
  const power = sizeUnits[`${unit}B`]
  return number === undefined || power === undefined ? null : Math.round(Number(number) * 1024 ** power)
}
