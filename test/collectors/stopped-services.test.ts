/** The whole console, a real PostgreSQL and a real Redis: stopping each raises its preset alert, once, and starting it again ends it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { type PostgresServer, postgresPrograms, postgresServer } from '#test/checks/postgres-server.ts'
import { type RedisServer, redisIsThere, redisServer } from '#test/checks/redis-server.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { patienceMs } from '#test/support/torture.ts'

const secret = 'canary-64d0'
/** Rules wait for minutes; ten seconds of this machine are five of them. */
const speed = 30
const within = { timeout: patienceMs(60_000), interval: 100 }
const isThere = postgresPrograms() !== null && redisIsThere()

const patiently = { timeout: patienceMs(120_000) }

describe.skipIf(!isThere)('a service that stops (needs postgresql and redis-server)', patiently, () => {
  let postgres: PostgresServer
  let redis: RedisServer
  let live: LiveConsole

  beforeAll(async () => {
    postgres = await postgresServer(secret, [])
    redis = await redisServer('--requirepass', secret)
    const config = (port: number) => `{ host: 127.0.0.1, port: ${port}, password: ${secret} }`
    live = await openLiveConsole({
      speed,
      config: `version: 1
uplink: { enabled: false }
collectors:
  - { id: db, name: Shop database, kind: postgres, every: 15s, config: ${config(postgres.port)} }
  - { id: cache, name: Shop cache, kind: redis, every: 15s, config: ${config(redis.port)} }
  - { id: locked, name: Locked, kind: redis, every: 15s, config: { host: 127.0.0.1, port: ${redis.port}, password: wrong } }
`,
    })
  }, patienceMs(120_000))
  afterAll(async () => {
    await live?.close()
    await postgres?.close()
    await redis?.close()
  })

  async function ask<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>> {
    const caller = { role: 'admin', name: 'test' } as const
    const reply = await live.console.serve(name, input, caller, new AbortController().signal)
    if (!reply.ok) throw new Error(`${name}: ${reply.code} ${reply.message}`)
    // Judged by the contract that this type comes from.
    return reply.value as OutputOf<K>
  }
  const statusOf = async (id: string) => ask('collectors.get', { id })
  const firing = async () => {
    const { alerts } = await ask('alerts.list', { states: ['firing'] })
    return alerts
      .filter(({ labels }) => ['db', 'cache'].includes(labels['collector'] ?? ''))
      .map(({ rule, severity }) => `${rule} ${severity}`)
      .sort()
  }
  const told = async () => {
    const { items } = await ask('inbox.list', { limit: 100 })
    return items.filter(({ title }) => /Shop/.test(title))
  }

  it('is collected while it runs, under the names of the field’s own exporters', async () => {
    await vi.waitFor(async () => {
      expect(await statusOf('db')).toMatchObject({ state: 'up', target: `127.0.0.1:${postgres.port}` })
      expect(await statusOf('cache')).toMatchObject({ state: 'up' })
    }, within)
    await vi.waitFor(async () => {
      const [connections] = await ask('metrics.latest', { metric: 'pg_settings_max_connections', matchers: [] })
      expect(connections).toMatchObject({ value: 100, labels: { collector: 'db' } })
      const up = await ask('metrics.latest', { metric: 'belfry_collector_up', matchers: [] })
      expect(up.map(({ labels, value }) => `${labels['collector']} ${labels['kind']} ${value}`).sort()).toEqual([
        'cache redis 1',
        'db postgres 1',
        'locked redis 0',
      ])
    }, within)
    expect(await statusOf('locked')).toMatchObject({ state: 'failing', reason: { code: 'wrong-password' } })
    expect(await firing()).toEqual([])
  })

  it('raises its preset alert after a minute, tells it once and says why', async () => {
    await postgres.stop()
    await redis.close()
    await vi.waitFor(
      async () => expect(await firing()).toEqual(['PostgresDown critical', 'RedisDown critical']),
      within,
    )
    await vi.waitFor(async () => expect(await told()).toHaveLength(2), within)
    const failures = (await ask('metrics.latest', { metric: 'belfry_collector_up', matchers: [] })).map(
      ({ value }) => value,
    )
    expect(failures).toEqual([0, 0, 0])
    // Nothing of before is told on, least of all as zeros.
    expect(await ask('metrics.latest', { metric: 'pg_settings_max_connections', matchers: [] })).toEqual([])
    // After five minutes the milder rule holds, too: it is shown, and told to nobody.
    await vi.waitFor(async () => expect(await firing()).toContain('PostgresConnectionErrors critical'), within)
    const messages = await told()
    expect(messages.map(({ title }) => title).sort()).toEqual([
      expect.stringContaining('Shop cache is down'),
      expect.stringContaining('Shop database has no database connection'),
    ])
    for (const { body } of messages) expect(body).toContain('refused the connection: nothing listens there.')
  })

  it('resolves when it is back', async () => {
    await postgres.restart([])
    redis = await redisServer('--requirepass', secret, '--port', String(redis.port))
    await vi.waitFor(async () => expect(await firing()).toEqual([]), within)
    await vi.waitFor(async () => {
      expect(await statusOf('db')).toMatchObject({ state: 'up' })
      expect(await statusOf('cache')).toMatchObject({ state: 'up' })
    }, within)
    expect(JSON.stringify([await ask('collectors.list', {}), live.log.lines])).not.toContain(secret)
  })
})
