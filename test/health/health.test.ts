import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { consoleHandlers } from '#main/api/console.ts'
import { announceConfig } from '#main/config/announce-config.ts'
import type { ConfigProblem } from '#main/config/config-file.ts'
import { createEvents } from '#main/events.ts'
import {
  collectionComponent,
  configurationComponent,
  diskSpaceComponent,
  eventLoopComponent,
  logComponent,
  notificationsComponent,
  samplesComponent,
  schedulerComponent,
  stateComponent,
} from '#main/health/components.ts'
import { createHealth, type Finding, type HealthComponent } from '#main/health/health.ts'
import { createNotices } from '#main/notices.ts'
import type { CollectorView } from '#shared/contract/host.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { fakePorts } from '#test/support/ports.ts'

function component(name: string, probe: HealthComponent['probe'], critical = false): HealthComponent {
  return { name, critical, threshold: null, probe }
}

function watching(components: readonly HealthComponent[]) {
  const ports = fakePorts()
  const events = createEvents()
  const announced: string[] = []
  events.subscribe((name, payload) => {
    if (name === 'console.healthChanged') announced.push(JSON.stringify((payload as { status: string }).status))
  })
  return { ports, events, announced, health: createHealth({ ...ports, events, components }) }
}

describe('createHealth', () => {
  it('reports the worst, each component with its hint only while it is ill', async () => {
    const { health } = watching([
      component('a', () => ({ status: 'healthy', message: 'fine', hint: 'not shown' })),
      component('b', async () => ({ status: 'degraded', message: 'slow', hint: 'wait' }), true),
    ])
    expect(await health.check()).toMatchObject({
      status: 'degraded',
      components: [
        { name: 'a', status: 'healthy', critical: false, hint: null },
        { name: 'b', status: 'degraded', critical: true, message: 'slow', hint: 'wait', responseTimeMs: 0 },
      ],
    })
  })

  it('calls a component unhealthy that throws or never answers, and waits no longer than the deadline', async () => {
    let aborted = false
    const { ports, health } = watching([
      component('throws', () => {
        throw new Error('no database')
      }),
      component('hangs', (signal) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        return new Promise<Finding>(() => {})
      }),
    ])
    const checking = health.check()
    await ports.time.advance(2000)
    const { status, components } = await checking
    expect(status).toBe('unhealthy')
    expect(components.map(({ message }) => message)).toEqual(['no database', 'It did not answer within 2 s.'])
    expect(aborted).toBe(true)
    expect(ports.time.pending()).toBe(0)
  })

  it('announces a change once, and nothing while all stays as it is', async () => {
    let status: Finding['status'] = 'healthy'
    const { ports, announced, health } = watching([component('a', () => ({ status, message: status }))])
    const stop = health.watch()
    await ports.time.advance(60_000)
    status = 'unhealthy'
    await ports.time.advance(60_000)
    status = 'healthy'
    await ports.time.advance(15_000)
    stop()
    status = 'unhealthy'
    await ports.time.advance(60_000)
    expect(announced).toEqual(['"healthy"', '"unhealthy"', '"healthy"'])
    expect(ports.logger.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  })

  it('probes once for many who ask at the same time, and repeats a fresh answer', async () => {
    let probes = 0
    const { ports, health } = watching([component('a', () => ({ status: 'healthy', message: `${++probes}` }))])
    await Promise.all([health.check(), health.check(), health.check()])
    await health.check()
    expect(probes).toBe(1)
    await ports.time.advance(1000)
    await health.check()
    expect(probes).toBe(2)
  })
})

const signal = new AbortController().signal
const statusOf = async (probed: HealthComponent) => (await probed.probe(signal)).status

describe('components', () => {
  const ports = fakePorts()
  const view = (overrides: Partial<CollectorView>): CollectorView => ({
    kind: 'cpu',
    title: 'Processor',
    tier: 'fast',
    everyMs: 5000,
    lastAt: ports.clock.now(),
    lastDurationMs: 1,
    samples: 5,
    problem: null,
    ...overrides,
  })
  const collection = (...views: CollectorView[]) => collectionComponent({ collectors: () => views }, ports.clock)

  it.each([
    ['well', view({}), 'healthy'],
    ['missing one sensor', view({ problem: 'temp1: EIO' }), 'healthy'],
    ['dark', view({ samples: 0, problem: 'EACCES' }), 'degraded'],
    ['late', view({ lastAt: ports.clock.now() - 15_001 }), 'unhealthy'],
    ['never run', view({ lastAt: null }), 'unhealthy'],
  ])('judges a collector that is %s', async (_, one, status) => {
    expect(await statusOf(collection(view({}), one))).toBe(status)
  })

  it.each([
    [null, 'healthy'],
    [1000, 'healthy'],
    [1001, 'degraded'],
    [10_001, 'unhealthy'],
  ])('judges a scheduler that is %s ms late', async (p99Ms, status) => {
    expect(await statusOf(schedulerComponent(() => (p99Ms === null ? null : { p99Ms })))).toBe(status)
  })

  it.each([
    [null, 'healthy'],
    [50, 'healthy'],
    [51, 'degraded'],
    [501, 'unhealthy'],
  ])('judges a main loop that is %s ms late', async (p99Ms, status) => {
    const loopDelay = () => (p99Ms === null ? null : { p99Ms, maxMs: 600 })
    expect(await statusOf(eventLoopComponent({ loopDelay }))).toBe(status)
  })

  it('judges refused series, a failing store and a log that waits', async () => {
    const usage = (refusedSeries: number) => ({ usage: async () => ({ activeSeries: 1, refusedSeries }) as never })
    expect(await statusOf(samplesComponent(usage(0)))).toBe('healthy')
    expect(await statusOf(samplesComponent(usage(3)))).toBe('degraded')
    expect(await statusOf(stateComponent({ commit: async () => {} }))).toBe('healthy')
    const broken = stateComponent({ commit: () => Promise.reject(new Error('disk full')) })
    await expect(broken.probe(signal)).rejects.toThrow('disk full')
    expect(await statusOf(logComponent({ path: 'x', trouble: () => 'ENOSPC' }))).toBe('degraded')
  })

  it('names the first problem of the configuration with its place', async () => {
    const problems = [{ file: '/c/belfry.yaml', line: 3, path: 'log', message: 'expected x.' }]
    expect(configurationComponent({ path: '/c/belfry.yaml', problems: () => problems }).probe(signal)).toMatchObject({
      status: 'degraded',
      message: '1 problem, first: /c/belfry.yaml:3: expected x.',
    })
  })

  it('minds a missing desktop only where it was asked for', async () => {
    const config = memoryConfig()
    ports.desktop.failWith = 'no notify-send'
    const notifications = notificationsComponent(ports.desktop, config, ports.clock)
    expect(await notifications.probe(signal)).toMatchObject({
      status: 'healthy',
      message: expect.stringContaining('There is no desktop'),
    })
    await config.saveSettings({ notifications: { desktop: true } })
    expect(await statusOf(notifications)).toBe('degraded')
    await config.saveSettings({ notifications: { desktop: false } })
    expect(await statusOf(notifications)).toBe('healthy')
  })

  it('reads the free space of a real directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'belfry-space-'))
    const finding = await diskSpaceComponent(directory).probe(signal)
    expect(finding.message).toMatch(/^\d+\.\d GiB are free/)
    await rm(directory, { recursive: true })
    await expect(diskSpaceComponent(directory).probe(signal)).rejects.toThrow('ENOENT')
  })
})

describe('announceConfig', () => {
  it('raises one notice for the problems of the file, and withdraws it when they are mended', async () => {
    const ports = fakePorts()
    const events = createEvents()
    const notices = createNotices(ports.clock, ports.logger, events)
    let problems: ConfigProblem[] = [{ file: 'belfry.yaml', line: 4, path: 'checks[0].kind', message: 'no such kind.' }]
    const whole = { isLastGoodKept: () => false, nameOf: (file: string) => file, path: 'belfry.yaml' }
    const config = { ...memoryConfig(), ...whole, problems: () => problems }
    const themes: string[] = []
    events.subscribe((name, payload) => {
      if (name === 'settings.changed') themes.push(JSON.stringify(payload).includes('"dark"') ? 'dark' : 'other')
    })
    const stop = announceConfig(config, events, notices)
    expect(notices.list()).toMatchObject([
      { level: 'warning', message: 'line 4, checks[0].kind: no such kind.', source: { file: 'belfry.yaml', line: 4 } },
    ])
    problems = []
    await config.saveSettings({ appearance: { theme: 'dark' } })
    await config.setRuleEnabled('X', false)
    expect(notices.list()).toEqual([])
    expect(themes).toEqual(['dark'])
    stop()
  })
})

describe('consoleHandlers', () => {
  it('says who is asking, and no more of the caller', async () => {
    const { ports, events, health } = watching([])
    const notices = createNotices(ports.clock, ports.logger, events)
    const identity = {
      version: '1.2.3',
      host: 'headless' as const,
      platform: 'linux',
      hostname: 'h',
      startedAt: 1,
      dataDir: '/d',
      configFile: '/c',
    }
    const handlers = consoleHandlers(identity, { clock: ports.clock, health, notices })
    const caller = { name: 'session', role: 'viewer' as const }
    expect(await handlers['console.info']({}, { caller, signal })).toEqual({
      ...identity,
      now: ports.clock.now(),
      caller,
    })
  })
})
