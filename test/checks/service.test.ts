import { afterEach, describe, expect, it } from 'vitest'
import { checkHandlers } from '#main/api/checks.ts'
import { type CheckService, createCheckService } from '#main/checks/service.ts'
import type { ConfigFile } from '#main/config/config-file.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { serve } from '#main/transport/serve.ts'
import { CheckDraft, type CheckView, checksContract } from '#shared/contract/checks.ts'
import { keptSecret } from '#shared/contract/evidence.ts'
import { isStaleAt } from '#shared/domain/series.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { type MemoryMetrics, memoryMetrics } from '#test/support/memory-metrics.ts'
import { type FakePorts, fakePorts } from '#test/support/ports.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'
import { type Script, scriptedKind } from './scripted-kind.ts'

interface Bench {
  readonly service: CheckService
  readonly ports: FakePorts
  readonly state: TemporaryState
  readonly metrics: MemoryMetrics
  readonly config: ConfigFile
  readonly script: Script
  readonly views: CheckView[]
  readonly removed: string[]
  readonly stateChanges: string[]
  readonly notices: ReturnType<typeof createNotices>
}

const draft = (overrides: Partial<CheckDraft> = {}): CheckDraft =>
  CheckDraft.parse({ name: 'Web', kind: 'scripted', config: { host: 'web.example' }, ...overrides })

const opened: Bench[] = []

type Parts = Pick<Bench, 'ports' | 'state' | 'metrics' | 'config'> & { readonly maxConcurrent: number }

async function open(from: Partial<Parts> = {}): Promise<Bench> {
  const ports = from.ports ?? fakePorts()
  const events = createEvents()
  const notices = createNotices(ports.clock, ports.logger, events)
  const { kind, script } = scriptedKind()
  const parts = {
    ports,
    state: from.state ?? (await temporaryState()),
    metrics: from.metrics ?? memoryMetrics(),
    config: from.config ?? memoryConfig(),
  }
  const [views, removed, stateChanges]: [CheckView[], string[], string[]] = [[], [], []]
  events.subscribe((name, payload) => {
    if (name === 'checks.changed') views.push(payload as CheckView)
    if (name === 'checks.removed') removed.push((payload as { id: string }).id)
  })
  const service = createCheckService({
    ...parts,
    events,
    notices,
    kinds: [kind],
    dataDir: parts.state.directory,
    maxConcurrent: from.maxConcurrent ?? 100,
    onStateChange: (id) => stateChanges.push(id),
  })
  await service.start()
  const bench = { service, ...parts, script, views, removed, stateChanges, notices }
  opened.push(bench)
  return bench
}

/** A console that dies: nothing is closed or committed any more. */
async function crash(bench: Bench): Promise<Pick<Bench, 'state' | 'metrics' | 'config'>> {
  opened.splice(opened.indexOf(bench), 1)
  await bench.state.reopen()
  return { state: bench.state, metrics: bench.metrics, config: bench.config }
}

afterEach(async () => {
  for (const bench of opened.splice(0)) {
    await bench.service.close()
    bench.state.close()
  }
})

const samplesOf = async ({ metrics, ports }: Bench, name: string, check = 'web') => {
  const matchers = [
    { label: '__name__', op: '=', value: name },
    { label: 'check', op: '=', value: check },
  ] as const
  const [series] = await metrics.select(matchers, { from: 0, to: ports.clock.now() + 1000 })
  if (series === undefined) return []
  return [...series.values].map((value, index) => (isStaleAt(series.values, index) ? 'stale' : value))
}

describe('a saved check', () => {
  it('is probed at once, told, and measured', async () => {
    const bench = await open()
    const view = await bench.service.save(null, draft({ labels: { team: 'shop' } }))
    expect(view).toMatchObject({ id: 'web', target: 'web.example', state: 'unobserved' })
    await bench.ports.time.advance(1000)
    expect(bench.service.get('web')).toMatchObject({ state: 'up', last: { outcome: 'up' }, confirming: null })
    expect(bench.views.at(-1)).toMatchObject({ id: 'web', state: 'up' })
    const [duration] = await bench.metrics.select([{ label: '__name__', op: '=', value: 'probe_duration_seconds' }], {
      from: 0,
      to: bench.ports.clock.now(),
    })
    expect(duration?.labels).toEqual({ check: 'web', kind: 'scripted', target: 'web.example', team: 'shop' })
    expect(duration?.values[0]).toBe(0.01235)
    expect(bench.stateChanges).toEqual(['web'])
  })

  it('goes down only when confirmed, by fast retries, and since the first failure', async () => {
    const bench = await open()
    await bench.service.save(null, draft({ everyMs: 3_600_000 }))
    await bench.ports.time.advance(1000)
    bench.script.outcome = 'down'
    const first = await bench.service.run('web')
    expect(bench.service.get('web')).toMatchObject({ state: 'up', confirming: { toward: 'down', seen: 1, needed: 2 } })
    await bench.ports.time.advance(15_100)
    expect(bench.service.get('web')).toMatchObject({ state: 'down', stateSince: first.at })
    expect(bench.stateChanges).toEqual(['web', 'web'])
    expect(await samplesOf(bench, 'belfry_check_state')).toEqual([1, 1, 0])
    const { results } = await bench.service.results({
      id: 'web',
      range: { from: 0, to: bench.ports.clock.now() },
      failuresOnly: true,
      limit: 10,
      cursor: null,
    })
    expect(results.map(({ trigger, outcome }) => [trigger, outcome])).toEqual([
      ['retry', 'down'],
      ['manual', 'down'],
    ])
  })

  it('has a timeline that sums to its range, with the outage at the right place', async () => {
    const bench = await open()
    const from = bench.ports.clock.now()
    await bench.service.save(null, draft())
    await bench.ports.time.advance(1000)
    bench.script.outcome = 'down'
    const { at: downAt } = await bench.service.run('web')
    await bench.ports.time.advance(100_000)
    bench.script.outcome = 'up'
    const { at: upAt } = await bench.service.run('web')
    await bench.ports.time.advance(60_000)
    const to = bench.ports.clock.now()
    const { intervals, totals, uptime } = await bench.service.timeline({
      id: 'web',
      range: { from: from - 10_000, to },
    })
    expect(intervals.map(({ state, from, to }) => [state, from, to])).toEqual([
      ['unobserved', from - 10_000, from],
      ['up', from, downAt],
      ['down', downAt, upAt],
      ['up', upAt, to],
    ])
    expect(Object.values(totals).reduce((a, b) => a + b)).toBe(to - from + 10_000)
    expect(uptime.availabilityRatio).toBeCloseTo(1 - (upAt - downAt) / (to - from))
  })

  it('cannot be saved with options its kind does not know', async () => {
    const bench = await open()
    const wrong = bench.service.save(null, draft({ config: { host: '', port: 80 }, labels: { check: 'x' } }))
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'config.host' }, { path: 'config.port' }, { path: 'labels.check' }],
    })
    await expect(bench.service.save(null, draft({ kind: 'telepathy' }))).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'kind', message: 'expected one of scripted, got "telepathy"' }],
    })
    expect(bench.service.list()).toEqual([])
  })

  it('never shows its secrets and keeps them when the mark comes back', async () => {
    const bench = await open()
    await bench.service.save(null, draft({ config: { host: 'web.example', password: 'hunter2' } }))
    const shown = bench.service.definition('web')
    expect(shown.config).toEqual({ host: 'web.example', password: keptSecret })
    await bench.service.save('web', { ...shown, name: 'Shop' })
    expect(bench.config.current().checks[0]?.draft).toMatchObject({ name: 'Shop', config: { password: 'hunter2' } })
    const removed = await bench.service.remove('web')
    expect(JSON.stringify(removed)).not.toContain('hunter2')
    await bench.service.save('web', removed.draft)
    expect(bench.config.current().checks[0]?.draft.config['password']).toBe('hunter2')
    await expect(bench.service.save(null, shown)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'config.password' }],
    })
  })
})

describe('time nobody looked', () => {
  it('is unobserved while a check is paused, and its series ends', async () => {
    const bench = await open()
    await bench.service.save(null, draft())
    await bench.ports.time.advance(30_000)
    const pausedAt = bench.ports.clock.now()
    const [paused] = await bench.service.setEnabled(['web'], false)
    expect(paused).toMatchObject({
      state: 'unobserved',
      stateSince: pausedAt,
      reason: { code: 'paused' },
      nextRunAt: null,
    })
    expect((await samplesOf(bench, 'belfry_check_state')).at(-1)).toBe('stale')
    await bench.ports.time.advance(300_000)
    await bench.service.setEnabled(['web'], true)
    await bench.ports.time.advance(1000)
    const { intervals } = await bench.service.timeline({
      id: 'web',
      range: { from: pausedAt - 5000, to: pausedAt + 300_000 },
    })
    expect(intervals.map(({ state, from, to, reason }) => [state, to - from, reason.code])).toEqual([
      ['up', 5000, 'up'],
      ['unobserved', 300_000, 'paused'],
    ])
  })

  it('is unobserved from the last sign of life of a crash to the first result after it', async () => {
    const bench = await open()
    await bench.service.save(null, draft({ everyMs: 60_000 }))
    await bench.ports.time.advance(1000)
    bench.script.outcome = 'down'
    const { at: downAt } = await bench.service.run('web')
    await bench.ports.time.advance(600_000)
    const crashAt = bench.ports.clock.now()
    const next = await open({ ...(await crash(bench)), ports: fakePortsAt(crashAt + 50_000) })
    next.script.outcome = 'down'
    expect(next.service.get('web')).toMatchObject({ state: 'unobserved', reason: { code: 'not-running' } })
    await next.ports.time.advance(10_000)
    expect(next.service.get('web')).toMatchObject({ state: 'down', stateSince: downAt })
    const range = { from: downAt, to: next.ports.clock.now() }
    const { intervals } = await next.service.timeline({ id: 'web', range })
    expect(intervals.map(({ state, reason }) => [state, reason.code])).toEqual([
      ['down', 'down'],
      ['unobserved', 'not-running'],
      ['down', 'down'],
    ])
    // Durable to the last watermark, at most five seconds before the crash.
    expect(crashAt - (intervals[0]?.to ?? 0)).toBeGreaterThanOrEqual(0)
    expect(crashAt - (intervals[0]?.to ?? 0)).toBeLessThanOrEqual(5000)
  })

  it('is observed to the end when Belfry is closed', async () => {
    const bench = await open()
    await bench.service.save(null, draft())
    await bench.ports.time.advance(33_333)
    const closedAt = bench.ports.clock.now()
    await bench.service.close()
    const next = await open({ ...(await crash(bench)), ports: fakePortsAt(closedAt + 3_600_000) })
    await next.ports.time.advance(20_000)
    const { totals } = await next.service.timeline({
      id: 'web',
      range: { from: closedAt - 10_000, to: closedAt + 3_600_000 },
    })
    expect(totals).toMatchObject({ up: 10_000, unobserved: 3_600_000 })
  })

  it('begins where the machine fell asleep, not where the last result stops vouching', async () => {
    const bench = await open()
    await bench.service.save(null, draft())
    await bench.ports.time.advance(20_000)
    const asleepAt = bench.ports.clock.now()
    bench.ports.time.setWallClock(asleepAt + 1_000_000)
    await bench.ports.time.advance(1000)
    expect(bench.service.get('web')).toMatchObject({ state: 'unobserved', reason: { code: 'asleep' } })
    await bench.ports.time.advance(60_000)
    const { totals } = await bench.service.timeline({
      id: 'web',
      range: { from: asleepAt, to: asleepAt + 1_000_000 },
    })
    expect(totals).toMatchObject({ unobserved: 1_000_000 })
  })

  it('does not blame a target for a connection that was open while the machine slept', async () => {
    const power = new Set<(change: 'sleeping' | 'awake') => void>()
    const ports = fakePorts({
      power: {
        onChange(listener) {
          power.add(listener)
          return () => power.delete(listener)
        },
      },
    })
    const bench = await open({ ports })
    await bench.service.save(null, draft())
    await ports.time.advance(70_000)
    let answer = () => {}
    bench.script.gate = new Promise((resolve) => {
      answer = resolve
    })
    const running = bench.service.run('web')
    await ports.time.advance(500)
    bench.script.outcome = 'down'
    const asleepAt = ports.clock.now()
    for (const tell of power) tell('sleeping')
    ports.time.setWallClock(asleepAt + 1_000_000)
    for (const tell of power) tell('awake')
    expect(bench.service.get('web')).toMatchObject({ state: 'unobserved', reason: { code: 'asleep' } })
    answer()
    expect(await running).toMatchObject({ outcome: 'unknown', reason: { code: 'stalled' } })
    const { totals } = await bench.service.timeline({ id: 'web', range: { from: asleepAt, to: asleepAt + 1_000_000 } })
    expect(totals).toMatchObject({ down: 0, unobserved: 1_000_000 })
    await bench.service.close()
    expect(power.size).toBe(0)
  })

  it('is told when results stop coming', async () => {
    const bench = await open({ maxConcurrent: 1 })
    await bench.service.save(null, draft({ timeoutMs: 1000 }))
    await bench.ports.time.advance(1000)
    bench.script.gate = new Promise(() => {})
    await bench.service.save(null, draft({ name: 'Hog', timeoutMs: 300_000 }))
    await bench.ports.time.advance(55_000)
    expect(bench.service.get('web').state).toBe('up')
    await bench.ports.time.advance(20_000)
    expect(bench.service.get('web')).toMatchObject({ state: 'unobserved', reason: { code: 'not-looked' } })
    expect((await samplesOf(bench, 'belfry_check_state', 'web')).at(-1)).toBe('stale')
  })
})

describe('the service', () => {
  it('never runs a check twice at once and joins a run that is under way', async () => {
    const bench = await open()
    let release = () => {}
    bench.script.gate = new Promise((resolve) => {
      release = resolve
    })
    await bench.service.save(null, draft({ everyMs: 1000, timeoutMs: 100_000 }))
    await bench.ports.time.advance(10_000)
    const both = Promise.all([bench.service.run('web'), bench.service.run('web')])
    release()
    const [first, second] = await both
    expect(first.id).toBe(second.id)
    expect(bench.script.mostUnderway).toBe(1)
  })

  it('keeps the evidence of how trouble began and of its newest failures, and the rows between', async () => {
    const bench = await open()
    bench.script.outcome = 'down'
    const confirm = { failures: 1, of: 1, successes: 1, retryEveryMs: 1000 }
    await bench.service.save(null, draft({ everyMs: 1000, timeoutMs: 1000, confirm }))
    const startedAt = bench.ports.clock.now()
    for (let second = 0; second < 300; second++) await bench.ports.time.advance(1000)
    const range = { from: startedAt, to: bench.ports.clock.now() + 1 }
    const question = { checkId: 'web', ...range, failuresOnly: true, limit: 1000, before: null }
    await bench.service.results({ id: 'web', range, failuresOnly: true, limit: 1, cursor: null })
    const found = await bench.state.ask('check.results', question)
    const withEvidence = found.map((one) => JSON.stringify(one.evidence) !== '{}')
    expect(found.length).toBeGreaterThan(290)
    expect(withEvidence.slice(0, 200)).toEqual(Array.from({ length: 200 }, () => true))
    expect(withEvidence.slice(200, -20).includes(true)).toBe(false)
    expect(withEvidence.slice(-20)).toEqual(Array.from({ length: 20 }, () => true))
  })

  it('blames no target for a timeout while Belfry itself stood still', async () => {
    let stallMs = 0
    const base = fakePorts()
    const clock = { now: () => base.clock.now() + stallMs, monotonicMs: () => base.clock.monotonicMs() + stallMs }
    const bench = await open({ ports: { ...base, clock } })
    bench.script.gate = new Promise(() => {})
    await bench.service.save(null, draft({ timeoutMs: 3000 }))
    await bench.ports.time.advance(1500)
    stallMs = 4000
    await bench.ports.time.advance(2000)
    expect(bench.service.get('web').last).toMatchObject({ outcome: 'unknown', reason: { code: 'stalled' } })
    expect(await bench.metrics.names('probe_success')).toEqual([])
  })

  it('tries a draft without saving anything', async () => {
    const bench = await open()
    expect(await bench.service.try(draft(), null, new AbortController().signal)).toMatchObject({
      trigger: 'trial',
      outcome: 'up',
    })
    expect(bench.service.list()).toEqual([])
    expect(await bench.metrics.names('')).toEqual([])
  })

  it('goes on from memory while the disk refuses, says so once, and stores all of it later', async () => {
    const state = await temporaryState()
    let refuses = false
    const bench = await open({
      state: {
        ...state,
        commit: (unit) => (refuses ? Promise.reject(new Error('disk full')) : state.commit(unit)),
      },
    })
    await bench.service.save(null, draft())
    await bench.ports.time.advance(1000)
    refuses = true
    bench.script.outcome = 'down'
    await bench.service.run('web')
    await bench.ports.time.advance(20_000)
    expect(bench.service.get('web').state).toBe('down')
    expect(bench.stateChanges).toHaveLength(2)
    expect(bench.notices.list().map((notice) => notice.id)).toEqual(['checks.store'])
    refuses = false
    await bench.ports.time.advance(6000)
    expect(bench.notices.list()).toEqual([])
    const { results } = await bench.service.results({
      id: 'web',
      range: { from: 0, to: bench.ports.clock.now() },
      failuresOnly: true,
      limit: 10,
      cursor: null,
    })
    expect(results).toHaveLength(2)
  })

  it('pages through results without a double or a loss', async () => {
    const bench = await open()
    bench.script.outcome = 'down'
    await bench.service.save(null, draft({ everyMs: 10_000 }))
    await bench.ports.time.advance(300_000)
    const range = { from: 0, to: bench.ports.clock.now() + 1 }
    const ids: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await bench.service.results({
        id: 'web',
        range,
        failuresOnly: false,
        limit: 7,
        cursor: cursor ?? null,
      })
      ids.push(...page.results.map((result) => result.id))
      cursor = page.next
    }
    expect(ids.length).toBeGreaterThan(28)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...ids].sort().reverse()).toEqual(ids)
  })

  it('names a check that cannot be used and watches the others', async () => {
    const config = memoryConfig([
      { id: 'good', draft: draft() },
      { id: 'bad', draft: draft({ labels: { target: 'mine' } }) },
    ])
    const bench = await open({ config })
    expect(bench.service.list().map(({ id }) => id)).toEqual(['good'])
    expect(bench.notices.list()[0]).toMatchObject({
      id: 'checks.unusable.bad',
      source: { file: '/memory/belfry.yaml' },
    })
  })

  it('begins a new story when the target is another', async () => {
    const bench = await open()
    bench.script.outcome = 'down'
    await bench.service.save(null, draft())
    await bench.ports.time.advance(60_000)
    expect(bench.service.get('web').state).toBe('down')
    bench.script.outcome = 'up'
    await bench.service.save('web', draft({ config: { host: 'other.example' } }))
    expect(bench.service.get('web').state).toBe('unobserved')
    await bench.ports.time.advance(1000)
    expect(bench.service.get('web')).toMatchObject({ state: 'up', target: 'other.example' })
  })

  it('forgets nothing of a removed check that comes back', async () => {
    const bench = await open()
    await bench.service.save(null, draft())
    await bench.ports.time.advance(10_000)
    const since = bench.service.get('web').stateSince
    const { draft: removed } = await bench.service.remove('web')
    expect(bench.removed).toEqual(['web'])
    expect(() => bench.service.get('web')).toThrow('There is no check "web".')
    await bench.ports.time.advance(100_000)
    await bench.service.save('web', removed)
    await bench.ports.time.advance(1000)
    expect(bench.service.get('web')).toMatchObject({ state: 'up', stateSince: since })
    const [history] = await bench.service.histories(['web'], 24)
    expect(history?.bar).toHaveLength(24)
    expect(history?.latencyMs).toHaveLength(48)
    expect(history?.uptime.day.availabilityRatio).toBe(1)
    expect(history?.uptime.day.coverageRatio).toBeCloseTo(11_000 / 86_400_000, 4)
  })

  it('answers every call of the contract with what the contract says', async () => {
    const bench = await open()
    const call = serve(
      checksContract,
      checkHandlers(bench.service, { preview: async () => [], withoutSecrets: (text) => text }),
      bench.ports.logger,
    )
    const ask = (name: string, input: unknown) =>
      call(name, input, { role: 'admin', name: 'test' }, new AbortController().signal)
    const range = { from: 1, to: bench.ports.clock.now() + 1_000_000 }
    expect(await ask('checks.save', { draft: draft() })).toMatchObject({ ok: true })
    await bench.ports.time.advance(5000)
    for (const [name, input] of [
      ['checks.kinds', {}],
      ['checks.list', {}],
      ['checks.get', { id: 'web' }],
      ['checks.definition', { id: 'web' }],
      ['checks.run', { id: 'web' }],
      ['checks.try', { draft: draft() }],
      ['checks.histories', { ids: ['web'] }],
      ['checks.timeline', { id: 'web', range }],
      ['checks.results', { id: 'web', range }],
      ['checks.setEnabled', { ids: ['web'], enabled: false }],
      ['checks.run', { id: 'web' }],
      ['checks.remove', { id: 'web' }],
    ] as const) {
      expect([name, await ask(name, input)]).toMatchObject([name, { ok: true }])
    }
    expect(await ask('checks.get', { id: 'web' })).toMatchObject({ ok: false, code: 'not-found' })
    expect(await ask('checks.guess', { text: 'nonsense !' })).toMatchObject({ ok: false, code: 'invalid' })
    expect(bench.ports.logger.lines.filter((line) => line.level === 'error')).toEqual([])
  })
})

function fakePortsAt(startAt: number): FakePorts {
  const ports = fakePorts()
  ports.time.setWallClock(startAt)
  return ports
}
