import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redis } from '#main/collectors/services/kinds/redis.ts'
import { rawServer } from '#test/checks/raw-server.ts'
import { type RedisServer, redisIsThere, redisServer } from '#test/checks/redis-server.ts'
import { collect } from './collect.ts'

const secret = 'canary-77ad'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describe.skipIf(!redisIsThere())('a Redis collector (needs the package redis-server)', () => {
  let server: RedisServer
  const least = () => ({ host: '127.0.0.1', port: server.port, password: secret })
  beforeAll(async () => {
    server = await redisServer('--requirepass', secret, '--maxmemory', '64mb')
  })
  afterAll(() => server.close())

  it('reads PING and INFO under the names of redis_exporter', async () => {
    const read = await collect(redis, least())
    expect([read.code, read.reading.problems, read.bugs]).toEqual([null, [], []])
    expect(read.value('redis_memory_max_bytes')).toBe(67_108_864)
    expect(read.value('redis_memory_used_bytes')).toBeGreaterThan(100_000)
    expect(read.value('redis_ping_duration_seconds')).toBeGreaterThan(0)
    expect(read.value('redis_connected_clients')).toBeGreaterThan(0)
    expect(read.value('redis_keyspace_hits_total')).toBe(0)
    expect(read.value('redis_instance_info', { role: 'master', redis_mode: 'standalone' })).toBe(1)
    expect(read.value('redis_rdb_last_bgsave_status')).toBe(1)
    expect(read.names()).not.toContain('redis_master_link_up')
    expect(read.reading.facts).toContainEqual({ name: 'Memory limit', value: '64.00M' })
  })

  it.each([
    [{ password: 'wrong-canary' }, 'wrong-password', 'does not take this user name and password'],
    [{ password: '' }, 'authentication-required', 'wants a password, and none is configured'],
    [{ database: 4000 }, 'error-reply', 'DB index is out of range'],
    [{ tls: true }, 'tls-timeout', 'TLS handshake'],
    [{ port: 1 }, 'connection-refused', 'nothing listens there'],
    [{ host: 'nowhere.invalid' }, 'dns-', ''],
  ])('with %j fails by name', async (config, code, words) => {
    const read = await collect(redis, { ...least(), ...config }, { timeoutMs: 1000 })
    expect(read.code).toMatch(new RegExp(`^${code}`))
    expect(read.failure?.reason.message).toContain(words)
    expect(read.reading.metrics).toEqual([])
    expect(JSON.stringify(read)).not.toContain('canary')
    expect(read.bugs).toEqual([])
  })
})

describe('a server that is no Redis', () => {
  const speaking = async (answer: (socket: Socket) => void) => {
    const server = await rawServer(answer, { greet: true })
    ends.push(server.close)
    return { host: '127.0.0.1', port: server.port }
  }

  it('is told by what it says', async () => {
    const address = await speaking((socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad\r\n\r\n')))
    expect((await collect(redis, address)).code).toBe('protocol-error')
  })

  it('that answers INFO with other fields has another schema', async () => {
    const address = await speaking((socket) =>
      socket.on('data', (chunk) => socket.write(/PING/.test(String(chunk)) ? '+PONG\r\n' : '$5\r\na:b\r\n\r\n')),
    )
    expect((await collect(redis, address)).code).toBe('schema-changed')
  })

  it('that says nothing is ended at the deadline', async () => {
    const address = await speaking(() => {})
    const read = await collect(redis, address, { timeoutMs: 150 })
    expect(read.code).toBe('timeout')
  })
})
