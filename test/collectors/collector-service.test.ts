import { describe, expect, it } from 'vitest'
import { createCollectorService } from '#main/collectors/services/collector-service.ts'
import type { Metric } from '#main/collectors/services/kind.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { CollectorDraft, CollectorStatus } from '#shared/contract/collectors.ts'
import { keptSecret } from '#shared/contract/evidence.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'
import { readingOf, scriptedService } from './scripted-service.ts'

const draftOf = (more: Partial<CollectorDraft> = {}): CollectorDraft =>
  CollectorDraft.parse({ name: 'Store', kind: 'store', config: { host: 'far.example' }, ...more })
const refused = {
  outcome: 'down' as const,
  reason: { code: 'connection-refused', message: 'far.example:1 refused the connection.' },
}

function open({
  drafts = [draftOf()],
  uplink = null,
}: {
  drafts?: CollectorDraft[]
  uplink?: UplinkGuard | null
} = {}) {
  const ports = fakePorts()
  const events = createEvents()
  const metrics = memoryMetrics()
  const script = scriptedService()
  const collectors = drafts.map((draft) => ({ id: draft.name.toLowerCase(), draft }))
  const config = memoryConfig([], { collectors })
  const notices = createNotices(ports.clock, ports.logger, events)
  const told: CollectorStatus[] = []
  events.subscribe((name, payload) => {
    if (name === 'collectors.changed') told.push(CollectorStatus.parse(payload))
  })
  const service = createCollectorService({ ports, metrics, config, events, notices, uplink, kinds: [script.kind] })
  service.start()
  const latest = async (name: string) =>
    (await metrics.latest([{ label: '__name__', op: '=', value: name }], ports.clock.now())).map(
      ({ labels, value }) => [labels, value] as const,
    )
  return { ports, metrics, script, config, notices, service, told, latest }
}

const own = { collector: 'store', instance: 'far.example:1' }

describe('a collector of a service', () => {
  it('turns what it reads into series with its labels, and says that it is up and how long it took', async () => {
    const { ports, service, latest, told } = open({ drafts: [draftOf({ labels: { team: 'shop' } })] })
    await ports.time.advance(5000)
    expect(await latest('store_keys')).toEqual([[{ db: 'a', team: 'shop', ...own }, 7]])
    expect(await latest('belfry_collector_up')).toEqual([[{ team: 'shop', ...own, kind: 'store' }, 1]])
    expect(await latest('belfry_collector_duration_seconds')).toHaveLength(1)
    expect(await latest('store_up')).toEqual([[{ team: 'shop', ...own }, 1]])
    expect(service.get('store')).toMatchObject({ state: 'up', samples: 1, reason: { code: 'ok' } })
    expect(service.latest('store').metrics).toMatchObject([{ name: 'store_keys', samples: [{ value: 7 }] }])
    await ports.time.advance(1000)
    expect(told.at(-1)).toMatchObject({ id: 'store', state: 'up' })
  })

  it('that fails says why, ends its series and never tells zeros', async () => {
    const { ports, service, script, latest } = open()
    await ports.time.advance(5000)
    script.answer = refused
    await service.run('store')
    expect(service.get('store')).toMatchObject({ state: 'failing', reason: refused.reason, samples: 0 })
    expect(await latest('store_keys')).toEqual([])
    expect(await latest('belfry_collector_up')).toMatchObject([[own, 0]])
    expect(await latest('store_up')).toMatchObject([[own, 0]])
    expect(service.latest('store')).toEqual({ at: null, metrics: [], samples: 0 })
    script.answer = readingOf({ store_keys: 8 })
    await ports.time.advance(30_000)
    expect(await latest('store_keys')).toMatchObject([[{ db: 'a' }, 8]])
    expect(service.get('store').state).toBe('up')
  })

  it('ends a series that the service does not report any more', async () => {
    const { ports, service, script, latest } = open()
    script.answer = readingOf({ store_keys: 7, store_hits: 2 })
    await ports.time.advance(5000)
    script.answer = readingOf({ store_keys: 7 })
    await service.run('store')
    expect(await latest('store_hits')).toEqual([])
    expect(await latest('store_keys')).toHaveLength(1)
  })

  it('that is removed, paused or pointed elsewhere ends all of its series', async () => {
    const { ports, service, latest } = open()
    const everything = async () => [...(await latest('store_keys')), ...(await latest('belfry_collector_up'))]
    await ports.time.advance(5000)
    expect(await everything()).toHaveLength(2)
    await service.setEnabled(['store'], false)
    expect(await everything()).toEqual([])
    expect(service.get('store')).toMatchObject({ state: 'paused', nextRunAt: null })
    await service.setEnabled(['store'], true)
    await ports.time.advance(1000)
    expect(await everything()).toHaveLength(2)
    await service.save('store', draftOf({ config: { host: 'other.example' } }))
    expect(await latest('belfry_collector_up')).toEqual([])
    await ports.time.advance(1000)
    expect(await latest('store_keys')).toMatchObject([[{ instance: 'other.example:1' }, 7]])
    const { draft } = await service.remove('store')
    expect(await everything()).toEqual([])
    expect(service.list()).toEqual([])
    await service.save('store', draft)
    expect(service.get('store').name).toBe('Store')
  })

  it('whose failure is this machine’s own trouble is unobserved, not failing, and so is one that is a bug of ours', async () => {
    const { ports, service, script, latest } = open()
    await ports.time.advance(5000)
    script.answer = { outcome: 'unknown', reason: { code: 'dns-unavailable', message: 'No resolver.' } }
    await service.run('store')
    expect(service.get('store')).toMatchObject({ state: 'unobserved', reason: { code: 'dns-unavailable' } })
    expect(await latest('belfry_collector_up')).toEqual([])
    script.answer = () => Promise.reject(new TypeError('x is not a function'))
    await service.run('store')
    expect(service.get('store')).toMatchObject({ state: 'unobserved', reason: { code: 'internal-error' } })
    expect(ports.logger.lines.map(({ message }) => message)).toContain('a collector failed unexpectedly')
  })

  it('is unobserved while the link of this machine is lost, and looks again when it is back', async () => {
    let isLost = true
    const listeners: (() => void)[] = []
    const uplink: UplinkGuard = {
      nearnessOf: () => 'remote',
      noteAddress: () => {},
      noteAnswer: () => {},
      wasLostSince: () => isLost,
      confirmLostSince: async () => isLost,
      hasNeighbours: () => true,
      onBack(listener) {
        listeners.push(listener)
        return () => {}
      },
      close: () => {},
    }
    const { ports, service, script, latest } = open({ uplink, drafts: [draftOf({ everyMs: 3_600_000 })] })
    script.answer = refused
    await ports.time.advance(5000)
    expect(service.get('store')).toMatchObject({ state: 'unobserved', reason: { code: 'uplink' } })
    expect(await latest('belfry_collector_up')).toEqual([])
    isLost = false
    script.answer = readingOf({ store_keys: 1 })
    for (const listener of listeners) listener()
    await ports.time.advance(5000)
    expect(service.get('store').state).toBe('up')
  })

  it('is ended at its deadline', async () => {
    const { ports, service, script } = open({ drafts: [draftOf({ timeoutMs: 2000 })] })
    script.answer = () => new Promise(() => {})
    const run = service.run('store')
    await ports.time.advance(2000)
    await run
    expect(service.get('store')).toMatchObject({ state: 'failing', reason: { code: 'timeout' }, lastDurationMs: 2000 })
  })

  it('does not touch the others', async () => {
    const { ports, service } = open({ drafts: [draftOf(), draftOf({ name: 'Broken', config: { host: 7 } })] })
    await ports.time.advance(5000)
    expect(service.list()).toMatchObject([{ id: 'store', state: 'up' }])
  })

  it('tells a label that came twice, and takes no more series than are sane', async () => {
    const { ports, service, script } = open()
    const keys = (samples: Metric['samples']): Metric => ({
      name: 'store_keys',
      type: 'gauge',
      help: '',
      unit: '',
      samples,
    })
    const samples = [1, 2].map((value) => ({ labels: { db: 'a' }, value }))
    script.answer = { metrics: [keys(samples)], facts: [], problems: [] }
    await ports.time.advance(5000)
    expect(service.get('store')).toMatchObject({
      state: 'up',
      samples: 1,
      reason: { code: 'partly-read', message: expect.stringContaining('store_keys came with the same labels twice') },
    })
    const many = Array.from({ length: 20_001 }, (_, index) => ({ labels: { id: String(index) }, value: 1 }))
    script.answer = { metrics: [keys(many)], facts: [], problems: [] }
    await service.run('store')
    expect(service.get('store')).toMatchObject({ state: 'failing', reason: { code: 'too-many-series' } })
  })
})

describe('collectors of services', () => {
  it('never show a secret, keep it when a screen sends the mark, and refuse a mark for none', async () => {
    const { service, config, ports, script } = open({
      drafts: [draftOf({ config: { host: 'far.example', password: 'canary-5f1c' } })],
    })
    script.answer = {
      outcome: 'down',
      reason: { code: 'query-failed', message: 'it said: canary-5f1c is wrong' },
    }
    await ports.time.advance(5000)
    expect(JSON.stringify([service.list(), service.definition('store')])).not.toContain('canary')
    const shown = service.definition('store')
    expect(shown.config['password']).toBe(keptSecret)
    await service.save('store', { ...shown, name: 'Other name' }, shown)
    expect(config.current().collectors[0]?.draft).toMatchObject({
      name: 'Other name',
      config: { password: 'canary-5f1c' },
    })
    await expect(service.save(null, { ...shown, name: 'New' })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('refuse what cannot be used with the fields it concerns', async () => {
    const { service } = open()
    await expect(service.save(null, draftOf({ config: {} }))).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'config.host' }],
    })
    await expect(service.save(null, draftOf({ labels: { instance: 'x', 'no good': 'y' } }))).rejects.toMatchObject({
      issues: [{ path: 'labels.instance' }, { path: 'labels.no good' }],
    })
    await expect(service.save(null, draftOf({ kind: 'nothing' }))).rejects.toThrow('no such kind of collector')
    expect(() => service.get('nobody')).toThrow('There is no collector "nobody".')
  })

  it('refuse a change of what was changed meanwhile', async () => {
    const { service } = open()
    const before = service.definition('store')
    await service.save('store', { ...before, name: 'Theirs' }, before)
    await expect(service.save('store', { ...before, name: 'Mine' }, before)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('are tried without being saved, and without a series', async () => {
    const { service, script, metrics } = open({ drafts: [] })
    script.answer = readingOf({ store_keys: 3 }, [{ name: 'Version', value: '1' }])
    expect(await service.try(draftOf(), null, new AbortController().signal)).toMatchObject({
      failure: null,
      samples: 1,
      facts: [{ name: 'Version', value: '1' }],
      metrics: [{ name: 'store_keys' }],
    })
    script.answer = refused
    const failed = await service.try(draftOf(), null, new AbortController().signal)
    expect(failed.failure).toEqual(refused.reason)
    expect((await metrics.usage()).activeSeries).toBe(0)
    expect(service.list()).toEqual([])
  })
})
