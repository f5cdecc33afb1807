/** The intake listener as senders meet it, and a real Prometheus that writes to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IntakeListener, openIntake } from '#main/http/intake-listener.ts'
import { AppError } from '#shared/contract/errors.ts'
import { freePort } from '#test/support/free-port.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { packed, writeRequest } from '../ingest/write-requests.ts'

const prometheus = '/usr/bin/prometheus'

let live: LiveConsole
let intake: IntakeListener
const tokens: Record<string, string> = {}

beforeAll(async () => {
  live = await openLiveConsole({ config: 'version: 1\nintake: {enabled: true, port: 0, perMinute: 60}\n' })
  const opened = await open()
  if (!opened) throw new Error('expected the intake to be open')
  intake = opened
  for (const role of ['viewer', 'operator'] as const) {
    const draft = { name: `a ${role}`, role, expiresAt: null }
    tokens[role] = (await live.console.access.tokens.create(draft, { role: 'admin', name: 'test' })).secret
  }
})
afterAll(async () => {
  await intake.close()
  await live.close()
})

const open = (console: Partial<LiveConsole['console']> = {}) =>
  openIntake({ console: { ...live.console, ...console }, ports: live.ports, allowedHosts: [], adminToken: null })

const bearer = (token = '') => ({ authorization: `Bearer ${token}` })
const write = (body: Uint8Array, headers: Record<string, string> = bearer(tokens['operator'])) =>
  fetch(`${intake.url}/api/v1/write`, { method: 'POST', headers, body: new Uint8Array(body) })
const sample = (name: string, at = Date.now()) =>
  packed(writeRequest([{ labels: [['__name__', name]], samples: [[at, 1]] }]))
const latest = async (expr: string) => {
  const { signal } = new AbortController()
  const answer = await live.console.queries.instant({ expr, at: null }, 'columns', signal)
  return answer.result.form === 'points' ? answer.result.points : null
}

describe('the intake', () => {
  it('answers 204 when samples are stored, and 400 with the reason when some are not', async () => {
    const good = await write(sample('written'))
    expect([good.status, await good.text()]).toEqual([204, ''])
    expect((await latest('written'))?.values).toEqual(Float64Array.of(1))
    const old = await write(sample('written', 1000))
    expect([old.status, await old.text()]).toEqual([
      400,
      expect.stringContaining('older than two hours, such as written'),
    ])
  })

  it('lets in operators, by bearer or as a password, and nobody else', async () => {
    const basic = `Basic ${Buffer.from(`prometheus:${tokens['operator']}`).toString('base64')}`
    const cookie = { cookie: 'belfry-session-0=anything' }
    const told = await Promise.all(
      [{ authorization: basic }, bearer(tokens['viewer']), bearer('belfry_wrong'), cookie, {}].map(
        async (headers) => (await write(sample('x'), headers as Record<string, string>)).status,
      ),
    )
    expect(told).toEqual([204, 403, 401, 401, 401])
    const foreign = await write(sample('x'), { ...bearer(tokens['operator']), origin: 'https://attacker.example' })
    expect(foreign.status).toBe(403)
  })

  it('refuses what is no remote write, too much of it, and other versions', async () => {
    const operator = bearer(tokens['operator'])
    const garbage = await write(new TextEncoder().encode('hello'))
    expect([garbage.status, await garbage.text()]).toEqual([400, expect.stringContaining('Snappy')])
    expect((await write(new Uint8Array(5_000_000))).status).toBe(413)
    const second = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'
    expect((await write(sample('x'), { ...operator, 'content-type': second })).status).toBe(415)
    expect((await write(sample('x'), { ...operator, 'content-encoding': 'zstd' })).status).toBe(415)
    expect((await fetch(`${intake.url}/api/v1/query?query=1`, { headers: operator })).status).toBe(404)
  })

  it('answers 503 with a time to try again when nothing can be stored, and 429 to who sends too often', async () => {
    const receive = () => Promise.reject(new AppError('unavailable', 'The samples could not be stored: disk full.'))
    const full = await open({ remoteWrite: { receive } })
    const headers = bearer(tokens['operator'])
    const ask = () => fetch(`${full?.url}/api/v1/write`, { method: 'POST', headers, body: new Uint8Array(sample('x')) })
    const refused = await ask()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    const told = new Set<number>()
    for (let i = 0; i < 61; i++) told.add((await ask()).status)
    expect([...told]).toEqual([503, 429])
    await full?.close()
  })

  it('says so when its port is taken, and the rest goes on', async () => {
    const port = Number(new URL(intake.url).port)
    const config = live.console.config.current()
    const taken = { ...live.console.config, current: () => ({ ...config, intake: { ...config.intake, port } }) }
    expect(await open({ config: taken })).toBeNull()
    const [notice] = live.console.notices.list().filter(({ id }) => id === 'intake')
    expect(notice?.message).toContain(`Port ${port} on 127.0.0.1 is taken`)
  })
})

describe.skipIf(!existsSync(prometheus))('a Prometheus (Debian package prometheus)', () => {
  it('writes what it scrapes to Belfry', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'belfry-remote-write-'))
    const port = await freePort()
    writeFileSync(
      join(directory, 'prometheus.yml'),
      `global: {scrape_interval: 1s}
scrape_configs: [{job_name: itself, static_configs: [{targets: ['127.0.0.1:${port}']}]}]
remote_write:
  - url: ${intake.url}/api/v1/write
    basic_auth: {username: prometheus, password: ${tokens['operator']}}
    queue_config: {batch_send_deadline: 200ms}
    metadata_config: {send_interval: 1s}
`,
    )
    const child = spawn(prometheus, [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ])
    try {
      const stopped = once(child, 'exit')
      await new Promise<void>((resolve, reject) => {
        stopped.then(() => reject(new Error('the Prometheus ended')), reject)
        live.console.events.subscribe((name) => {
          if (name !== 'metrics.advanced') return
          const isThere = live.console.queries.metadata('go_goroutines').length > 0
          latest('count({job="itself"})').then((found) => isThere && (found?.values[0] ?? 0) > 300 && resolve(), reject)
        })
      })
      const up = await latest('up{job="itself"}')
      expect([up?.labels, up?.values]).toEqual([
        [{ __name__: 'up', instance: `127.0.0.1:${port}`, job: 'itself' }],
        Float64Array.of(1),
      ])
      expect(live.console.queries.metadata('go_goroutines')).toMatchObject([{ type: 'gauge', help: /goroutines/ }])
    } finally {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(directory, { recursive: true, force: true })
    }
  }, 60_000)
})
