/** Which checks are shown: by words, state, kind and label. Filters of one sort widen, filters of different sorts narrow. */
import type { CheckView, TimelineState } from '#shared/contract/checks.ts'

export interface CheckFilter {
  /** Every word must occur in the name, the target, the kind or a label. */
  readonly text: string
  readonly states: readonly TimelineState[]
  readonly kinds: readonly string[]
  /** `name=value`. */
  readonly labels: readonly string[]
}

export const noFilter: CheckFilter = { text: '', states: [], kinds: [], labels: [] }

export interface Facet<T extends string = string> {
  readonly value: T
  /** How many checks have it, among those the other filters let through. */
  readonly count: number
}

export interface CheckFacets {
  readonly states: readonly Facet<TimelineState>[]
  readonly kinds: readonly Facet[]
  readonly labels: readonly Facet[]
}

export function isFiltering(filter: CheckFilter): boolean {
  return filter.text.trim() !== '' || filter.states.length + filter.kinds.length + filter.labels.length > 0
}

export function filterChecks(checks: readonly CheckView[], filter: CheckFilter): readonly CheckView[] {
  const words = wordsOf(filter.text)
  return checks.filter(
    (check) =>
      hasWords(check, words) && hasState(check, filter) && hasKind(check, filter) && hasLabels(check, filter.labels),
  )
}

/** What may be filtered by, with counts; states worst first, kinds and labels by count. At most `maxLabels` labels. */
export function facetsOf(checks: readonly CheckView[], filter: CheckFilter, maxLabels = 12): CheckFacets {
  const words = wordsOf(filter.text)
  const states = new Map<TimelineState, number>()
  const kinds = new Map<string, number>()
  const labels = new Map<string, number>()
  for (const check of checks) {
    if (!hasWords(check, words)) continue
    const [state, kind, labelled] = [hasState(check, filter), hasKind(check, filter), hasLabels(check, filter.labels)]
    if (kind && labelled) count(states, check.state)
    if (state && labelled) count(kinds, check.kind)
    if (state && kind) for (const [name, value] of Object.entries(check.labels)) count(labels, `${name}=${value}`)
  }
  for (const chosen of filter.labels) if (!labels.has(chosen)) labels.set(chosen, 0)
  return {
    states: stateOrder
      .filter((state) => states.has(state) || filter.states.includes(state))
      .map((value) => ({
        value,
        count: states.get(value) ?? 0,
      })),
    kinds: byCount(kinds),
    labels: byCount(labels).slice(0, maxLabels),
  }
}

/** The list with the value added, or taken away when it was there. */
export function toggled<T>(values: readonly T[], value: T): readonly T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value]
}

const stateOrder: readonly TimelineState[] = ['down', 'degraded', 'unknown', 'up', 'maintenance', 'unobserved']

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function hasWords(check: CheckView, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const labels = Object.entries(check.labels).map(([name, value]) => `${name}=${value}`)
  const haystack = [check.name, check.target, check.kind, ...labels].join('\n').toLowerCase()
  return words.every((word) => haystack.includes(word))
}

function hasState(check: CheckView, filter: CheckFilter): boolean {
  return filter.states.length === 0 || filter.states.includes(check.state)
}

function hasKind(check: CheckView, filter: CheckFilter): boolean {
  return filter.kinds.length === 0 || filter.kinds.includes(check.kind)
}

/** Two values of one label widen, different labels narrow. */
function hasLabels(check: CheckView, chosen: readonly string[]): boolean {
  const byName = new Map<string, string[]>()
  for (const label of chosen) {
    const [name, ...value] = label.split('=')
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), value.join('=')])
  }
  return [...byName].every(([name, values]) => values.includes(check.labels[name] ?? ''))
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function byCount(counts: ReadonlyMap<string, number>): readonly Facet[] {
  return [...counts]
    .map(([value, found]) => ({ value, count: found }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** The filter an address names; unknown states are left out. Lists are separated by commas, labels repeat by `|`. */
export function filterFromQuery(query: URLSearchParams): CheckFilter {
  const list = (name: string, separator: string) => (query.get(name) ?? '').split(separator).filter(Boolean)
  return {
    text: query.get('q') ?? '',
    states: stateOrder.filter((state) => list('state', ',').includes(state)),
    kinds: list('kind', ','),
    labels: list('label', '|'),
  }
}

/** The other way; an empty part is an empty text, which an address leaves out. */
export function queryOfFilter(filter: CheckFilter): Readonly<Record<'q' | 'state' | 'kind' | 'label', string>> {
  return {
    q: filter.text,
    state: filter.states.join(','),
    kind: filter.kinds.join(','),
    label: filter.labels.join('|'),
  }
}
