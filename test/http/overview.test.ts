/** The overview in a few replies: what boards and other programs draw. */
import { afterEach, expect, it } from 'vitest'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { type TestListener, testListener } from './listener.ts'

const now = 1_767_571_200_000
const hour = 3_600_000

let served: TestListener
afterEach(() => served.close())

const alert = (id: string, changes: Partial<AlertView>): AlertView => ({
  ...{
    id,
    rule: 'DiskFull',
    severity: 'critical',
    labels: {},
    annotations: {},
    state: 'firing',
    health: 'ok',
    value: 1,
  },
  ...{ activeAt: now - hour, firedAt: now - hour, resolvedAt: null, resolution: null, acknowledgement: null },
  ...{ snoozedUntil: null, checkId: null },
  ...changes,
})
const resolved = (i: number, hoursAgo: number) =>
  alert(`r${i}`, {
    ...{ state: 'resolved', severity: 'warning', resolution: 'cleared' },
    ...{ firedAt: now - hoursAgo * hour, resolvedAt: now - (hoursAgo - 1) * hour },
  })
const past = [...Array.from({ length: 60 }, (_, i) => resolved(i, 3)), resolved(60, 30)]

async function serve(latest: Record<string, OutputOf<'metrics.latest'>> = {}) {
  const component = {
    ...{ name: 'scheduler', status: 'degraded' as const, critical: true, message: 'late', responseTimeMs: 2.5 },
    ...{ threshold: '1 s', hint: 'fewer checks' },
  }
  served = await testListener({
    'console.health': () => ({ status: 'degraded', at: now, components: [component] }),
    'checks.list': () => [],
    'alerts.list': ({ states }) => ({
      alerts: states.includes('resolved') ? past : [alert('a', {}), alert('p', { state: 'pending', firedAt: null })],
      next: null,
    }),
    'metrics.query': () => [],
    'metrics.latest': ({ metric }) => latest[metric] ?? [],
  })
}
const get = async (path: string) => {
  const { status, text } = await served.ask(`/api/monitoring/${path}`, {
    headers: { authorization: `Bearer ${served.tokens.viewer}` },
  })
  return [status, JSON.parse(text)]
}

it('tells components with their time, threshold and hint, and active alerts by severity', async () => {
  await serve()
  const component = {
    ...{ name: 'scheduler', status: 'degraded', critical: true, message: 'late' },
    ...{ response_time_ms: 2.5, threshold: '1 s', hint: 'fewer checks' },
  }
  expect(await get('health/checks')).toEqual([
    200,
    { status: 'degraded', timestamp: '2026-01-05T00:00:00.000Z', summary: { degraded: 1 }, checks: [component] },
  ])
  expect(await get('health/dashboard')).toMatchObject([
    200,
    { status: 'degraded', components: [component], checks: {}, alerts: { critical: 2 } },
  ])
})

it('has null for what nobody measured and empty lists for what is not recorded', async () => {
  await serve({
    belfry_event_loop_delay_seconds: [
      { labels: { quantile: '1' }, at: now, value: 0.05 },
      { labels: { quantile: '0.99' }, at: now, value: 0.002 },
    ],
  })
  const [, metrics] = await get('dashboard/metrics')
  expect(metrics).toMatchObject({
    system: { cpu_usage_percent: null, load_average: null },
    performance: { event_loop_delay_seconds: 0.002, store_commit_seconds: null },
    ...{ jobs: [], integrations: [], errors: [] },
  })
})

it('tells active alerts, the fifty newest that are over, and a day in numbers', async () => {
  await serve()
  const [, alerts] = await get('dashboard/alerts')
  expect(alerts.active.map(({ id }: AlertView) => id)).toEqual(['a', 'p'])
  expect(alerts.active[0].firedAt).toBe('2026-01-04T23:00:00.000Z')
  expect(alerts.recent).toHaveLength(50)
  expect(alerts.last_24_hours).toEqual({
    ...{ fired: 61, resolved: 60 },
    fired_by_severity: { info: 0, warning: 60, error: 0, critical: 1 },
  })
})

it('gives each part by itself, and says which there are', async () => {
  await serve()
  expect((await get('dashboard/widget/performance'))[1]).toMatchObject({ data_age_seconds: null })
  expect(await get('dashboard/widget/nothing')).toEqual([
    404,
    { error: { code: 'not-found', message: expect.stringContaining('health, checks, metrics, alerts') } },
  ])
})
