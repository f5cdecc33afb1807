/**
 * All known series in memory: found by name and labels, matched by matchers, numbered with the lowest free id. There may
 * be two hundred thousand, so a series is its handle and some numbers: labels are shared, lists hold ids.
 */
import { compareLabels, hashOfSeries, labelValue, sameLabels } from '#shared/domain/labels.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import type { Labels, Matcher } from '#shared/domain/series.ts'
import type { Steps } from '#shared/promql/steps.ts'
import { createIdTable } from './id-table.ts'
import { createLabelSets } from './label-sets.ts'
import type { SeriesHandle } from './metric-store.ts'

export interface SeriesIndex {
  find(name: string, labels: Labels): SeriesHandle | undefined
  /** A new series, or undefined when all ids are taken. */
  add(name: string, labels: Labels): SeriesHandle | undefined
  /** A series that is stored already. */
  restore(series: SeriesHandle): void
  /** Sorted by name and labels. Throws AppError `invalid` for a regular expression that is none. */
  match(matchers: readonly Matcher[]): SeriesHandle[]
  /** The same in no order, in steps: there may be many to look at. */
  matching(matchers: readonly Matcher[]): Steps<SeriesHandle[]>
  /** Names of metrics, ascending. */
  names(prefix: string): string[]
  /** Names of labels that any series has, `__name__` among them, in no order. */
  labelNames(): string[]
  /** Values of a label that any series has, in no order, with the number of series that have each. */
  labelValues(label: string): { readonly value: string; readonly series: number }[]
}

/** The chunk store's keys have room for ids below it. */
const idLimit = 2 ** 20

/** Looked at between two turns of others: a fraction of a millisecond. */
const seriesInStep = 256

/** The series that have one value of one label. */
interface Posting {
  readonly value: string
  readonly ids: number[]
  /** So many of them, from the first on, are in the order of answers. */
  sortedLength: number
}

const nameLabel = '__name__'
/** Stands where there is no series: no id leads to it. */
const nobody: SeriesHandle = { id: 0, name: '', labels: {} }

export function createSeriesIndex(): SeriesIndex {
  const handles: SeriesHandle[] = [nobody]
  const handleOf = (id: number) => handles[id] ?? nobody
  const table = createIdTable<Pick<SeriesHandle, 'name' | 'labels'>>(
    handleOf,
    hashOfSeries,
    (one, other) => one.name === other.name && sameLabels(one.labels, other.labels),
  )
  /** Label name, then value; the metric's name is the value of `__name__`. */
  const postings = new Map<string, Map<string, Posting>>()
  const labelSets = createLabelSets((label, value) => postingOf(label, value).value)
  let lowestFree = 1

  function postingOf(label: string, value: string): Posting {
    const values = postings.get(label) ?? new Map<string, Posting>()
    postings.set(label, values)
    const known = values.get(value)
    if (known) return known
    const made = { value, ids: [], sortedLength: 0 }
    values.set(value, made)
    return made
  }

  function put(id: number, name: string, labels: Labels): SeriesHandle {
    const named = postingOf(nameLabel, name)
    const handle = { id, name: named.value, labels: labelSets.shared(labels) }
    handles[id] = handle
    table.add(id)
    named.ids.push(id)
    for (const [label, value] of Object.entries(handle.labels)) postingOf(label, value).ids.push(id)
    return handle
  }

  const byNameAndLabels = (one: number, other: number): number => {
    const [a, b] = [handleOf(one), handleOf(other)]
    if (a.name !== b.name) return a.name < b.name ? -1 : 1
    return compareLabels(a.labels, b.labels)
  }

  /** Sorts what joined since it was last asked for: a question costs an order only when there is a new one. */
  function sorted(posting: Posting): readonly number[] {
    if (posting.sortedLength < posting.ids.length) posting.ids.sort(byNameAndLabels)
    posting.sortedLength = posting.ids.length
    return posting.ids
  }

  /** The shortest list that holds all that can match; without one, the lists of all names, one after the other. */
  function candidates(matchers: readonly Matcher[]): readonly Posting[] {
    let shortest: Posting | null = null
    for (const { label, op, value } of matchers) {
      if (op !== '=' || value === '') continue
      const posting = postings.get(label)?.get(value)
      if (!posting) return []
      if (shortest === null || posting.ids.length < shortest.ids.length) shortest = posting
    }
    if (shortest !== null) return [shortest]
    const tests = testsOf(matchers.filter(({ label }) => label === nameLabel))
    return [...(postings.get(nameLabel)?.values() ?? [])]
      .filter(({ value }) => tests.every(({ accepts }) => accepts(value)))
      .sort((a, b) => (a.value < b.value ? -1 : 1))
  }

  return {
    find(name, labels) {
      const id = table.find({ name, labels })
      return id > 0 ? handles[id] : undefined
    },
    add(name, labels) {
      while (handles[lowestFree]) lowestFree++
      return lowestFree < idLimit ? put(lowestFree, name, labels) : undefined
    },
    restore: ({ id, name, labels }) => void put(id, name, labels),
    match(matchers) {
      const tests = testsOf(matchers)
      const found: SeriesHandle[] = []
      for (const posting of candidates(matchers)) {
        for (const id of sorted(posting)) {
          const handle = handleOf(id)
          if (tests.every(({ label, accepts }) => accepts(labelValue(handle, label)))) found.push(handle)
        }
      }
      return found
    },
    *matching(matchers) {
      const tests = testsOf(matchers)
      const found: SeriesHandle[] = []
      let looked = 0
      // A list may grow or be put in order while others have their turn.
      for (const ids of candidates(matchers).map((posting) => [...posting.ids])) {
        for (const id of ids) {
          const handle = handleOf(id)
          if (tests.every(({ label, accepts }) => accepts(labelValue(handle, label)))) found.push(handle)
          if (++looked % seriesInStep === 0) yield
        }
      }
      return found
    },
    labelNames: () => [...postings.keys()],
    labelValues: (label) =>
      Array.from(postings.get(label)?.values() ?? [], ({ value, ids }) => ({ value, series: ids.length })),
    names: (prefix) => [...(postings.get(nameLabel)?.keys() ?? [])].filter((name) => name.startsWith(prefix)).sort(),
  }
}

function testsOf(matchers: readonly Matcher[]) {
  return matchers.map((matcher) => ({ label: matcher.label, accepts: compileMatcher(matcher) }))
}
