/** Names of series, as legends, tables and tooltips show them. */
import type { Labels } from '../series.ts'

/** `{{label}}` becomes the label's value, or nothing where there is none. */
export function legendOf(template: string, labels: Labels): string {
  return template.replace(/\{\{\s*([A-Za-z_][\w.]*)\s*\}\}/g, (_, label: string) =>
    Object.hasOwn(labels, label) ? (labels[label] ?? '') : '',
  )
}

/**
 * A name for each of the series of one target, in order. Without a template: the values of the labels in which they
 * differ, or the metric's name where they differ in none.
 */
export function seriesNames(template: string, series: readonly Labels[], otherwise: string): string[] {
  if (template !== '') return series.map((labels) => legendOf(template, labels) || otherwise)
  const labels = [...new Set(series.flatMap((one) => Object.keys(one)))].sort()
  const differing = labels.filter((label) => new Set(series.map((one) => one[label] ?? '')).size > 1)
  return series.map((one) => {
    const values = differing.flatMap((label) => one[label] || [])
    return values.join(' · ') || one['__name__'] || onlyValue(one) || otherwise
  })
}

/** Of a series with a single label, such as of `sum by (mode)`. */
function onlyValue(labels: Labels): string | undefined {
  const values = Object.values(labels)
  return values.length === 1 ? values[0] : undefined
}
