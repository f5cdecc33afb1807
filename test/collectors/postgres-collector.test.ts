import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgres } from '#main/collectors/services/kinds/postgres.ts'
import { type PostgresServer, postgresPrograms, postgresServer } from '#test/checks/postgres-server.ts'
import { collect } from './collect.ts'

const secret = 'canary-31cc'

describe.skipIf(postgresPrograms() === null)('a PostgreSQL collector (needs the package postgresql)', () => {
  let server: PostgresServer
  const least = () => ({ host: '127.0.0.1', port: server.port, password: secret })
  const connected = async () => {
    const client = new Client({ ...least(), user: 'postgres', database: 'postgres', application_name: 'shop' })
    await client.connect()
    return client
  }
  beforeAll(async () => {
    server = await postgresServer(secret, ['max_connections=20', 'shared_preload_libraries=pg_stat_statements'])
    const client = await connected()
    for (const text of [
      'CREATE EXTENSION pg_stat_statements',
      'CREATE TABLE orders (id int PRIMARY KEY, what text)',
      "INSERT INTO orders SELECT n, repeat('x', 100) FROM generate_series(1, 1000) AS n",
      'ANALYZE orders',
      `CREATE USER watcher PASSWORD '${secret}'`,
      `CREATE USER stranger PASSWORD '${secret}'`,
      'GRANT pg_monitor TO watcher',
    ]) {
      await client.query(text)
    }
    await client.end()
  }, 60_000)
  afterAll(() => server.close())

  it('reads a server under the names of postgres_exporter, with the role pg_monitor alone', async () => {
    const client = await connected()
    await client.query('BEGIN')
    await client.query('LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    const read = await collect(postgres, { ...least(), username: 'watcher' })
    await client.end()
    expect([read.code, read.bugs]).toEqual([null, []])
    expect(read.reading.problems).toEqual([expect.stringMatching(/^Tables could not be read: .*lock timeout/)])
    expect(read.value('pg_settings_max_connections')).toBe(20)
    expect(read.value('pg_stat_activity_count', { datname: 'postgres', state: 'idle in transaction' })).toBe(1)
    expect(read.value('pg_stat_activity_count', { datname: 'postgres', state: 'active' })).toBe(0)
    expect(read.value('pg_stat_activity_max_tx_duration', { state: 'idle in transaction' })).toBeGreaterThan(0)
    expect(read.value('pg_ping_duration_seconds')).toBeGreaterThan(0)
    expect(read.value('pg_database_size_bytes', { datname: 'postgres' })).toBeGreaterThan(1_000_000)
    expect(read.value('pg_stat_database_blks_hit', { datname: 'postgres' })).toBeGreaterThan(0)
    expect(read.value('pg_stat_database_deadlocks', { datname: 'postgres' })).toBe(0)
    expect(read.value('pg_locks_count', { mode: 'accessexclusivelock' })).toBe(1)
    expect(read.value('pg_replication_is_replica')).toBe(0)
    expect(read.names()).not.toContain('pg_replication_lag_seconds')
    expect(read.reading.facts).toContainEqual({ name: 'Role', value: 'primary' })
  })

  it('reads tables and the slowest statements', async () => {
    const read = await collect(postgres, { ...least(), username: 'watcher' })
    expect(read.reading.problems).toEqual([])
    expect(read.value('pg_stat_user_tables_table_size_bytes', { relname: 'orders' })).toBeGreaterThan(100_000)
    expect(read.value('pg_stat_user_tables_n_live_tup', { relname: 'orders' })).toBeGreaterThan(0)
    expect(read.value('pg_stat_statements_calls_total', { user: 'postgres', datname: 'postgres' })).toBeGreaterThan(0)
    const texts = read.reading.metrics.find(({ name }) => name === 'pg_stat_statements_query_id')
    expect(texts?.samples.map(({ labels }) => labels['query'])).toContainEqual(
      expect.stringContaining('INSERT INTO orders SELECT'),
    )
  })

  it('counts the queries that run for longer than the threshold', async () => {
    const client = await connected()
    const slow = client.query('SELECT pg_sleep(30)').catch(() => undefined) // Ended by us.
    await expect
      .poll(async () => {
        const read = await collect(postgres, { ...least(), slowQueryMs: 50 })
        return [read.value('pg_slow_queries'), read.reading.facts.some(({ name }) => name === 'Slow query')]
      })
      .toEqual([1, true])
    const watched = await collect(postgres, { ...least(), slowQueryMs: 60_000 })
    expect(watched.value('pg_slow_queries')).toBe(0)
    const other = await connected()
    await other.query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
    await other.end()
    await slow
    await client.end()
  })

  it('says what a user without pg_monitor does not see, and reads the rest', async () => {
    const read = await collect(postgres, { ...least(), username: 'stranger' })
    expect(read.code).toBeNull()
    expect(read.reading.problems).toContainEqual(expect.stringContaining('GRANT pg_monitor'))
    expect(read.value('pg_settings_max_connections')).toBe(20)
  })

  it.each([
    [{ password: 'wrong-canary' }, 'wrong-password', 'does not take this user name and password'],
    [{ password: '' }, 'authentication-required', 'wants a password, and none is configured here'],
    [{ username: 'nobody' }, 'wrong-password', 'does not take'],
    [{ database: 'nowhere' }, 'database-missing', 'database "nowhere" does not exist'],
    [{ tls: 'require' }, 'starttls-refused', 'does not offer TLS'],
    [{ port: 1 }, 'connection-refused', 'nothing listens there'],
  ])('with %j fails by name', async (config, code, words) => {
    const read = await collect(postgres, { ...least(), ...config })
    expect([read.code, read.failure?.outcome]).toEqual([code, 'down'])
    expect(read.failure?.reason.message).toContain(words)
    expect(read.reading.metrics).toEqual([])
    expect(JSON.stringify(read)).not.toContain('canary')
    expect(read.bugs).toEqual([])
  })

  it('leaves nothing behind: what it says holds for its own transaction', async () => {
    const client = await connected()
    const count = async () =>
      (await client.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'belfry'")).rows[0]
        ?.n
    await collect(postgres, least())
    await expect.poll(count).toBe(0)
    await client.end()
  })
})
