/** What others are told of Belfry's own health. */
import { afterEach, expect, it } from 'vitest'
import type { ComponentHealth } from '#shared/contract/console.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { type TestListener, testListener } from './listener.ts'

const startAt = 1_767_571_200_000
let served: TestListener
afterEach(() => served.close())

const component = (name: string, changes: Partial<ComponentHealth> = {}): ComponentHealth => ({
  name,
  status: 'healthy',
  critical: false,
  message: `${name} is well`,
  responseTimeMs: 1,
  threshold: null,
  hint: null,
  ...changes,
})

const storage = component('storage', { critical: true })
const slow = component('scheduler', { status: 'degraded', hint: 'fewer checks' })

async function servingHealth(status: 'healthy' | 'degraded' | 'unhealthy', components: ComponentHealth[]) {
  served = await testListener({
    'console.health': () => ({ status, at: startAt, components }),
    'metrics.query': () => [
      {
        stepMs: 30_000,
        tier: 'raw',
        times: [startAt],
        series: [
          { labels: { mode: 'idle' }, values: [3] },
          { labels: { mode: 'user' }, values: [1] },
        ],
      },
    ],
    'metrics.latest': ({ metric }) => latest[metric] ?? [],
  })
}

const sample = (value: number, labels = {}) => ({ labels, at: startAt, value })
const latest: Record<string, OutputOf<'metrics.latest'>> = {
  node_memory_MemTotal_bytes: [sample(1000)],
  node_memory_MemAvailable_bytes: [sample(250)],
  node_filesystem_size_bytes: [sample(100, { mountpoint: '/' }), sample(100, { mountpoint: '/data' })],
  node_filesystem_avail_bytes: [sample(90, { mountpoint: '/' }), sample(20, { mountpoint: '/data' })],
  node_load1: [sample(0.5)],
  node_load5: [sample(0.4)],
  node_load15: [sample(0.3)],
  node_boot_time_seconds: [sample(startAt / 1000 - 60)],
}

it('says states only to strangers, and 200 when all is well', async () => {
  await servingHealth('healthy', [storage])
  const reply = await served.ask('/health')
  expect(reply.status).toBe(200)
  expect(reply.json()).toEqual({
    status: 'healthy',
    timestamp: '2026-01-05T00:00:00.000Z',
    components: { storage: { status: 'healthy' } },
  })
})

it('answers 503 when not healthy, yet is ready while the critical components are well', async () => {
  await servingHealth('degraded', [storage, slow])
  expect((await served.ask('/health')).status).toBe(503)
  const ready = await served.ask('/health/ready')
  expect(ready.status).toBe(200)
  expect(ready.json()).toMatchObject({ status: 'healthy', components: { storage: { status: 'healthy' } } })
})

it('is not ready, but alive, when a critical component is not well', async () => {
  await servingHealth('unhealthy', [{ ...storage, status: 'unhealthy' }])
  expect((await served.ask('/health/ready')).status).toBe(503)
  expect((await served.ask('/health/live')).status).toBe(200)
})

it('says all in detail to who has a token', async () => {
  await servingHealth('degraded', [storage, slow])
  const reply = await served.askAsOperator('/health/detailed')
  expect(reply.status).toBe(503)
  expect(reply.json()).toEqual({
    status: 'degraded',
    timestamp: '2026-01-05T00:00:00.000Z',
    components: {
      storage: { status: 'healthy', response_time_ms: 1, message: 'storage is well', threshold: null, hint: null },
      scheduler: {
        status: 'degraded',
        response_time_ms: 1,
        message: 'scheduler is well',
        threshold: null,
        hint: 'fewer checks',
      },
    },
    performance: {
      cpu_usage_percent: 25,
      memory_usage_percent: 75,
      disk_usage_percent: 80,
      load_average: [0.5, 0.4, 0.3],
      uptime_seconds: 60,
    },
  })
})

it('tells of the machine, the process and the storage to who has a token', async () => {
  served = await testListener({
    'console.health': () => ({ status: 'healthy', at: startAt, components: [] }),
    'console.info': () => ({
      version: '1.2.3',
      host: 'headless',
      platform: 'linux',
      hostname: 'tower',
      startedAt: 0,
      now: startAt,
      dataDir: '/d',
      configFile: '/c/belfry.yaml',
      caller: { name: 'token', role: 'viewer' },
    }),
    'host.facts': () => ({
      hostname: 'tower',
      operatingSystem: 'Debian 12',
      kernel: '6.1',
      architecture: 'x64',
      cpuModel: 'a cpu',
      cpuCount: 8,
      memoryBytes: 1000,
      bootAt: null,
    }),
    'settings.storage': () => ({
      kinds: [{ kind: 'samples', title: 'Samples', bytes: 77 }],
      diskFreeBytes: 5,
      activeSeries: 3,
      samplesStored: 9,
      refusedSeries: 0,
      oldestSampleAt: null,
    }),
    'metrics.query': () => [],
    'metrics.latest': ({ metric }) =>
      ({
        process_resident_memory_bytes: [sample(123)],
        belfry_event_loop_delay_seconds: [sample(9, { quantile: '1' }), sample(0.002, { quantile: '0.99' })],
        belfry_backup_age_seconds: [sample(60)],
      })[metric] ?? [],
  })
  expect((await served.ask('/health/system')).status).toBe(401)
  const reply = await served.askAsOperator('/health/system')
  expect(reply.status).toBe(200)
  expect(reply.json()).toMatchObject({
    status: 'healthy',
    system: { operating_system: 'Debian 12', cpu_count: 8 },
    belfry: { version: '1.2.3', resident_bytes: 123, event_loop_delay_seconds: 0.002, backup_age_seconds: 60 },
    storage: { bytes: { samples: 77 }, free_bytes: 5, active_series: 3, samples_stored: 9 },
  })
  expect(reply.json()).toMatchObject({ belfry: { data_age_seconds: null } })
  expect(JSON.stringify(reply.json())).not.toContain('tower')
})
