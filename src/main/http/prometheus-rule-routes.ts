/**
 * Rules and alerts as Prometheus tells them: Grafana's alert lists and promtool's friends read them there. Source:
 * https://prometheus.io/docs/prometheus/latest/querying/api/#rules
 */
import { z } from 'zod'
import type { AlertView, RuleGroupView } from '#shared/contract/alerts.ts'
import { prometheusSuccess } from './prometheus-envelope.ts'
import { parseQuery, type Route, type RouteRequest } from './route.ts'

const several = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .default([])

const RuleQuery = z.strictObject({
  type: z.enum(['alert', 'record']).optional(),
  'rule_name[]': several,
  'rule_group[]': several,
  'file[]': several,
  exclude_alerts: z.enum(['true', 'false']).optional(),
})

export function prometheusRuleRoutes(): Route[] {
  const route = (path: string, summary: string, query: z.ZodObject, answer: Route['handle']): Route => ({
    ...{ method: 'GET', path, access: 'viewer', dialect: 'prometheus', summary, query },
    handle: answer,
  })
  return [
    route('/api/v1/rules', 'Rules and their alerts, as Prometheus tells them', RuleQuery, rulesReply),
    route('/api/v1/alerts', 'Active alerts, as Prometheus tells them', z.strictObject({}), alertsReply),
  ]
}

async function rulesReply({ query, call }: RouteRequest) {
  const asked = parseQuery(RuleQuery, query)
  const groups = await call('rules.groups', { alerts: asked.exclude_alerts !== 'true' })
  const names = asked['rule_name[]']
  const wanted = groups
    .filter(({ name }) => isAmong(name, asked['rule_group[]']))
    .filter(({ file }) => isAmong(file, asked['file[]']))
    .map((group) => ({
      ...group,
      rules: group.rules.filter(
        (rule) =>
          (asked.type === undefined || asked.type === rule.type) &&
          isAmong(rule.type === 'record' ? rule.record : rule.rule.alert, names),
      ),
    }))
  const isNarrowed = asked.type !== undefined || names.length > 0
  return prometheusSuccess({ groups: wanted.filter(({ rules }) => !isNarrowed || rules.length > 0).map(groupOf) })
}

async function alertsReply({ call }: RouteRequest) {
  const groups = await call('rules.groups', { alerts: true })
  const alerts = groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.type === 'alert' ? rule.alerts : [])))
  return prometheusSuccess({ alerts: alerts.map(alertOf) })
}

const isAmong = (name: string, names: readonly string[]) => names.length === 0 || names.includes(name)

function groupOf(group: RuleGroupView) {
  return {
    name: group.name,
    file: group.file,
    rules: group.rules.map(ruleOf),
    interval: group.everyMs / 1000,
    limit: group.limit,
    ...evaluationOf(group),
  }
}

function ruleOf(rule: RuleGroupView['rules'][number]) {
  const { health, problem } = rule
  const common = {
    health: health === 'error' ? 'err' : health === 'waiting' ? 'unknown' : 'ok',
    ...(health === 'error' && problem !== null ? { lastError: problem } : {}),
    ...evaluationOf(rule),
  }
  if (rule.type === 'record') {
    return { name: rule.record, query: rule.expr, labels: rule.labels, ...common, type: 'recording' }
  }
  const { alert, expr, forMs, keepFiringForMs, labels, annotations } = rule.rule
  return {
    state: rule.firing > 0 ? 'firing' : rule.pending > 0 ? 'pending' : 'inactive',
    name: alert,
    query: expr,
    duration: forMs / 1000,
    keepFiringFor: keepFiringForMs / 1000,
    ...{ labels, annotations, alerts: rule.alerts.map(alertOf) },
    ...common,
    type: 'alerting',
  }
}

/** Go's zero time stands for never. */
const never = '0001-01-01T00:00:00Z'

function evaluationOf(of: { lastEvaluatedAt: number | null; lastDurationMs: number | null }) {
  return {
    evaluationTime: (of.lastDurationMs ?? 0) / 1000,
    lastEvaluation: of.lastEvaluatedAt === null ? never : new Date(of.lastEvaluatedAt).toISOString(),
  }
}

function alertOf({ labels, annotations, state, activeAt, value }: AlertView) {
  return {
    labels,
    annotations,
    // What recovers keeps firing for a while.
    state: state === 'pending' ? 'pending' : 'firing',
    activeAt: new Date(activeAt).toISOString(),
    value: value === null ? 'NaN' : value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2'),
  }
}
