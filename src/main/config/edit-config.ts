/**
 * Changes the text of belfry.yaml as a careful person would: only what differs is touched, comments and order stay, a
 * value that means the same is left as it was written, and defaults are not written out. Pure: text in, text out.
 */
import { type Document, isCollection, isMap, isScalar, isSeq, type ToStringOptions, YAMLMap, YAMLSeq } from 'yaml'
import type { EntryField } from '#shared/config/check-entry.ts'
import { parseDuration } from '#shared/config/duration.ts'
import type { SettingEdit } from '#shared/config/settings-section.ts'
import { upgraded, type Versions } from '#shared/config/upgrade.ts'
import { AppError } from '#shared/contract/errors.ts'
import { entrySlice, type Slice, sectionSlice, withCommentAbove } from './config-slices.ts'
import { keepUntouched } from './keep-untouched.ts'
import { changedStretches } from './line-difference.ts'
import { parseForEditing } from './parse-yaml.ts'
import type { EntryList } from './read-checks.ts'
import { expanded, type References } from './references.ts'

/** Beside belfry.yaml, for editors; see place-schema.ts. */
export const schemaFileName = 'belfry.schema.json'

/** What a new file begins with. */
export const newFileText = `# yaml-language-server: $schema=${schemaFileName}
# Belfry's configuration. Screens edit this file and keep your comments; what you change by hand is applied at once.
# Everything has a default: only what differs from it needs to stand here. Durations are written as 30s, 1m30s or 15d.

version: 1
`

/** A text and the document it was read as, which is looked at and never changed: parsing is what takes the time. */
export interface ConfigSource {
  readonly text: string
  readonly document: Document
  /** To know a value that a reference stands for from one that differs: the reference then stays. */
  readonly references: References
}

export function sourceOf(text: string, references: References): ConfigSource {
  return { text, document: parseForEditing(text), references }
}

/** A text of an older version as one of this version, with all that its author did by hand. */
export function withUpgrade(text: string, versions: Versions): string {
  return inUnixLines(sourceOf(text, { environment: {}, secrets: {} }), (unix) =>
    edited(unix.text, (document) => {
      const version = document.get('version')
      upgraded(document, typeof version === 'number' ? version : versions.current, versions)
    }),
  )
}

export function withSettings(source: ConfigSource, edits: readonly SettingEdit[]): string {
  const names = new Set(edits.map(({ path }) => path[0] ?? ''))
  return inUnixLines(source, (unix) => {
    let rest = unix
    for (const name of names) {
      const ofSection = edits.filter(({ path }) => path[0] === name)
      const text = editSection(rest, name, (document) => {
        for (const { path, value } of ofSection) {
          if (!isSame(document.getIn(path), value, unix.references)) setAt(document, path, value)
        }
      })
      rest = names.size === 1 ? { ...rest, text } : sourceOf(text, unix.references)
    }
    return rest.text
  })
}

/** Replaces the entry at `position`, or appends one when it is null. The entry then has `id:` written in it. */
export function withEntry(
  source: ConfigSource,
  list: EntryList,
  position: number | null,
  id: string,
  fields: readonly EntryField[],
): string {
  return inUnixLines(source, (unix) => {
    const last = entryCount(unix, list) - 1
    // A new entry is written below the last one, in its style.
    return editEntries(unix, list, [position ?? last], (document, at) => {
      const entries = sequenceAt(document, [list])
      const existing = position === null ? undefined : entries.items[at]
      if (isMap(existing)) {
        if (!existing.has('id')) existing.items.unshift(document.createPair('id', id))
        writeFields(document, existing, fields, unix.references)
        return
      }
      const entry = new YAMLMap()
      entry.set('id', id)
      writeFields(document, entry, fields, unix.references)
      if (position === null) entries.add(entry)
      else entries.items[at] = entry
    })
  })
}

/** Takes the comment lines directly above the entry with it, except those at the head of the list. */
export function withoutEntry(source: ConfigSource, list: EntryList, position: number): string {
  return inUnixLines(source, (unix) => {
    const { text, document } = unix
    const slice = entryCount(unix, list) > 1 ? entrySlice(text, document, list, position) : null
    if (slice === null) return edited(text, (whole) => void sequenceAt(whole, [list]).delete(position))
    const { from, to } = position > 0 ? withCommentAbove(text, slice) : slice
    return text.slice(0, from) + text.slice(to)
  })
}

/** What a change comes to for one entry. */
export interface EntryChange {
  readonly position: number
  /** Those that the change is about. */
  readonly fields: readonly EntryField[]
}

export function withEntriesChanged(source: ConfigSource, list: EntryList, entries: readonly EntryChange[]): string {
  const wanted = new Map(entries.map((entry) => [entry.position, entry]))
  return inUnixLines(source, (unix) =>
    editEntries(unix, list, [...wanted.keys()], (document, at, position) => {
      const entry = sequenceAt(document, [list]).items[at]
      const { fields } = wanted.get(position) ?? {}
      if (isMap(entry) && fields !== undefined) writeFields(document, entry, fields, unix.references)
    }),
  )
}

export function withRuleEnabled(source: ConfigSource, alert: string, enabled: boolean): string {
  return inUnixLines(source, (unix) =>
    editSection(unix, 'rules', (document) => {
      const disabled = sequenceAt(document, ['rules', 'disabled'])
      const position = disabled.items.findIndex((item) => isScalar(item) && item.value === alert)
      if (enabled && position >= 0) disabled.delete(position)
      if (!enabled && position < 0) disabled.add(document.createNode(alert))
    }),
  )
}

/** Replaces the wall of this name, or appends one where there is none; null takes it away. */
export function withWall(source: ConfigSource, name: string, fields: readonly EntryField[] | null): string {
  return inUnixLines(source, (unix) =>
    editSection(unix, 'walls', (document) => {
      const walls = sequenceAt(document, ['walls'])
      const position = walls.items.findIndex((item) => isMap(item) && item.get('name') === name)
      if (fields === null) return void (position >= 0 && walls.delete(position))
      const existing = walls.items[position]
      const entry = isMap(existing) ? existing : new YAMLMap()
      writeFields(document, entry, fields, unix.references)
      if (entry !== existing) walls.add(entry)
    }),
  )
}

function inUnixLines(source: ConfigSource, edit: (unix: ConfigSource) => string): string {
  const { text } = source
  const unix = text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '')
  const after = edit(unix === text ? source : sourceOf(unix, source.references))
  return text.includes('\r\n') ? after.replaceAll('\n', '\r\n') : after
}

function entryCount({ document }: ConfigSource, list: EntryList): number {
  const entries = document.get(list, true)
  return isSeq(entries) ? entries.items.length : 0
}

function editSection({ text, document }: ConfigSource, name: string, change: (document: Document) => void): string {
  const slice = sectionSlice(text, document, name)
  if (slice !== null) return text.slice(0, slice.from) + editedSlice(text, slice, '', change) + text.slice(slice.to)
  // A section that is not there goes to the end, unless the end is not the end of plain sections.
  const isPlain = document.contents === null || (isMap(document.contents) && !document.contents.flow)
  if (!isPlain || document.has(name) || /^(---|\.\.\.)/m.test(text)) return edited(text, change)
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${edited('', change)}`
}

/** Changes several entries; `change` gets the place of the entry within the document it is given, and in the file. */
function editEntries(
  { text, document }: ConfigSource,
  list: EntryList,
  positions: readonly number[],
  change: (document: Document, at: number, position: number) => void,
): string {
  const slices = new Map(positions.map((position) => [position, entrySlice(text, document, list, position)]))
  const ordered = [...slices].sort(([a], [b]) => a - b)
  if (ordered.some(([, slice]) => slice === null)) {
    return edited(text, (whole) => {
      for (const [position] of ordered.toReversed()) change(whole, position, position)
    })
  }
  const parts: string[] = []
  let doneTo = 0
  for (const [position, slice] of ordered) {
    if (slice === null) continue
    parts.push(
      text.slice(doneTo, slice.from),
      editedSlice(text, slice, `${list}:\n`, (part) => change(part, 0, position)),
    )
    doneTo = slice.to
  }
  return parts.join('') + text.slice(doneTo)
}

/** Edits a part as a document of its own under `heading`, and the whole where the part cannot stand alone. */
function editedSlice(text: string, slice: Slice, heading: string, change: (document: Document) => void): string {
  const part = heading + text.slice(slice.from, slice.to)
  if (parseForEditing(part).errors.length > 0) {
    throw new AppError(
      'unprocessable',
      'This part of the file refers to an anchor (&name) elsewhere in it. Edit the file by hand.',
    )
  }
  const after = edited(part, change)
  if (!after.startsWith(heading)) throw new Error(`an edited part lost its heading: ${after.slice(0, 100)}`)
  return after.slice(heading.length)
}

function edited(text: string, change: (document: Document) => void): string {
  const document = parseForEditing(text)
  change(document)
  return keepUntouched(text, written(document, styleOf(text)), meaningOf)
}

function written(document: Document, style: ToStringOptions): string {
  try {
    return document.toString({ lineWidth: 0, ...style })
  } catch (error) {
    // The one reason for a document that was read well: an alias whose anchor the edit took away.
    const detail = error instanceof Error ? error.message : String(error)
    throw new AppError('unprocessable', `This change cannot be written: ${detail}. Edit the file by hand.`)
  }
}

function meaningOf(text: string): string {
  const document = parseForEditing(text)
  // A text put together from two versions may be no YAML at all, which is another meaning.
  return document.errors.length > 0 ? 'unreadable' : JSON.stringify(document.toJS({ maxAliasCount: 100 }))
}

/**
 * How the author writes, so that new lines look like the old ones: of the styles that fit what is plain to see, the one
 * in which the unchanged text differs least.
 */
function styleOf(text: string): ToStringOptions {
  const document = parseForEditing(text)
  const lines = squeezedLines(text)
  const dash = /^[\w-]+:[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*( *)- /m.exec(text)?.[1]
  const isTight = /[{[][\w"']/.test(text) && !/[{[] [\w"']/.test(text)
  const fitting = styles
    .filter(({ indentSeq }) => dash === undefined || indentSeq === dash.length > 0)
    .filter(({ flowCollectionPadding }) => !isTight || !flowCollectionPadding)
  let best = { style: fitting[0] ?? styles[0], changed: Number.POSITIVE_INFINITY }
  for (const style of fitting) {
    const changed = changedStretches(lines, squeezedLines(written(document, style))).reduce(
      (sum, stretch) => sum + stretch.beforeTo - stretch.beforeFrom,
      0,
    )
    if (changed < best.changed) best = { style, changed }
  }
  return best.style
}

const styles: readonly [ToStringOptions, ...ToStringOptions[]] = [
  { indent: 2, indentSeq: true, flowCollectionPadding: true },
  { indent: 2, indentSeq: true, flowCollectionPadding: false },
  { indent: 2, indentSeq: false, flowCollectionPadding: true },
  { indent: 2, indentSeq: false, flowCollectionPadding: false },
  { indent: 4, indentSeq: true, flowCollectionPadding: true },
  { indent: 4, indentSeq: true, flowCollectionPadding: false },
]

/** Columns of comments say nothing about the style of values. */
function squeezedLines(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/(\S) {2,}/g, '$1 '))
}

function setAt(document: Document, path: readonly string[], value: unknown): void {
  mapAt(document, path.slice(0, -1))
  document.setIn(path, value)
}

/** The map at a path; made where there is none, also in place of an empty value such as `appearance:`. */
function mapAt(document: Document, path: readonly string[]): void {
  for (let depth = 0; depth <= path.length; depth++) {
    const parent = path.slice(0, depth)
    if (!isCollection(document.getIn(parent, true))) replaceAt(document, parent, new YAMLMap())
  }
}

function sequenceAt(document: Document, path: readonly string[]): YAMLSeq {
  const existing = document.getIn(path, true)
  if (isSeq(existing)) return existing
  mapAt(document, path.slice(0, -1))
  const made = new YAMLSeq()
  replaceAt(document, path, made)
  return made
}

function replaceAt(document: Document, path: readonly string[], node: YAMLMap | YAMLSeq): void {
  if (path.length === 0)
    document.contents = node as Document['contents'] // The root of a document may be any node.
  else document.setIn(path, node)
}

function writeFields(document: Document, entry: YAMLMap, fields: readonly EntryField[], references: References): void {
  for (const { path, value, isDefault, isDuration, isGoneByDefault } of fields) {
    const present = entry.hasIn(path)
    if (!present && isDefault) continue
    if (isDefault && isGoneByDefault) {
      entry.deleteIn(path)
      continue
    }
    const written = entry.getIn(path)
    if (isDuration && typeof value === 'string' && sameDuration(expanded(written, references).value, value)) continue
    if (typeof value !== 'string' && isSame(written, value, references)) continue
    const parent = path.slice(0, -1)
    if (parent.length > 0 && !isMap(entry.getIn(parent, true))) entry.setIn(parent, new YAMLMap())
    const container = parent.length > 0 ? entry.getIn(parent, true) : entry
    const key = path.at(-1)
    if (isMap(container) && key !== undefined) writeValue(document, container, key, value)
  }
}

/** Sets one value in a map, descending into maps that are there already so that their comments stay. */
function writeValue(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const existing = map.get(key, true)
  if (isMap(existing) && isRecord(value)) {
    for (const gone of existing.items.map(({ key }) => (isScalar(key) ? String(key.value) : null))) {
      if (gone !== null && gone !== '<<' && !Object.hasOwn(value, gone)) existing.delete(gone)
    }
    for (const [innerKey, inner] of Object.entries(value)) writeValue(document, existing, innerKey, inner)
    return
  }
  const written: unknown = isCollection(existing) || isScalar(existing) ? existing.toJS(document) : undefined
  if (written !== undefined && JSON.stringify(written) === JSON.stringify(value)) return
  if (isScalar(existing) && !isRecord(value) && !Array.isArray(value)) existing.value = value
  else map.set(key, document.createNode(value))
}

/** Whether a reference stands for the wanted value. */
function isSame(written: unknown, wanted: unknown, references: References): boolean {
  if (typeof written !== 'string' || typeof wanted === 'object') return false
  const { value } = expanded(written, references)
  return value !== written && String(value) === String(wanted)
}

function sameDuration(written: unknown, wanted: string): boolean {
  return typeof written === 'string' && parseDuration(written.trim()) === parseDuration(wanted)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
