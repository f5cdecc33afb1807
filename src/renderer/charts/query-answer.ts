/** Answers of the query service as charts draw them: numbers again, and names for their series. Pure. */
import type { OutputOf } from '#shared/contract/index.ts'

export type RangeAnswer = OutputOf<'query.range'>
export type InstantAnswer = OutputOf<'query.instant'>
type WiredValue = NonNullable<RangeAnswer['series'][number]['values'][number]>

/** A number as it was before JSON, which has no infinities and no NaN. */
export function numberOf(value: WiredValue): number {
  if (typeof value === 'number') return value
  if (value === 'NaN') return Number.NaN
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

export function valuesOf(values: readonly (WiredValue | null)[]): (number | null)[] {
  return values.map((value) => (value === null ? null : numberOf(value)))
}

/** `node_load1{instance="a"}`, as Prometheus writes it. Without labels and name: `{}`. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels
  const pairs = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name
}

/**
 * The name of a series by a template such as `{{instance}} in`; a label it does not have is nothing. An empty template:
 * the labels in which the series differ, `all` being those of the whole answer.
 */
export function legendOf(
  template: string,
  labels: Readonly<Record<string, string>>,
  all: readonly Readonly<Record<string, string>>[],
): string {
  if (template !== '') return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
  const differing = Object.keys(labels).filter((label) => all.some((other) => other[label] !== labels[label]))
  if (differing.length === 0 || all.length === 1) return labels['__name__'] ?? seriesName(labels)
  if (differing.length === 1 && differing[0] !== undefined) return labels[differing[0]] ?? ''
  return differing
    .filter((label) => label !== '__name__')
    .sort()
    .map((label) => labels[label])
    .join(' · ')
}
