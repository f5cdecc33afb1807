/** Which checks are shown: by words, state, kind, group, tag and label. Filters of one sort widen, filters of different sorts narrow. */
import type { CheckView, TimelineState } from '#shared/contract/checks.ts'

export interface CheckFilter {
  /** Every word must occur in the name, the target, the kind, the group, a tag or a label. */
  readonly text: string
  readonly states: readonly TimelineState[]
  readonly kinds: readonly string[]
  readonly groups: readonly string[]
  /** A check has to have all of them. */
  readonly tags: readonly string[]
  /** `name=value`. */
  readonly labels: readonly string[]
}

export const noFilter: CheckFilter = { text: '', states: [], kinds: [], groups: [], tags: [], labels: [] }

export interface Facet<T extends string = string> {
  readonly value: T
  /** How many checks have it, among those the other filters let through. */
  readonly count: number
}

export interface CheckFacets {
  readonly states: readonly Facet<TimelineState>[]
  readonly kinds: readonly Facet[]
  readonly groups: readonly Facet[]
  readonly tags: readonly Facet[]
  readonly labels: readonly Facet[]
}

export function isFiltering(filter: CheckFilter): boolean {
  const { text, states, kinds, groups, tags, labels } = filter
  return text.trim() !== '' || [states, kinds, groups, tags, labels].some((chosen) => chosen.length > 0)
}

export function filterChecks(checks: readonly CheckView[], filter: CheckFilter): readonly CheckView[] {
  const words = wordsOf(filter.text)
  return checks.filter((check) => hasWords(check, words) && all.every(({ fits }) => fits(check, filter)))
}

/** What may be filtered by, with counts; states worst first, kinds and labels by count. At most `maxLabels` labels. */
export function facetsOf(checks: readonly CheckView[], filter: CheckFilter, maxLabels = 12): CheckFacets {
  const words = wordsOf(filter.text)
  const matching = checks.filter((check) => hasWords(check, words))
  const countsOf = (aspect: Aspect) => {
    const others = all.filter((other) => other !== aspect)
    const counts = new Map(aspect.chosen(filter).map((value) => [value, 0]))
    for (const check of matching) {
      if (!others.every(({ fits }) => fits(check, filter))) continue
      for (const value of aspect.valuesOf(check)) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return counts
  }
  const states = countsOf(aspects.state)
  return {
    states: stateOrder.filter((state) => states.has(state)).map((value) => ({ value, count: states.get(value) ?? 0 })),
    kinds: byCount(countsOf(aspects.kind)),
    groups: byCount(countsOf(aspects.group)),
    tags: byCount(countsOf(aspects.tag)).slice(0, maxLabels),
    labels: byCount(countsOf(aspects.label)).slice(0, maxLabels),
  }
}

/** One sort of filter: what a check has of it, and whether that is among what is chosen. */
interface Aspect {
  valuesOf(check: CheckView): readonly string[]
  chosen(filter: CheckFilter): readonly string[]
  fits(check: CheckView, filter: CheckFilter): boolean
}

const oneOf = (own: (check: CheckView) => string | null, chosen: Aspect['chosen']): Aspect => ({
  valuesOf: (check) => [own(check)].filter((value) => value !== null),
  chosen,
  fits: (check, filter) => chosen(filter).length === 0 || chosen(filter).includes(own(check) ?? ''),
})

const aspects = {
  state: oneOf(
    (check) => check.state,
    (filter) => filter.states,
  ),
  kind: oneOf(
    (check) => check.kind,
    (filter) => filter.kinds,
  ),
  group: oneOf(
    (check) => check.group,
    (filter) => filter.groups,
  ),
  tag: {
    valuesOf: ({ tags }) => tags,
    chosen: ({ tags }) => tags,
    fits: (check, { tags }) => tags.every((tag) => check.tags.includes(tag)),
  },
  label: {
    valuesOf: (check) => Object.entries(check.labels).map(([name, value]) => `${name}=${value}`),
    chosen: ({ labels }) => labels,
    fits: (check, { labels }) => hasLabels(check, labels),
  },
} satisfies Record<string, Aspect>

const all: readonly Aspect[] = Object.values(aspects)

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
  const haystack = [check.name, check.target, check.kind, check.group ?? '', ...check.tags, ...labels]
    .join('\n')
    .toLowerCase()
  return words.every((word) => haystack.includes(word))
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
    groups: list('group', ','),
    tags: list('tag', ','),
    labels: list('label', '|'),
  }
}

/** The other way; an empty part is an empty text, which an address leaves out. */
export function queryOfFilter(
  filter: CheckFilter,
): Readonly<Record<'q' | 'state' | 'kind' | 'group' | 'tag' | 'label', string>> {
  return {
    q: filter.text,
    state: filter.states.join(','),
    kind: filter.kinds.join(','),
    group: filter.groups.join(','),
    tag: filter.tags.join(','),
    label: filter.labels.join('|'),
  }
}
