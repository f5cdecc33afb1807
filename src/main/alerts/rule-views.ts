/** Rules as screens and programs see them: what is written, and how their evaluation goes. */
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from '#main/rules/rule.ts'
import type { RecordingRuleView, RuleGroupView, RuleView } from '#shared/contract/alerts.ts'
import type { Engine } from './engine.ts'
import { type AlertRecord, viewOf as alertViewOf } from './record.ts'

/** At one instant: what is active is looked up once. */
export function ruleViews(options: {
  readonly engine: Pick<Engine, 'active' | 'statusOf' | 'groupStatusOf'>
  readonly isEnabled: (name: string) => boolean
  /** By group id. */
  readonly skipped: ReadonlyMap<string, number>
  readonly now: number
}) {
  const { engine, isEnabled, skipped, now } = options
  const active = new Map<string, AlertRecord[]>()
  for (const record of engine.active()) {
    const records = active.get(record.ruleId)
    if (records) records.push(record)
    else active.set(record.ruleId, [record])
  }

  function statusOf(rule: Rule, enabled: boolean) {
    const status = engine.statusOf(rule.id)
    return {
      health: enabled ? (status?.health ?? ('waiting' as const)) : ('waiting' as const),
      problem: enabled ? (status?.problem ?? null) : null,
      lastEvaluatedAt: status?.evaluatedAt ?? null,
      lastDurationMs: status?.durationMs ?? null,
    }
  }

  function viewOf(group: RuleGroup, rule: AlertingRule): RuleView {
    const enabled = isEnabled(rule.name)
    const records = active.get(rule.id) ?? []
    const pending = records.filter(isPending).length
    const { origin, file, everyMs } = group
    return {
      ...{ id: rule.id, origin, file, group: group.name, everyMs, enabled, rule: rule.draft },
      ...statusOf(rule, enabled),
      ...{ firing: records.length - pending, pending },
    }
  }

  function recordingOf(rule: RecordingRule): RecordingRuleView {
    const { id, name, parsed, labels } = rule
    return { type: 'record', id, record: name, expr: parsed.text, labels: { ...labels }, ...statusOf(rule, true) }
  }

  return {
    viewOf,
    groupOf(group: RuleGroup, withAlerts: boolean): RuleGroupView {
      const { id, name, file, origin, everyMs, limit, queryOffsetMs } = group
      const status = engine.groupStatusOf(id)
      const alertsOf = (ruleId: string) =>
        withAlerts ? (active.get(ruleId) ?? []).map((record) => alertViewOf(record, now)) : []
      return {
        ...{ id, name, file, origin, everyMs, limit, queryOffsetMs },
        lastEvaluatedAt: status?.evaluatedAt ?? null,
        lastDurationMs: status?.durationMs ?? null,
        skipped: skipped.get(id) ?? 0,
        rules: group.rules.map((rule) =>
          rule.type === 'record'
            ? recordingOf(rule)
            : { type: 'alert' as const, ...viewOf(group, rule), alerts: alertsOf(rule.id) },
        ),
      }
    },
  }
}

const isPending = ({ episode }: AlertRecord) => episode.state === 'pending'
