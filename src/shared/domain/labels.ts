/** Names of series: when two are the same, one text for each, and one order for lists. */
import { hashOfText } from './hash.ts'
import type { Labels } from './series.ts'

interface Named {
  readonly name: string
  readonly labels: Labels
}

/** The same labels have the same, whatever their order; a 32-bit integer, as of `hashOfText`. */
export function hashOfLabels(labels: Labels): number {
  let sum = 0
  for (const label of Object.keys(labels)) sum = (sum + hashOfText(labels[label] ?? '', hashOfText(label))) | 0
  return sum
}

export function hashOfSeries({ name, labels }: Named): number {
  return hashOfText(name, hashOfLabels(labels))
}

export function sameLabels(one: Labels, other: Labels): boolean {
  if (one === other) return true
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((label) => Object.hasOwn(other, label) && one[label] === other[label])
}

/**
 * Negative when `one` comes first, 0 when they are the same. By the first label in which they differ, its name before its
 * value, more labels first. Both must have their names in ascending order.
 */
export function compareLabels(one: Labels, other: Labels): number {
  if (one === other) return 0
  const [names, others] = [Object.keys(one), Object.keys(other)]
  for (const [i, label] of names.entries()) {
    const otherLabel = others[i]
    if (otherLabel === undefined) return -1
    if (label !== otherLabel) return label < otherLabel ? -1 : 1
    const [value, otherValue] = [one[label] ?? '', other[label] ?? '']
    if (value !== otherValue) return value < otherValue ? -1 : 1
  }
  return others.length - names.length
}

/** The same for the same name and labels, whatever their order; different for different ones. */
export function seriesKey(name: string, labels: Labels): string {
  const names = Object.keys(labels)
  if (names.length > 1) names.sort()
  return JSON.stringify([name, ...names.flatMap((label) => [label, labels[label] ?? ''])])
}

/** What a matcher or a grouping sees of a series: a label that is not there is empty. */
export function labelValue(series: Named, label: string): string {
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
