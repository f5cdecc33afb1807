/** Names of series: one text for each set of labels, and one order for lists. */
import type { Labels } from './series.ts'

/** The same for the same name and labels, whatever their order; different for different ones. */
export function seriesKey(name: string, labels: Labels): string {
  const names = Object.keys(labels)
  if (names.length > 1) names.sort()
  return JSON.stringify([name, ...names.flatMap((label) => [label, labels[label] ?? ''])])
}

/** What a matcher or a grouping sees of a series: a label that is not there is empty. */
export function labelValue(series: { readonly name: string; readonly labels: Labels }, label: string): string {
  if (label === '__name__') return series.name
  return Object.hasOwn(series.labels, label) ? (series.labels[label] ?? '') : ''
}

/** Only these labels, those that are empty or missing left out. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  const entries = names.flatMap((name) => {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined
    return value ? [[name, value] as const] : []
  })
  return Object.fromEntries(entries)
}
