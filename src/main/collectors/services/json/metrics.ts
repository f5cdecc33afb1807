/** From a JSON document to metrics, as the configuration says. Pure. */
import { valuesAt } from '#main/checks/http-probe/json-assertions.ts'
import { shorten } from '#main/checks/network/text.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { Metric, MetricSample } from '../kind.ts'
import type { JsonMetric } from './config.ts'

/** Of one metric; more is a mistake of its path. */
const mostValues = 5000
const longestLabel = 200
const mostTold = 3

export interface TakenMetric {
  readonly metric: Metric
  readonly problems: readonly string[]
}

/** A value that is none is told and left out; nothing found at all is a problem, too. */
export function takeMetric(document: unknown, wanted: JsonMetric): TakenMetric {
  const problems: string[] = []
  const samples: MetricSample[] = []
  const found = flattened(document, wanted)
  if (found.length === 0) problems.push(`${wanted.name}: nothing is at ${wanted.path}.`)
  for (const one of found.slice(0, mostValues)) {
    const raw = wanted.value === '' ? one : valuesAt(one, wanted.value)[0]
    const value = numberIn(raw)
    if (value === null) problems.push(`${wanted.name}: expected a number at ${pathOf(wanted)}, came ${described(raw)}.`)
    else samples.push({ labels: labelsOf(one, wanted), value })
  }
  if (found.length > mostValues) {
    problems.push(`${wanted.name}: ${found.length} values are at ${wanted.path}; the first ${mostValues} are taken.`)
  }
  const { name, type, path } = wanted
  return { metric: { name, type, help: `From ${path}`, unit: '', samples }, problems: fewOf(problems) }
}

/** An array that a path ends at stands for its items, where there are labels or a path to tell them apart. */
function flattened(document: unknown, { path, value, labels }: JsonMetric): readonly unknown[] {
  const found = valuesAt(document, path)
  const [only] = found
  const wantsItems = value !== '' || Object.keys(labels).length > 0
  return found.length === 1 && Array.isArray(only) && wantsItems ? only : found
}

/** Booleans are 1 and 0, texts what they say as a number. */
export function numberIn(raw: unknown): number | null {
  if (typeof raw === 'number') return raw
  if (typeof raw === 'boolean') return raw ? 1 : 0
  if (typeof raw !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(raw)) return null
  return Number(raw)
}

/** In the order of the configuration; what is not there is an empty text, as everywhere in Prometheus. */
function labelsOf(one: unknown, { labels }: JsonMetric): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, text]) => [name, text.startsWith('$') ? textOf(valuesAt(one, text)[0]) : text]),
  )
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return shorten(typeof value === 'string' ? value : JSON.stringify(value), longestLabel)
}

function pathOf({ path, value }: JsonMetric): string {
  return value === '' ? path : `${value} in ${path}`
}

function described(raw: unknown): string {
  if (raw === undefined) return 'nothing'
  if (Array.isArray(raw)) return `a list of ${raw.length}`
  if (typeof raw === 'object' && raw !== null) return 'an object'
  return shorten(JSON.stringify(raw), 60)
}

/** A hundred items of one list have the same thing wrong with them. */
function fewOf(problems: readonly string[]): string[] {
  const more = problems.length - mostTold
  return more <= 0 ? [...problems] : [...problems.slice(0, mostTold), `... and ${more} more of this metric.`]
}
