import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redis } from '#main/checks/kinds/redis.ts'
import { freePort } from '#test/support/free-port.ts'
import { probe } from './probe.ts'
import { pour, rawServer } from './raw-server.ts'
import { redisIsThere, redisServer } from './redis-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const user = (name: string, may: string) => ['--user', name, 'on', '>canary-9d2f', may]

const real = async (...options: string[]) => {
  const server = await redisServer(...options)
  ends.push(server.close)
  return server.port
}

describe.skipIf(!redisIsThere())('a Redis check (needs the package redis-server)', () => {
  let port: number
  let close: () => Promise<void>
  beforeAll(async () => {
    const server = await redisServer('--requirepass', 'canary-9d2f', '--maxmemory', '100mb')
    port = server.port
    close = server.close
  })
  afterAll(() => close())
  const least = () => ({ host: '127.0.0.1', port, password: 'canary-9d2f' })

  it('is up when PING is answered, and shows what the server says of itself', async () => {
    const { result, evidence, sample, bugs } = await probe(redis, { ...least(), database: 3, role: 'master' })
    expect(result).toMatchObject({ outcome: 'up', reason: { code: 'ok', message: 'PONG.' } })
    expect(result.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'commands'])
    expect(evidence.facts?.[0]?.rows).toContainEqual({ name: 'role', value: 'master' })
    expect(evidence.assertions).toMatchObject([{ what: 'Role', passed: true }])
    expect(sample('redis_memory_max_bytes')).toBe(104_857_600)
    expect(sample('redis_connected_clients')).toBeGreaterThan(0)
    expect(bugs).toEqual([])
  })

  it.each([
    [{ password: 'wrong-canary' }, 'wrong-password'],
    [{ password: '' }, 'authentication-required'],
    [{ username: 'nobody' }, 'wrong-password'],
    [{ database: 9999 }, 'error-reply'],
    [{ role: 'replica' }, 'wrong-role'],
  ])('with %j is down with %s', async (config, code) => {
    const probed = await probe(redis, { ...least(), ...config })
    expect([probed.result.outcome, probed.result.reason.code]).toEqual(['down', code])
    expect(JSON.stringify(probed)).not.toContain('canary')
  })

  it('judges memory', async () => {
    const used = await probe(redis, { ...least(), warnMemoryPercent: 100 })
    expect(used.result.outcome).toBe('up')
    const full = await real('--maxmemory', '1200kb', '--maxmemory-policy', 'allkeys-lru')
    const { result } = await probe(redis, { host: '127.0.0.1', port: full, warnMemoryPercent: 10 })
    expect([result.outcome, result.reason.code]).toEqual(['degraded', 'memory-high'])
  })

  it('tells a password that nobody asked for, too many clients, and a user who may not ask', async () => {
    const open = await real('--maxclients', '1')
    expect((await probe(redis, { ...least(), port: open })).result.reason.code).toBe('no-password-set')
    const full = await real('--maxclients', '1')
    const holder = await connected(full)
    ends.push(() => holder.destroy())
    expect((await probe(redis, { host: '127.0.0.1', port: full })).result.reason.code).toBe('too-many-clients')
    const acl = await real(...user('watch', '+ping'), ...user('blind', '-@all'))
    const watch = { ...least(), port: acl, username: 'watch' }
    expect((await probe(redis, watch)).result.outcome).toBe('up')
    expect((await probe(redis, { ...watch, role: 'master' })).result.reason.code).toBe('not-authorized')
    expect((await probe(redis, { ...watch, username: 'blind' })).result.reason.code).toBe('not-authorized')
  })

  it('tells a replica that lost its master from one that serves none of its old data', async () => {
    const gone = String(await freePort())
    const stale = await real('--replicaof', '127.0.0.1', gone)
    const config = { host: '127.0.0.1', port: stale }
    expect((await probe(redis, config)).result.outcome).toBe('up')
    const broken = await probe(redis, { ...config, role: 'replica' })
    expect(broken.result.reason).toMatchObject({ code: 'replication-broken' })
    expect(broken.sample('redis_master_link_up')).toBe(0)
    expect((await probe(redis, { ...config, warnLagSeconds: 5 })).result.reason.code).toBe('replication-lagging')
    const strict = await real('--replicaof', '127.0.0.1', gone, '--replica-serve-stale-data', 'no')
    expect((await probe(redis, { host: '127.0.0.1', port: strict })).result.reason.code).toBe('master-down')
  })
})

describe('a Redis check that meets', () => {
  const saying = async (speak: (socket: Socket) => void) => {
    const server = await rawServer(speak, { greet: true })
    ends.push(server.close)
    return server
  }
  const answering = (text: string) => (socket: Socket) => void socket.on('data', () => socket.write(text))

  it.each([
    ['a server that loads', answering('-LOADING Redis is loading the dataset in memory\r\n'), 'loading'],
    [
      'protected mode',
      (socket: Socket) => void socket.end('-DENIED Redis is running in protected mode\r\n'),
      'protected-mode',
    ],
    ['a wrong word', answering('+PANG\r\n'), 'answer-mismatch'],
    ['an unknown error', answering('-constructor of trouble\r\n'), 'error-reply'],
    ['another protocol', answering('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol-error'],
    ['garbage', answering('\xff\x00\x01'), 'protocol-error'],
    ['a reply of a terabyte', answering('$1099511627776\r\n'), 'protocol-error'],
    ['a reply of no length', answering('$x\r\n'), 'protocol-error'],
    ['a line without end', (socket: Socket) => pour(socket, `+${'x'.repeat(10_000)}`), 'protocol-error'],
    ['silence', () => {}, 'timeout'],
    ['a drip', (socket: Socket) => void socket.write('+PO'), 'timeout'],
    ['an end', (socket: Socket) => void socket.end(), 'reset'],
    ['a reset', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy()), 'reset'],
  ] as readonly [string, (socket: Socket) => void, string][])('%s says so', async (_, speak, code) => {
    const server = await saying(speak)
    const { result, bugs } = await probe(redis, { host: '127.0.0.1', port: server.port }, 300)
    expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    expect(server.written()).toBeLessThan(20_000_000)
  })

  it('a server behind TLS shakes hands first', async () => {
    const server = await saying((socket) => void socket.write('+PONG\r\n'))
    const { result } = await probe(redis, { host: '127.0.0.1', port: server.port, tls: true })
    expect(result.reason.code).toBe('tls-handshake')
  })
})

describe('a pasted Redis URL', () => {
  it.each([
    ['redis://cache.example.com', { host: 'cache.example.com' }, 'cache.example.com:6379'],
    [
      'rediss://:s%40cret@10.0.0.1:6380/2',
      { host: '10.0.0.1', port: 6380, password: 's@cret', database: 2, tls: true },
      '10.0.0.1:6380/2',
    ],
    [
      'redis://me:pw@[2001:db8::7]:1',
      { host: '2001:db8::7', port: 1, username: 'me', password: 'pw' },
      '[2001:db8::7]:1',
    ],
    ['redis://h:443', { host: 'h', port: 443 }, 'h:443'],
  ])('%s puts its secret where secrets are kept', (text, config, target) => {
    const guessed = redis.guess?.(text)
    expect(guessed).toEqual(config)
    expect(redis.target(redis.config.parse(guessed))).toBe(target)
  })
})

async function connected(port: number): Promise<Socket> {
  const { connect } = await import('node:net')
  const socket = connect(port, '127.0.0.1')
  socket.write('PING\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}
