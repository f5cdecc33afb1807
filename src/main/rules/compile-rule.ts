/**
 * What a rule says besides its expression: templates, and Belfry's own options, which are annotations that begin with
 * `belfry_`. Rules from files and from screens go through here alike.
 */
import { RuleDraft } from '#shared/contract/alerts.ts'
import { compileTemplate, type Template } from '#shared/domain/template/template.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import { type AlertingRule, defaultCooldownMs } from './rule.ts'

type CompiledPart = Pick<
  AlertingRule,
  'parsed' | 'labels' | 'annotations' | 'noData' | 'onError' | 'cooldownMs' | 'supersededBy'
>

interface DraftProblem {
  readonly field: 'labels' | 'annotations'
  readonly label: string | null
  readonly message: string
}

/** Compiles what a draft says besides its expression; also used for rules that come from a screen. */
export function compileRule(
  draft: RuleDraft,
  parsed: Parsed,
): { ok: true; rule: CompiledPart } | { ok: false; problems: DraftProblem[] } {
  const problems: DraftProblem[] = []
  const option = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => {
    const given = draft.annotations[name]
    if (given === undefined) return otherwise
    const found = allowed.find((one) => one === given.trim())
    if (found !== undefined) return found
    const message = `expected ${name} to be ${allowed.join(', ')}, got "${given}"`
    problems.push({ field: 'annotations', label: name, message })
    return otherwise
  }
  const compiled = (field: 'labels' | 'annotations', texts: Readonly<Record<string, string>>) => {
    const templates: [string, Template][] = []
    for (const [label, text] of Object.entries(texts)) {
      const template = nameProblem(field, label) ?? compileTemplate(text)
      if (template.ok) templates.push([label, template.render])
      else problems.push({ field, label, message: `${field}.${label}: ${template.problem}` })
    }
    return Object.fromEntries(templates)
  }
  const noData = option('belfry_no_data', ['keep', 'alert', 'ok'] as const, 'keep')
  const onError = option('belfry_on_error', ['keep', 'alert'] as const, 'keep')
  const cooldownText = draft.annotations['belfry_cooldown']
  const cooldownMs = cooldownText === undefined ? defaultCooldownMs : parseDurationMs(cooldownText.trim())
  if (cooldownMs === null) {
    const message = `expected belfry_cooldown to be a duration such as 15m, got "${cooldownText}"`
    problems.push({ field: 'annotations', label: 'belfry_cooldown', message })
  }
  const supersededBy = namesIn(draft.annotations['belfry_superseded_by'])
  for (const name of supersededBy.filter((one) => !RuleName.safeParse(one).success || one === draft.alert)) {
    const message = `expected belfry_superseded_by to name other rules such as DiskFull, got "${name}"`
    problems.push({ field: 'annotations', label: 'belfry_superseded_by', message })
  }
  const shownAnnotations = Object.fromEntries(
    Object.entries(draft.annotations).filter(([name]) => !options.includes(name)),
  )
  for (const name of Object.keys(shownAnnotations).filter((one) => one.startsWith('belfry_'))) {
    problems.push({ field: 'annotations', label: name, message: `expected ${options.join(', ')}, got ${name}` })
  }
  const [labels, annotations] = [compiled('labels', draft.labels), compiled('annotations', shownAnnotations)]
  if (problems.length > 0 || cooldownMs === null) return { ok: false, problems }
  return { ok: true, rule: { parsed, labels, annotations, noData, onError, cooldownMs, supersededBy } }
}

const options: readonly string[] = ['belfry_no_data', 'belfry_on_error', 'belfry_cooldown', 'belfry_superseded_by']

const RuleName = RuleDraft.shape.alert

/** One name, or several between commas. */
function namesIn(list: string | undefined): readonly string[] {
  return list === undefined ? [] : list.split(',').map((name) => name.trim())
}

function nameProblem(field: 'labels' | 'annotations', name: string): { ok: false; problem: string } | null {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return { ok: false, problem: 'expected a name of letters, digits and _' }
  if (field === 'labels' && (name === 'alertname' || name === '__name__')) {
    return { ok: false, problem: 'is set by Belfry and may not be given' }
  }
  return null
}
