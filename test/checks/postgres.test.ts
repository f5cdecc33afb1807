import type { Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '#main/checks/kinds/postgres.ts'
import { freePort } from '#test/support/free-port.ts'
import { makeCertificates, opensslIsThere } from './certificates.ts'
import { type PostgresServer, postgresPrograms, postgresServer } from './postgres-server.ts'
import { probe } from './probe.ts'
import { pour, rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const secret = 'canary-7b1e'

describe.skipIf(postgresPrograms() === null)('a PostgreSQL check (needs the package postgresql)', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await postgresServer(secret, ['max_connections=4', 'superuser_reserved_connections=0'])
  }, 60_000)
  afterAll(() => server.close())
  const least = () => ({ host: '127.0.0.1', port: server.port, password: secret })

  it('logs in, asks and shows what the server is', async () => {
    const { result, evidence, sample, bugs } = await probe(postgres, { ...least(), role: 'primary' })
    expect(result).toMatchObject({ outcome: 'up', reason: { code: 'ok' } })
    expect(result.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'starttls', 'auth', 'query'])
    expect(evidence.facts?.[0]?.rows).toEqual([
      { name: 'version', value: expect.stringMatching(/^\d+/) },
      { name: 'role', value: 'primary' },
      { name: 'rows', value: '1' },
      { name: 'first value', value: '1' },
    ])
    expect([sample('probe_postgres_value'), sample('probe_postgres_in_recovery')]).toEqual([1, 0])
    expect(bugs).toEqual([])
  })

  it.each([
    [{ query: "SELECT 'ready', 2", expected: 'ready' }, 'up', 'ok'],
    [{ query: "SELECT 'ready'", expected: 'done' }, 'down', 'value-mismatch'],
    [{ query: "SELECT 'v15.2'", expectedPattern: '^v15' }, 'up', 'ok'],
    [{ query: "SELECT 'v15.2'", expectedPattern: '^v16' }, 'down', 'value-mismatch'],
    [{ query: 'SELECT NULL', expected: 'x' }, 'down', 'value-mismatch'],
    [{ query: 'SELECT 1 WHERE false', expected: 'x' }, 'down', 'value-mismatch'],
    [{ query: 'SELEC 1' }, 'down', 'query-failed'],
    [{ query: 'SELECT 1; SELECT 2' }, 'down', 'query-failed'],
    [{ query: 'CREATE TABLE t ()' }, 'down', 'read-only'],
    [{ query: "SELECT repeat('x', 1000) FROM generate_series(1, 100000)" }, 'down', 'protocol-error'],
    [{ database: 'nowhere' }, 'down', 'database-missing'],
    [{ password: 'wrong-canary' }, 'down', 'wrong-password'],
    [{ password: '' }, 'down', 'authentication-required'],
    [{ role: 'replica' }, 'down', 'wrong-role'],
    [{ tls: 'require' }, 'down', 'starttls-refused'],
  ])('with %j is %s, %s', async (config, outcome, code) => {
    const probed = await probe(postgres, { ...least(), ...config })
    expect([probed.result.outcome, probed.result.reason.code]).toEqual([outcome, code])
    expect(JSON.stringify(probed)).not.toContain('canary')
    expect(probed.bugs).toEqual([])
  })

  it('is cut short at its deadline, whatever the query does', async () => {
    const { result } = await probe(postgres, { ...least(), query: 'SELECT pg_sleep(60)' }, 400)
    expect([result.outcome, result.reason.code]).toEqual(['down', 'timeout'])
    expect(result.durationMs).toBeLessThan(900)
  })

  it('tells that there are too many connections', async () => {
    const holders = Array.from({ length: 4 }, () => new Client({ ...least(), user: 'postgres', database: 'postgres' }))
    ends.push(() => Promise.all(holders.map((holder) => holder.end())))
    for (const holder of holders) await holder.connect().catch(() => {})
    expect((await probe(postgres, least())).result.reason.code).toBe('too-many-connections')
  })

  it('looks for a password nowhere but in its own options', async () => {
    process.env['PGPASSWORD'] = secret
    ends.push(() => delete process.env['PGPASSWORD'])
    expect((await probe(postgres, { ...least(), password: '' })).result.reason.code).toBe('authentication-required')
  })

  it.skipIf(!opensslIsThere())(
    'goes on in TLS, and verifies only when told to (needs the package openssl)',
    async () => {
      const { good, wrongHost, root } = makeCertificates()
      server.write('server.key', good.key)
      server.write('server.crt', good.cert)
      await server.restart(['ssl=on'])
      const preferred = await probe(postgres, least())
      expect(preferred.result.outcome).toBe('up')
      expect(preferred.evidence.tls?.protocol).toBe('TLSv1.3')
      expect((await probe(postgres, { ...least(), tls: 'require' })).result.outcome).toBe('up')
      expect((await probe(postgres, { ...least(), tls: 'verify' })).result.reason.code).toBe('tls-incomplete-chain')
      expect((await probe(postgres, { ...least(), tls: 'verify', authorities: root })).result.outcome).toBe('up')
      expect((await probe(postgres, { ...least(), tls: 'off' })).evidence.tls).toBeUndefined()
      server.write('server.key', wrongHost.key)
      server.write('server.crt', wrongHost.cert)
      await server.restart(['ssl=on'])
      const wrong = await probe(postgres, { ...least(), tls: 'verify', authorities: root })
      expect(wrong.result.reason.code).toBe('tls-wrong-host')
    },
  )

  it('tells a server that reads only, a replica, and one that takes nobody yet', async () => {
    await server.restart(['default_transaction_read_only=on'])
    expect((await probe(postgres, { ...least(), role: 'primary' })).result.reason.code).toBe('read-only')
    server.write('standby.signal', '')
    await server.restart(['hot_standby=on'])
    const replica = await probe(postgres, { ...least(), role: 'replica' })
    expect(replica.result.outcome).toBe('up')
    expect(replica.sample('probe_postgres_in_recovery')).toBe(1)
    expect((await probe(postgres, { ...least(), role: 'primary' })).result.reason.code).toBe('read-only-replica')
    await server.restart(['hot_standby=off'])
    expect((await probe(postgres, least())).result.reason.code).toBe('starting-up')
  })
})

/** A message of the server: its letter, its length, its content. */
const message = (letter: string, content: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(letter), length, content])
}
const refusal = (state: string, text: string) => message('E', Buffer.from(`SFATAL\0C${state}\0M${text}\0\0`))

describe('a PostgreSQL check that meets', () => {
  const afterHello =
    (...bytes: Buffer[]) =>
    (socket: Socket) =>
      void socket.once('data', () => socket.write(Buffer.concat(bytes)))
  const isIn = message('R', Buffer.alloc(4))
  const isReady = message('Z', Buffer.from('I'))

  it.each([
    ['a server that shuts down', afterHello(refusal('57P03', 'the database system is shutting down')), 'shutting-down'],
    ['a server that starts', afterHello(refusal('57P03', 'the database system is starting up')), 'starting-up'],
    ['a full disk', afterHello(refusal('53100', 'no space left')), 'out-of-resources'],
    ['an unknown state', afterHello(refusal('constructor', 'odd')), 'query-failed'],
    ['another protocol', afterHello(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), 'timeout'],
    ['a message without an end', afterHello(message('R', Buffer.alloc(0)).fill(0x7f, 1)), 'timeout'],
    ['a message shorter than it says', afterHello(message('R', Buffer.from([0]))), 'protocol-error'],
    ['a message of an unknown kind', afterHello(message('\u0001', Buffer.alloc(4))), 'protocol-error'],
    ['rows that nobody asked for', afterHello(message('D', Buffer.from([0xff, 0xff]))), 'protocol-error'],
    [
      'a login with a lying row',
      afterHello(isIn, isReady, message('T', Buffer.from([0x7f, 0xff, 0]))),
      'protocol-error',
    ],
    [
      'endless messages',
      (socket: Socket) => void socket.once('data', () => pour(socket, message('N', Buffer.alloc(60_000, 0)))),
      'protocol-error',
    ],
    ['silence', () => {}, 'timeout'],
    ['a drip', afterHello(Buffer.from('R')), 'timeout'],
    ['an end', (socket: Socket) => void socket.end(), 'reset'],
    ['a reset', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy()), 'reset'],
  ] as readonly [string, (socket: Socket) => void, string][])('%s says so', async (_, speak, code) => {
    const server = await rawServer(speak, { greet: true })
    ends.push(server.close)
    const { result, bugs } = await probe(postgres, { host: '127.0.0.1', port: server.port, tls: 'off' }, 400)
    expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    expect(server.written()).toBeLessThan(20_000_000)
  })

  it('nobody says so', async () => {
    const { result } = await probe(postgres, { host: '127.0.0.1', port: await freePort() })
    expect(result.reason.code).toBe('connection-refused')
  })
})

describe('a pasted PostgreSQL URL', () => {
  it.each([
    ['postgres://db.example.com', { host: 'db.example.com' }, 'db.example.com:5432/postgres'],
    [
      'postgresql://me:s%2Fcret@10.0.0.1:6432/shop?sslmode=verify-full',
      { host: '10.0.0.1', port: 6432, database: 'shop', username: 'me', password: 's/cret', tls: 'verify' },
      '10.0.0.1:6432/shop',
    ],
    ['postgres://db/a?sslmode=disable', { host: 'db', database: 'a', tls: 'off' }, 'db:5432/a'],
  ])('%s puts its secret where secrets are kept', (text, config, target) => {
    const guessed = postgres.guess?.(text)
    expect(guessed).toEqual(config)
    expect(postgres.target(postgres.config.parse(guessed))).toBe(target)
  })
})
