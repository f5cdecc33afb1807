/**
 * What one evaluation of a rule saw, label set by label set: the pure step between an answer of the evaluator and the
 * state machine.
 */
import type { RuleAnswer } from '#main/rules/evaluate-rule.ts'
import type { Expander } from '#main/rules/expand.ts'
import type { Pace } from '#main/rules/pace.ts'
import type { Evaluated } from '#main/rules/round.ts'
import type { AlertingRule } from '#main/rules/rule.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { EvaluationHealth, Sight } from '#shared/domain/alert-machine.ts'
import type { Labels } from '#shared/domain/series.ts'
import { labelKey, showLabels, withoutName } from '#shared/promql/values.ts'

/** A rule that gives more alerts than this is broken off. */
const mostAlerts = 10_000

export interface Sights {
  readonly health: EvaluationHealth
  /** Why the rule is not well; null when it is. */
  readonly problem: string | null
  /** Where the condition holds, by fingerprint. */
  readonly active: ReadonlyMap<string, Extract<Sight, { type: 'true' }>>
  /** What is seen of a label set where the condition does not hold; `gone` needs to know more of the target. */
  absent(fingerprint: string): Promise<'false' | 'gone' | 'nodata' | 'error'>
}

/** What annotations may say of a label set beyond its labels, such as the name of the check it belongs to. */
export type FurtherLabels = (labels: Labels) => Labels

/**
 * The sights of one rule, which fails with more than `limit` alerts (0: no limit of its own). Does not reject: a result
 * that is no good is the rule's problem.
 */
export async function sightsOf(
  rule: AlertingRule,
  evaluated: Evaluated,
  furtherLabels: FurtherLabels,
  expander: Expander,
  pace: Pace,
  limit = 0,
): Promise<Sights> {
  const own = await labelsOf(rule, {}, Number.NaN, expander)
  if ('problem' in evaluated) return unwell(rule, own, 'error', evaluated.problem)
  const { answer } = evaluated
  if (answer.samples.length === 0 && !answer.foundData) {
    const problem = 'No series match the expression.'
    if (rule.noData !== 'ok') return unwell(rule, own, 'nodata', problem)
    return { health: 'nodata', problem, active: new Map(), absent: async () => 'false' }
  }
  try {
    const active = await activeOf(rule, answer, furtherLabels, expander, pace)
    if (limit > 0 && active.size > limit) {
      throw new AppError('too-large', `exceeded limit of ${limit} with ${active.size} alerts`)
    }
    let looking: Promise<ReadonlySet<string>> | null = null
    return {
      health: 'ok',
      problem: null,
      active,
      async absent(fingerprint) {
        looking ??= lookedAt(rule, answer, expander, pace)
        const looked = await looking
        // An alert that stood for missing data or an error looked at nothing: with an answer, it is over.
        return looked.has(fingerprint) || fingerprint === labelKey(own) ? 'false' : 'gone'
      },
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return unwell(rule, own, 'error', error.message)
  }
}

function unwell(rule: AlertingRule, labels: Labels, health: 'nodata' | 'error', problem: string): Sights {
  const alerts = health === 'nodata' ? rule.noData === 'alert' : rule.onError === 'alert'
  const what = health === 'nodata' ? 'has no data' : 'cannot be evaluated'
  const sight = {
    type: 'true' as const,
    value: null,
    labels,
    annotations: { summary: `${rule.name} ${what}`, description: problem },
  }
  return {
    health,
    problem,
    active: alerts ? new Map([[labelKey(labels), sight]]) : new Map(),
    absent: async () => health,
  }
}

async function activeOf(
  rule: AlertingRule,
  { samples }: RuleAnswer,
  furtherLabels: FurtherLabels,
  expander: Expander,
  pace: Pace,
) {
  if (samples.length > mostAlerts) {
    throw new AppError('too-large', `expected at most ${mostAlerts} alerts of one rule, got ${samples.length}`)
  }
  const active = new Map<string, Extract<Sight, { type: 'true' }>>()
  for (const sample of samples) {
    const labels = await labelsOf(rule, sample.labels, sample.value, expander)
    const fingerprint = labelKey(labels)
    if (active.has(fingerprint)) {
      throw new AppError('invalid', `two results have the same labels ${showLabels(labels)}`)
    }
    const told = { ...furtherLabels(withoutName(sample.labels)), ...sample.labels }
    const annotations = await expander.expand(rule.annotations, told, sample.value)
    const value = Number.isFinite(sample.value) ? sample.value : null
    active.set(fingerprint, { type: 'true', value, labels, annotations })
    if (pace.isDue()) await pace.turn()
  }
  return active
}

async function lookedAt(
  rule: AlertingRule,
  answer: RuleAnswer,
  expander: Expander,
  pace: Pace,
): Promise<ReadonlySet<string>> {
  const looked = new Set<string>()
  for (const { labels, value } of await answer.looked(pace)) {
    looked.add(labelKey(await labelsOf(rule, labels, value, expander)))
    if (pace.isDue()) await pace.turn()
  }
  return looked
}

async function labelsOf(rule: AlertingRule, series: Labels, value: number, expander: Expander): Promise<Labels> {
  const own = await expander.expand(rule.labels, series, value)
  const labels = { ...withoutName(series), ...own, alertname: rule.name }
  // A label without a value is no label.
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''))
}
