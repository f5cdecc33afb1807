/** One rule of relabel_configs or metric_relabel_configs. */
import type { Node } from 'yaml'
import { isLabelName, type Reading, readerOf } from './field-reader.ts'
import { compileAnchored, defaultRelabel, type RelabelAction, type RelabelRule, relabelActions } from './relabel.ts'

/** Null, with a complaint, where the rule is none. Source: prometheus/model/relabel/relabel.go, Validate. */
export function readRelabel(node: Node, what: string, reading: Reading): RelabelRule | null {
  const reader = readerOf(node, what, reading)
  if (!reader) return null
  const { error } = reading
  const word = reader.text('action')?.toLowerCase() ?? 'replace'
  const action = relabelActions.find((one) => one === word)
  if (action === undefined) {
    error(reader.node('action'), `expected an action among ${relabelActions.join(', ')}, got "${word}"`)
    return null
  }
  const rule: RelabelRule = {
    action,
    sourceLabels: reader.texts('source_labels') ?? defaultRelabel.sourceLabels,
    separator: unquotedText(reader.node('separator')) ?? defaultRelabel.separator,
    regex: reader.text('regex') ?? (reader.has('regex') ? '' : defaultRelabel.regex),
    modulus: reader.count('modulus') ?? 0,
    targetLabel: reader.text('target_label') ?? '',
    replacement: unquotedText(reader.node('replacement')) ?? defaultRelabel.replacement,
  }
  reader.finish({})
  const problem = problemOf(rule)
  if (problem === null) return rule
  error(node, problem)
  return null
}

/** A text that may be empty on purpose. */
function unquotedText(node: Node | null): string | null {
  return node !== null && 'value' in node && node.value !== null ? String(node.value) : null
}

const needTarget: readonly RelabelAction[] = ['replace', 'lowercase', 'uppercase', 'hashmod', 'keepequal', 'dropequal']

function problemOf(rule: RelabelRule): string | null {
  const { action, targetLabel, sourceLabels, regex, replacement } = rule
  if (action === 'hashmod' && rule.modulus === 0) return 'expected hashmod to have a "modulus" above 0'
  if (needTarget.includes(action) && targetLabel === '') return `expected ${action} to have a "target_label"`
  if (action === 'replace' ? !isTemplate(targetLabel) : needTarget.includes(action) && !isLabelName(targetLabel)) {
    return `expected "target_label" to be a label's name, got "${targetLabel}"`
  }
  const wrong = sourceLabels.find((name) => name === '')
  if (wrong !== undefined) return `expected "source_labels" to be names of labels, got "${wrong}"`
  if (action === 'labelmap' && !isTemplate(replacement)) {
    return `expected "replacement" of labelmap to be a label's name, got "${replacement}"`
  }
  try {
    compileAnchored(regex)
  } catch (error) {
    return `expected a regular expression as RE2 knows it, got "${regex}": ${error instanceof Error ? error.message : error}`
  }
  if ((action === 'keepequal' || action === 'dropequal') && !isPlain(rule)) {
    return `expected ${action} to have "source_labels" and "target_label" only`
  }
  if (
    (action === 'labeldrop' || action === 'labelkeep') &&
    (sourceLabels.length > 0 || targetLabel !== '' || !isPlain(rule, regex))
  ) {
    return `expected ${action} to have a "regex" only`
  }
  return null
}

function isPlain({ separator, regex, modulus, replacement }: RelabelRule, own: string = defaultRelabel.regex): boolean {
  const { separator: none, replacement: same } = defaultRelabel
  return separator === none && regex === own && modulus === 0 && replacement === same
}

/** A label's name, in parts of which references may stand. */
function isTemplate(text: string): boolean {
  return /^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$/.test(text)
}
