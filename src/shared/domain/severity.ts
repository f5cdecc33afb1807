import type { Severity } from '../contract/common.ts'
import type { Labels } from './series.ts'

/** Mildest first. */
const severities: readonly Severity[] = ['info', 'warning', 'error', 'critical']

/** Words that rule files of the field use for the same. */
const synonyms: ReadonlyMap<string, Severity> = new Map([
  ['page', 'critical'],
  ['critical', 'critical'],
  ['error', 'error'],
  ['high', 'error'],
  ['major', 'error'],
  ['ticket', 'warning'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['minor', 'warning'],
  ['info', 'info'],
  ['none', 'info'],
  ['low', 'info'],
])

/** What the label `severity` says, in the field's usual words; `warning` without one or with an unknown word. */
export function severityOf(labels: Labels): Severity {
  return synonyms.get((labels['severity'] ?? '').toLowerCase()) ?? 'warning'
}

/** Negative when `a` is milder. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b)
}
