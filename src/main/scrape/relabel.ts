/**
 * Relabelling as Prometheus does it: rules that add, change and take away labels, and that drop what carries them.
 * Source: prometheus/model/relabel/relabel.go.
 */
import { createHash } from 'node:crypto'
import { RE2JS } from 're2js'

export const relabelActions = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const
export type RelabelAction = (typeof relabelActions)[number]

export interface RelabelRule {
  readonly action: RelabelAction
  readonly sourceLabels: readonly string[]
  readonly separator: string
  readonly regex: string
  readonly modulus: number
  readonly targetLabel: string
  readonly replacement: string
}

export const defaultRelabel: RelabelRule = {
  action: 'replace',
  sourceLabels: [],
  separator: ';',
  regex: '(.*)',
  modulus: 0,
  targetLabel: '',
  replacement: '$1',
}

/** A label that is not there is empty, and one that becomes empty is not there any more. */
export type MutableLabels = Map<string, string>

/** Changes the labels; false when they are dropped, and what is in them then means nothing. */
export type Relabel = (labels: MutableLabels) => boolean

/** Throws what RE2 says of an expression that is none. */
export function compileRelabel(rules: readonly RelabelRule[]): Relabel {
  const steps = rules.map(stepOf)
  return (labels) => steps.every((step) => step(labels))
}

/** Anchored at both ends; the dot takes line ends too. */
export function compileAnchored(regex: string): RE2JS {
  return RE2JS.compile(regex, RE2JS.DOTALL)
}

const set = (labels: MutableLabels, name: string, value: string) => {
  if (value === '') labels.delete(name)
  else labels.set(name, value)
}

function stepOf(rule: RelabelRule): Relabel {
  const pattern = compileAnchored(rule.regex)
  const sourceOf = (labels: MutableLabels) =>
    rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator)
  switch (rule.action) {
    case 'keep':
      return (labels) => pattern.matches(sourceOf(labels))
    case 'drop':
      return (labels) => !pattern.matches(sourceOf(labels))
    case 'keepequal':
      return (labels) => (labels.get(rule.targetLabel) ?? '') === sourceOf(labels)
    case 'dropequal':
      return (labels) => (labels.get(rule.targetLabel) ?? '') !== sourceOf(labels)
    case 'replace':
      return (labels) => {
        const matcher = pattern.matcher(sourceOf(labels))
        if (!matcher.matches()) return true
        const name = expanded(rule.targetLabel, matcher)
        if (name !== '') set(labels, name, expanded(rule.replacement, matcher))
        return true
      }
    case 'lowercase':
      return always((labels) => set(labels, rule.targetLabel, sourceOf(labels).toLowerCase()))
    case 'uppercase':
      return always((labels) => set(labels, rule.targetLabel, sourceOf(labels).toUpperCase()))
    case 'hashmod':
      return always((labels) => set(labels, rule.targetLabel, String(hashModulo(sourceOf(labels), rule.modulus))))
    case 'labelmap':
      return always((labels) => {
        for (const [name, value] of [...labels]) {
          const matcher = pattern.matcher(name)
          if (matcher.matches()) set(labels, expanded(rule.replacement, matcher), value)
        }
      })
    case 'labeldrop':
      return always((labels) => {
        for (const name of [...labels.keys()]) if (pattern.matches(name)) labels.delete(name)
      })
    case 'labelkeep':
      return always((labels) => {
        for (const name of [...labels.keys()]) if (!pattern.matches(name)) labels.delete(name)
      })
  }
}

function always(change: (labels: MutableLabels) => void): Relabel {
  return (labels) => {
    change(labels)
    return true
  }
}

/** Of the MD5's last eight bytes, as Prometheus has it. */
function hashModulo(text: string, modulus: number): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(8) % BigInt(modulus)
}

type Matcher = ReturnType<RE2JS['matcher']>

/** `$1`, `${1}`, `$name`, `${name}` and `$$`, as Go's regexp.Expand reads them; what is no reference stays as it is. */
function expanded(template: string, matcher: Matcher): string {
  if (!template.includes('$')) return template
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare
    return name === undefined ? '$' : (groupOf(matcher, name) ?? '')
  })
}

/** Null for a group that the expression does not have, or that took no part. */
function groupOf(matcher: Matcher, name: string): string | null {
  if (/^\d+$/.test(name)) {
    const index = Number(name)
    return index <= matcher.groupCount() ? matcher.group(index) : null
  }
  return Object.hasOwn(matcher.namedGroups, name) ? matcher.group(name) : null
}
