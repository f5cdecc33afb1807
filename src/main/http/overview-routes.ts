/**
 * The state of everything in a few replies, for boards and other programs that draw a summary. What nobody has measured
 * is null or an empty list, never a zero.
 */
import { z } from 'zod'
import { AlertView } from '#shared/contract/alerts.ts'
import { Severity } from '#shared/contract/common.ts'
import { ComponentStatus, type ConsoleHealth } from '#shared/contract/console.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import { isoOf } from './instants.ts'
import { Performance, readPerformance } from './performance.ts'
import type { Route, RouteRequest } from './route.ts'

type Call = RouteRequest['call']

const Component = z.strictObject({
  name: z.string(),
  status: ComponentStatus,
  critical: z.boolean(),
  response_time_ms: z.number().nullable(),
  message: z.string(),
  threshold: z.string().nullable(),
  hint: z.string().nullable(),
})

const counts = z.record(z.string(), z.number().int())

const HealthChecks = z.strictObject({
  status: ComponentStatus,
  timestamp: z.iso.datetime(),
  /** How many components are in each state. */
  summary: counts,
  checks: z.array(Component),
})

const HealthDashboard = z.strictObject({
  status: ComponentStatus,
  timestamp: z.iso.datetime(),
  components: z.array(Component),
  /** How many are in each state; states that none is in are left out. */
  checks: counts,
  /** Active ones by severity. */
  alerts: counts,
  performance: Performance,
})

const OwnPerformance = z.strictObject({
  event_loop_delay_seconds: z.number().nullable(),
  store_commit_seconds: z.number().nullable(),
  scheduler_lateness_seconds: z.number().nullable(),
  data_age_seconds: z.number().nullable(),
  resident_memory_bytes: z.number().nullable(),
})

/** Nothing is recorded of these yet, which is not the same as none. */
const NotRecorded = z.array(z.never())

const DashboardMetrics = z.strictObject({
  timestamp: z.iso.datetime(),
  system: Performance,
  performance: OwnPerformance,
  jobs: NotRecorded,
  integrations: NotRecorded,
  errors: NotRecorded,
})

const DashboardAlerts = z.strictObject({
  timestamp: z.iso.datetime(),
  /** Worst first. */
  active: z.array(AlertView),
  /** Resolved ones, newest first. */
  recent: z.array(AlertView),
  last_24_hours: z.strictObject({
    fired: z.number().int(),
    resolved: z.number().int(),
    fired_by_severity: z.record(Severity, z.number().int()),
  }),
})

const recentAlerts = 50
const dayMs = 86_400_000
const pageSize = 1000
/** Of alerts of a day; more are a storm that nobody counts one by one. */
const mostPages = 20

export function overviewRoutes(now: () => number): Route[] {
  const widgets: Readonly<Record<string, { readonly answer: z.ZodType; read(call: Call): Promise<unknown> }>> = {
    health: { answer: HealthDashboard, read: (call) => healthDashboard(call, now()) },
    checks: { answer: HealthChecks, read: (call) => healthChecks(call) },
    metrics: { answer: DashboardMetrics, read: (call) => dashboardMetrics(call, now()) },
    alerts: { answer: DashboardAlerts, read: (call) => dashboardAlerts(call, now()) },
    system: { answer: Performance, read: (call) => readPerformance(call, now()) },
    performance: { answer: OwnPerformance, read: ownPerformance },
  }
  const route = (path: string, widget: string, summary: string): Route => ({
    method: 'GET',
    path: `/api/monitoring/${path}`,
    access: 'viewer',
    summary,
    ...(widgets[widget] ? { answer: widgets[widget].answer, isoInstants: true } : {}),
    handle: async ({ call }) => replyOf(widget, call),
  })

  async function replyOf(id: string, call: Call) {
    const widget = Object.hasOwn(widgets, id) ? widgets[id] : undefined
    if (!widget) {
      const known = Object.keys(widgets).join(', ')
      throw new AppError('not-found', `There is no widget "${id.slice(0, 60)}". Expected one of ${known}.`)
    }
    return { body: isoOf(widget.answer, await widget.read(call)) }
  }

  return [
    route('health/dashboard', 'health', 'Components, checks, alerts and the machine in one reply'),
    route('health/checks', 'checks', "Belfry's own components, each with its threshold and what to do"),
    route('dashboard/metrics', 'metrics', 'The machine and Belfry itself in figures'),
    route('dashboard/alerts', 'alerts', 'Active alerts, recent ones, and the last 24 hours in numbers'),
    {
      method: 'GET',
      path: '/api/monitoring/dashboard/widget/{id}',
      access: 'viewer',
      summary: 'One part of the overview: health, checks, metrics, alerts, system or performance',
      handle: async ({ call, params }) => replyOf(params['id'] ?? '', call),
    },
  ]
}

async function healthChecks(call: Call): Promise<z.output<typeof HealthChecks>> {
  const health = await call('console.health', {})
  return {
    status: health.status,
    timestamp: new Date(health.at).toISOString(),
    summary: countsOf(health.components, ({ status }) => status),
    checks: componentsOf(health),
  }
}

async function healthDashboard(call: Call, now: number): Promise<z.output<typeof HealthDashboard>> {
  const [health, checks, alerts, performance] = await Promise.all([
    call('console.health', {}),
    call('checks.list', {}),
    activeAlerts(call),
    readPerformance(call, now),
  ])
  return {
    status: health.status,
    timestamp: new Date(health.at).toISOString(),
    components: componentsOf(health),
    checks: countsOf(checks, ({ state }) => state),
    alerts: countsOf(alerts, ({ severity }) => severity),
    performance,
  }
}

function componentsOf({ components }: ConsoleHealth): z.output<typeof Component>[] {
  return components.map(({ name, status, critical, responseTimeMs, message, threshold, hint }) => ({
    ...{ name, status, critical, response_time_ms: responseTimeMs, message, threshold, hint },
  }))
}

async function dashboardMetrics(call: Call, now: number): Promise<z.output<typeof DashboardMetrics>> {
  const [system, performance] = await Promise.all([readPerformance(call, now), ownPerformance(call)])
  return {
    ...{ timestamp: new Date(now).toISOString(), system, performance },
    ...{ jobs: [], integrations: [], errors: [] },
  }
}

async function ownPerformance(call: Call): Promise<z.output<typeof OwnPerformance>> {
  /** Of a summary: in 99 of 100. */
  const newest = async (metric: string) => {
    const found = await call('metrics.latest', { metric, matchers: [ofOwnMachine] })
    const sample = found.find(({ labels }) => (labels['quantile'] ?? '0.99') === '0.99')
    return sample?.value ?? null
  }
  const [delay, commit, lateness, age, memory] = await Promise.all([
    newest('belfry_event_loop_delay_seconds'),
    newest('belfry_store_commit_seconds'),
    newest('belfry_scheduler_lateness_seconds'),
    newest('belfry_data_age_seconds'),
    newest('process_resident_memory_bytes'),
  ])
  return {
    event_loop_delay_seconds: delay,
    store_commit_seconds: commit,
    scheduler_lateness_seconds: lateness,
    data_age_seconds: age,
    resident_memory_bytes: memory,
  }
}

async function dashboardAlerts(call: Call, now: number): Promise<z.output<typeof DashboardAlerts>> {
  const since = now - dayMs
  const active = await activeAlerts(call)
  const resolved: AlertView[] = []
  let cursor: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const list: OutputOf<'alerts.list'> = await call('alerts.list', { states: ['resolved'], limit: pageSize, cursor })
    resolved.push(...list.alerts)
    cursor = list.next
    if (cursor === null || (list.alerts.at(-1)?.resolvedAt ?? 0) < since) break
  }
  const fired = [...active, ...resolved].filter(({ firedAt }) => firedAt !== null && firedAt >= since)
  return {
    timestamp: new Date(now).toISOString(),
    active,
    recent: resolved.slice(0, recentAlerts),
    last_24_hours: {
      fired: fired.length,
      resolved: resolved.filter(({ firedAt, resolvedAt }) => firedAt !== null && (resolvedAt ?? 0) >= since).length,
      fired_by_severity: { info: 0, warning: 0, error: 0, critical: 0, ...countsOf(fired, ({ severity }) => severity) },
    },
  }
}

async function activeAlerts(call: Call): Promise<AlertView[]> {
  const { alerts } = await call('alerts.list', { states: ['firing', 'recovering', 'pending'], limit: pageSize })
  return alerts
}

function countsOf<T>(items: readonly T[], kindOf: (item: T) => string): Record<string, number> {
  const counted = new Map<string, number>()
  for (const item of items) counted.set(kindOf(item), (counted.get(kindOf(item)) ?? 0) + 1)
  return Object.fromEntries(counted)
}
