/** All known series in memory: found by name and labels, matched by matchers, numbered with the lowest free id. */
import { labelValue, seriesKey } from '#shared/domain/labels.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import type { Labels, Matcher } from '#shared/domain/series.ts'
import type { SeriesHandle } from './metric-store.ts'

export interface SeriesIndex {
  find(name: string, labels: Labels): SeriesHandle | undefined
  /** A new series, or undefined when all ids are taken. */
  add(name: string, labels: Labels): SeriesHandle | undefined
  /** A series that is stored already. */
  restore(handle: SeriesHandle): void
  /** Sorted by name and labels. Throws AppError `invalid` for a regular expression that is none. */
  match(matchers: readonly Matcher[]): SeriesHandle[]
  /** Names of metrics, ascending. */
  names(prefix: string): string[]
}

/** The chunk store's keys have room for ids below it. */
const idLimit = 2 ** 20

interface Entry {
  readonly handle: SeriesHandle
  readonly key: string
}

export function createSeriesIndex(): SeriesIndex {
  const byKey = new Map<string, Entry>()
  /** Label name, then value, to the series that have it; the metric's name is the label `__name__`. */
  const postings = new Map<string, Map<string, Entry[]>>()
  const taken: boolean[] = []
  let lowestFree = 1

  const put = (handle: SeriesHandle, key: string) => {
    const entry = { handle, key }
    byKey.set(key, entry)
    taken[handle.id] = true
    post('__name__', handle.name, entry)
    for (const [label, value] of Object.entries(handle.labels)) post(label, value, entry)
  }

  const post = (label: string, value: string, entry: Entry) => {
    const values = postings.get(label) ?? new Map<string, Entry[]>()
    postings.set(label, values)
    const entries = values.get(value)
    if (entries) entries.push(entry)
    else values.set(value, [entry])
  }

  /** The shortest list that holds all that can match. */
  const candidates = (matchers: readonly Matcher[]): Iterable<Entry> => {
    const lists = matchers
      .filter(({ op, value }) => op === '=' && value !== '')
      .map(({ label, value }) => postings.get(label)?.get(value) ?? [])
      .sort((a, b) => a.length - b.length)
    return lists[0] ?? byKey.values()
  }

  return {
    find: (name, labels) => byKey.get(seriesKey(name, labels))?.handle,
    add(name, labels) {
      while (taken[lowestFree]) lowestFree++
      if (lowestFree >= idLimit) return undefined
      const handle = { id: lowestFree, name, labels: { ...labels } }
      put(handle, seriesKey(name, labels))
      return handle
    },
    restore: (handle) => put(handle, seriesKey(handle.name, handle.labels)),
    match(matchers) {
      const tests = matchers.map((matcher) => ({ label: matcher.label, accepts: compileMatcher(matcher) }))
      const found: Entry[] = []
      for (const entry of candidates(matchers)) {
        if (tests.every(({ label, accepts }) => accepts(labelValue(entry.handle, label)))) found.push(entry)
      }
      return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ handle }) => handle)
    },
    names: (prefix) => [...(postings.get('__name__')?.keys() ?? [])].filter((name) => name.startsWith(prefix)).sort(),
  }
}
