/** Heartbeats from the socket to the state: a real listener, a real database, a clock that is set by hand. */
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPingBook } from '#main/checks/heartbeat/ping-book.ts'
import { heartbeat } from '#main/checks/kinds/heartbeat.ts'
import { createCheckService } from '#main/checks/service.ts'
import { createEvents } from '#main/events.ts'
import { startConsoleListener } from '#main/http/console-listener.ts'
import { createNotices } from '#main/notices.ts'
import { pingsKept } from '#main/store/families/pings.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'
import { stubConsole } from '#test/support/stub-console.ts'

const id = '7f4c2a1e-0a5b-4d7e-9c3f-2b1d8e6a4f50'
const minute = 60_000

const draft = CheckDraft.parse({
  name: 'Backup',
  kind: 'heartbeat',
  config: { id, schedule: { type: 'period', periodMs: 6 * minute }, graceMs: minute },
})

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Parts {
  readonly ports?: ReturnType<typeof fakePorts>
  readonly state?: TemporaryState
  readonly uplink?: UplinkGuard
}

async function open(from: Parts = {}) {
  const ports = from.ports ?? fakePorts()
  const state = from.state ?? (await temporaryState())
  const events = createEvents()
  const config = memoryConfig()
  const service = createCheckService({
    ports,
    state,
    metrics: memoryMetrics(),
    config,
    events,
    notices: createNotices(ports.clock, ports.logger, events),
    kinds: [heartbeat],
    dataDir: state.directory,
    uplink: from.uplink ?? null,
  })
  await service.start()
  await service.save(null, draft)
  const console = await stubConsole()
  const listener = await startConsoleListener({
    console: { ...console, pings: service.pings },
    ports: { ...ports, timers: console.ports.timers },
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowedHosts: [],
    adminToken: null,
    pageDir: state.directory,
    version: '1',
  })
  const close = async () => {
    await listener.close()
    await service.close()
    console.close()
  }
  return { ports, state, service, listener, close, view: () => service.get('backup') }
}

interface Sent {
  readonly method?: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

const send = (port: number, path: string, { method = 'GET', body, headers = {} }: Sent = {}) =>
  new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          type: reply.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

describe('a heartbeat', () => {
  it('is up with its ping, late in its grace, down when it is overdue, and up with the next ping', async () => {
    const bench = await open()
    closers.push(() => bench.state.close(), bench.close)
    const { ports, listener, view } = bench
    await ports.time.advance(1000)
    expect([view().state, view().reason.code]).toEqual(['unknown', 'no-ping-yet'])
    expect(await send(listener.port, `/ping/${id}`)).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      text: 'OK',
    })
    await ports.time.advance(1000)
    expect([view().state, view().reason.code]).toEqual(['up', 'pinged'])
    await ports.time.advance(6.5 * minute)
    expect([view().state, view().reason.code]).toEqual(['up', 'late'])
    await ports.time.advance(minute)
    expect([view().state, view().reason.code]).toEqual(['down', 'overdue'])
    await send(listener.port, `/ping/${id.toUpperCase()}`, { method: 'HEAD' })
    await ports.time.advance(10)
    expect([view().state, view().reason.code]).toEqual(['up', 'pinged'])
  })

  it('takes the signals, methods and bodies of healthchecks.io, and keeps the first 10 KB', async () => {
    const bench = await open()
    closers.push(() => bench.state.close(), bench.close)
    const { ports, listener, service, view } = bench
    const ping = (path: string, sent?: Sent) => send(listener.port, `/ping/${id}${path}`, sent)
    await ping('/start', { method: 'POST' })
    await ports.time.advance(1500)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await ping('', { method: 'POST', body: 'x'.repeat(50_000), headers: form })).status).toBe(200)
    await ping('/log', { method: 'POST', body: 'a line', headers: { 'content-type': 'application/json' } })
    await ping('/3', { method: 'PUT', body: 'disk full' })
    await ports.time.advance(10)
    expect([view().state, view().reason.message]).toEqual(['down', 'The job ended with exit status 3.'])
    const kept = await service.pingsOf('backup')
    expect(kept?.map((one) => [one.kind, one.exitStatus, one.durationMs, one.body.length, one.method])).toEqual([
      ['fail', 3, null, 9, 'PUT'],
      ['log', null, null, 6, 'POST'],
      ['success', null, 1500, 10_000, 'POST'],
      ['start', null, null, 0, 'POST'],
    ])
    const { results } = await service.results({
      id: 'backup',
      range: { from: 0, to: ports.clock.now() + 1 },
      failuresOnly: true,
      limit: 1,
      cursor: null,
    })
    expect(results[0]?.evidence).toMatchObject({ output: 'disk full' })
    expect((await ping('/0')).status).toBe(200)
    await ports.time.advance(10)
    expect(view().state).toBe('up')
  })

  it('tells nobody which ids exist: all else is the same 404, and a foreign page gets nowhere', async () => {
    const bench = await open()
    closers.push(() => bench.state.close(), bench.close)
    const { listener, service } = bench
    const unknown = await send(listener.port, '/ping/00000000-0000-4000-8000-000000000000')
    expect(unknown.status).toBe(404)
    for (const path of [
      '/ping/x',
      `/ping/${id}/256`,
      `/ping/${id}/stop`,
      `/ping/${id}0`,
      '/ping/..%2f',
      `/ping/${id}/-1`,
    ])
      expect(await send(listener.port, path)).toEqual(unknown)
    const foreign = await send(listener.port, `/ping/${id}`, { headers: { origin: 'https://attacker.example' } })
    expect(foreign.status).toBe(403)
    expect(await service.pingsOf('backup')).toEqual([])
  })

  it('takes a flood in part, keeps the newest, and refuses a body without an end', async () => {
    const bench = await open()
    closers.push(() => bench.state.close(), bench.close)
    const { listener, ports, state } = bench
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => send(listener.port, `/ping/${id}`, { method: 'POST', body: 'b' })),
    )
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(200), count(429)]).toEqual([60, 140])
    for (let minutes = 0; minutes < 2; minutes++) {
      await ports.time.advance(minute)
      await Promise.all(Array.from({ length: 60 }, () => send(listener.port, `/ping/${id}`)))
    }
    expect(await state.ask('ping.newest', { pingId: id, limit: 1000 })).toHaveLength(pingsKept)
    await ports.time.advance(minute)
    const huge = send(listener.port, `/ping/${id}`, { method: 'POST', body: 'b'.repeat(2_000_000) })
    await expect(huge.then(({ status }) => status)).resolves.toBe(413)
    // A sender that goes away in the middle is no ping, and no trouble.
    const before = (await state.ask('ping.newest', { pingId: id, limit: 1 }))[0]
    await new Promise<void>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1', () => {
        socket.write(`POST /ping/${id} HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\nContent-Length: 100\r\n\r\nhalf`)
        socket.destroy()
      })
      socket.on('close', () => resolve())
    })
    expect((await send(listener.port, `/ping/${id}/log`)).status).toBe(200)
    expect((await state.ask('ping.newest', { pingId: id, limit: 2 }))[1]).toEqual(before)
  })

  it('remembers its pings over a restart, and does not blame the job for the time nobody listened', async () => {
    const first = await open()
    await send(first.listener.port, `/ping/${id}/start`)
    await first.ports.time.advance(2000)
    await send(first.listener.port, `/ping/${id}`)
    await first.ports.time.advance(10)
    await first.close()
    await first.ports.time.advance(30 * minute)
    await first.state.reopen()
    const again = await open({ ports: first.ports, state: first.state })
    closers.push(() => again.state.close(), again.close)
    await again.ports.time.advance(minute)
    expect([again.view().state, again.view().reason.code]).toEqual(['unknown', 'due-unobserved'])
    await again.ports.time.advance(7 * minute)
    expect([again.view().state, again.view().reason.code]).toEqual(['down', 'overdue'])
    expect(again.view().last?.durationMs).toBe(2000)
  })

  it('is not down while this machine has no network, but stays down when its job said so', async () => {
    const link = { isLost: false, back: () => {} }
    const uplink: UplinkGuard = {
      nearnessOf: () => 'remote',
      noteAddress() {},
      noteAnswer() {},
      wasLostSince: () => link.isLost,
      confirmLostSince: async () => link.isLost,
      hasNeighbours: () => true,
      onBack(listener) {
        link.back = listener
        return () => {}
      },
      close() {},
    }
    const bench = await open({ uplink })
    closers.push(() => bench.state.close(), bench.close)
    const { listener, ports, view } = bench
    await send(listener.port, `/ping/${id}`)
    link.isLost = true
    await ports.time.advance(10 * minute)
    expect([view().state, view().reason.code]).toEqual(['unknown', 'due-unobserved'])
    link.isLost = false
    link.back()
    await ports.time.advance(6.5 * minute)
    expect(view().state).toBe('unknown')
    await ports.time.advance(minute)
    expect([view().state, view().reason.code]).toEqual(['down', 'overdue'])
    await send(listener.port, `/ping/${id}/fail`)
    link.isLost = true
    await ports.time.advance(minute)
    expect([view().state, view().reason.code]).toEqual(['down', 'failed'])
  })

  it('is not down after a sleep of the machine either', async () => {
    const bench = await open()
    closers.push(() => bench.state.close(), bench.close)
    await send(bench.listener.port, `/ping/${id}`)
    await bench.ports.time.advance(minute)
    bench.ports.time.setWallClock(bench.ports.clock.now() + 3 * 60 * minute)
    await bench.ports.time.advance(minute)
    expect([bench.view().state, bench.view().reason.code]).toEqual(['unknown', 'due-unobserved'])
  })
})

describe('a ping that cannot be stored', () => {
  it('is not answered with OK, and counts for nothing', async () => {
    const state = await temporaryState()
    closers.push(() => state.close())
    const told: string[] = []
    const full = { ...state, commit: async () => Promise.reject(new Error('no space left')) }
    const book = createPingBook(fakePorts(), full, (pingId) => told.push(pingId))
    book.expect(new Set([id]))
    const ping = { kind: 'success', exitStatus: null, runId: null, method: 'GET' } as const
    await expect(book.receive(id, { ...ping, remoteAddress: '', userAgent: '', body: '' })).rejects.toThrow('no space')
    expect([told, book.of(id).last]).toEqual([[], null])
  })
})
