/** Which targets are shown, and in which order. */
import type { PoolView, ScrapeState, TargetView } from '#shared/contract/scrape.ts'
import type { Mark } from '../../ui/state-mark.tsx'

/** What is wrong first. */
const stateOrder: readonly ScrapeState[] = ['down', 'unobserved', 'unknown', 'up']

export const stateMarks: Readonly<Record<ScrapeState, Mark>> = {
  up: 'up',
  down: 'down',
  unknown: 'unknown',
  unobserved: 'unobserved',
}

export const stateWords: Readonly<Record<ScrapeState, string>> = {
  up: 'Up',
  down: 'Down',
  unknown: 'Not scraped yet',
  unobserved: 'Not observed',
}

export interface TargetFilter {
  readonly text: string
  /** Empty: all. */
  readonly states: readonly ScrapeState[]
}

export const noFilter: TargetFilter = { text: '', states: [] }

/** A pool with the targets that are shown, worst first; pools without any are left out, unless nothing is filtered. */
export function poolsMatching(pools: readonly PoolView[], filter: TargetFilter): PoolView[] {
  const isAll = filter.text.trim() === '' && filter.states.length === 0
  return pools
    .map((pool) => ({ ...pool, targets: pool.targets.filter((target) => matches(target, filter)).sort(byUrgency) }))
    .filter(({ targets }) => isAll || targets.length > 0)
    .sort((a, b) => urgencyOf(a) - urgencyOf(b) || (a.job < b.job ? -1 : 1))
}

export function countsOf(targets: readonly TargetView[]): { readonly state: ScrapeState; readonly count: number }[] {
  return stateOrder
    .map((state) => ({ state, count: targets.filter((target) => target.state === state).length }))
    .filter(({ count }) => count > 0)
}

function matches({ url, state, labels, error }: TargetView, { text, states }: TargetFilter): boolean {
  if (states.length > 0 && !states.includes(state)) return false
  const haystack = [url, error ?? '', ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)]
    .join('\n')
    .toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word))
}

const byUrgency = (a: TargetView, b: TargetView) =>
  stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) ||
  Number(b.warnings.length > 0) - Number(a.warnings.length > 0) ||
  (a.url < b.url ? -1 : 1)

const urgencyOf = ({ targets, problems }: PoolView) =>
  Math.min(problems.length > 0 ? 0 : 9, ...targets.map(({ state }) => stateOrder.indexOf(state)))
