/**
 * One Prometheus rule file becomes groups of rules. A rule that is wrong is named with its line and left out; the others
 * are used. Belfry's own options are annotations that begin with `belfry_`.
 */
import type { Node } from 'yaml'
import { RuleDraft } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import { compileRule } from './compile-rule.ts'
import { type Field, fieldsOf, itemsOf, readYaml, textIn, type YamlFile } from './read-yaml.ts'
import type { AlertingRule, RecordingRule, Rule, RuleGroup, RuleProblem } from './rule.ts'

/** Groups that do not say how often they are evaluated. */
const defaultEveryMs = 15_000
const shortestEveryMs = 1000

export interface LoadedRules {
  readonly groups: readonly RuleGroup[]
  readonly problems: readonly RuleProblem[]
}

/** `file` is the name by which its rules are known and its problems told; `everyMs` is for groups that do not say. */
export function loadRules(
  file: string,
  text: string,
  origin: RuleGroup['origin'],
  everyMs: number = defaultEveryMs,
): LoadedRules {
  const yaml = readYaml(file, text)
  const groups: RuleGroup[] = []
  const root = yaml.root ? fieldsOf(yaml.root, 'the file', yaml) : null
  if (root) {
    complainOfUnknown(root, ['groups'], 'a rule file', yaml)
    const list = root.get('groups')
    for (const node of list ? itemsOf(list.value, 'groups', yaml) : []) {
      const group = groupOf(node, origin, everyMs, yaml)
      if (!group) continue
      if (groups.some(({ name }) => name === group.name)) {
        yaml.complain(node, `expected group names to differ, got "${group.name}" twice; the second is left out`)
      } else groups.push(group)
    }
  }
  return { groups, problems: yaml.problems }
}

function complainOfUnknown(fields: Map<string, Field>, known: readonly string[], what: string, yaml: YamlFile): void {
  for (const { name, key } of fields.values()) {
    if (known.includes(name)) continue
    const hint = name === 'belfry' ? '; write annotations such as belfry_cooldown, which Prometheus accepts' : ''
    yaml.complain(key, `expected ${known.join(', ')} in ${what}, got "${name}"${hint}`)
  }
}

function groupOf(node: Node, origin: RuleGroup['origin'], otherwiseMs: number, yaml: YamlFile): RuleGroup | null {
  const fields = fieldsOf(node, 'a group', yaml)
  if (!fields) return null
  complainOfUnknown(fields, ['name', 'interval', 'rules', 'limit', 'query_offset', 'labels'], 'a group', yaml)
  const name = fields.has('name') ? textIn(fields.get('name')?.value ?? null, 'the name of a group', yaml) : null
  if (name === null || name === '') {
    yaml.complain(node, 'expected a group to have a name; it is left out')
    return null
  }
  const everyMs = durationIn(fields.get('interval'), otherwiseMs, yaml)
  const queryOffsetMs = durationIn(fields.get('query_offset'), 0, yaml)
  const limit = countIn(fields.get('limit'), yaml)
  const groupLabels = labelsIn(fields.get('labels'), yaml)
  const id = `${yaml.file};${name}`
  const rules: Rule[] = []
  const list = fields.get('rules')
  for (const item of list ? itemsOf(list.value, 'rules', yaml) : []) {
    const rule = ruleOf(item, { id, labels: groupLabels }, yaml)
    if (rule) rules.push(withOwnId(rule, rules))
  }
  const atLeastMs = Math.max(shortestEveryMs, everyMs)
  return { id, name, file: yaml.file, origin, everyMs: atLeastMs, limit, queryOffsetMs, rules }
}

/** What rules take from their group. */
interface Inherited {
  readonly id: string
  /** A rule's own label of a name wins. */
  readonly labels: Readonly<Record<string, string>>
}

function countIn(field: Field | undefined, yaml: YamlFile): number {
  if (!field) return 0
  const text = textIn(field.value, field.name, yaml)
  if (text !== null && /^\d{1,9}$/.test(text)) return Number(text)
  if (text !== null)
    yaml.complain(field.value, `expected ${field.name} to be a whole number such as 100, got "${text}"`)
  return 0
}

/** Rules of one name in one group are told apart by their order. */
function withOwnId<R extends Rule>(rule: R, before: readonly Rule[]): R {
  const alike = before.filter(({ type, name }) => type === rule.type && name === rule.name).length
  return alike === 0 ? rule : { ...rule, id: `${rule.id};${alike + 1}` }
}

function durationIn(field: Field | undefined, otherwise: number, yaml: YamlFile): number {
  if (!field) return otherwise
  const text = textIn(field.value, field.name, yaml)
  const durationMs = text === null ? null : parseDurationMs(text.trim())
  if (durationMs !== null) return durationMs
  if (text !== null) yaml.complain(field.value, `expected ${field.name} to be a duration such as 5m, got "${text}"`)
  return otherwise
}

function ruleOf(node: Node, group: Inherited, yaml: YamlFile): Rule | null {
  const before = yaml.problems.length
  const fields = fieldsOf(node, 'a rule', yaml)
  if (!fields) return null
  if (fields.has('alert') === fields.has('record')) {
    yaml.complain(node, 'expected a rule to have either "alert" or "record"')
    return null
  }
  const rule = fields.has('alert') ? alertOf(fields, node, group, yaml) : recordOf(fields, node, group, yaml)
  return yaml.problems.length > before ? null : rule
}

function exprIn(fields: Map<string, Field>, node: Node, yaml: YamlFile): Parsed | null {
  const field = fields.get('expr')
  if (!field) {
    yaml.complain(node, 'expected a rule to have an "expr"')
    return null
  }
  const text = textIn(field.value, 'expr', yaml)
  if (text === null) return null
  try {
    return parsePromql(text.trim())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    yaml.complain(field.value, `no valid expression, ${error.message}`)
    return null
  }
}

function alertOf(fields: Map<string, Field>, node: Node, group: Inherited, yaml: YamlFile): AlertingRule | null {
  complainOfUnknown(fields, ['alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'], 'an alert', yaml)
  const name = textIn(fields.get('alert')?.value ?? null, 'alert', yaml)
  const parsed = exprIn(fields, node, yaml)
  const draft = RuleDraft.safeParse({
    alert: name ?? '',
    expr: parsed?.text ?? '',
    forMs: durationIn(fields.get('for'), 0, yaml),
    keepFiringForMs: durationIn(fields.get('keep_firing_for'), 0, yaml),
    labels: { ...group.labels, ...textsIn(fields.get('labels'), yaml) },
    annotations: textsIn(fields.get('annotations'), yaml),
  })
  if (name === null || !parsed) return null
  if (!draft.success) {
    const issue = draft.error.issues[0]
    yaml.complain(fields.get(String(issue?.path[0]))?.value ?? node, `${issue?.path.join('.')}: ${issue?.message}`)
    return null
  }
  const compiled = compileRule(draft.data, parsed)
  if (compiled.ok) return { type: 'alert', id: `${group.id};${name}`, name, draft: draft.data, ...compiled.rule }
  for (const { field, label, message } of compiled.problems) {
    const texts = fields.get(field)?.value ?? null
    yaml.complain(label === null ? texts : (lineOf(texts, label, yaml) ?? texts), message)
  }
  return null
}

const lineOf = (node: Node | null, name: string, yaml: YamlFile) =>
  fieldsOf(node, 'labels and annotations', yaml)?.get(name)?.key

function textsIn(field: Field | undefined, yaml: YamlFile): Record<string, string> {
  if (!field) return {}
  const texts: [string, string][] = []
  for (const { name, value } of fieldsOf(field.value, field.name, yaml)?.values() ?? []) {
    const text = textIn(value, `${field.name}.${name}`, yaml)
    if (text !== null) texts.push([name, text])
  }
  return Object.fromEntries(texts)
}

function recordOf(fields: Map<string, Field>, node: Node, group: Inherited, yaml: YamlFile): RecordingRule | null {
  complainOfUnknown(fields, ['record', 'expr', 'labels'], 'a recording rule', yaml)
  const name = textIn(fields.get('record')?.value ?? null, 'record', yaml)
  const parsed = exprIn(fields, node, yaml)
  const labels = { ...group.labels, ...labelsIn(fields.get('labels'), yaml) }
  if (name === null || !parsed) return null
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    yaml.complain(fields.get('record')?.value, `expected a metric name such as job:errors:rate5m, got "${name}"`)
    return null
  }
  return { type: 'record', id: `${group.id};${name}`, name, parsed, labels }
}

/** Labels that are no templates. */
function labelsIn(field: Field | undefined, yaml: YamlFile): Record<string, string> {
  const texts = textsIn(field, yaml)
  for (const name of Object.keys(texts)) {
    if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && name !== '__name__') continue
    yaml.complain(field?.key, `labels.${name}: expected a name of letters, digits and _ other than __name__`)
  }
  return texts
}
