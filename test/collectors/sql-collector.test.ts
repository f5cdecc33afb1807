import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '#main/collectors/services/kinds/sql.ts'
import { SqlConfig } from '#main/collectors/services/sql/read.ts'
import { statementProblem } from '#main/collectors/services/sql/statement.ts'
import { type PostgresServer, postgresPrograms, postgresServer } from '#test/checks/postgres-server.ts'
import { collect } from './collect.ts'

const secret = 'canary-90ee'

describe('a statement', () => {
  it.each([
    'SELECT 1',
    '  select count(*) AS value from orders;  ',
    'WITH a AS (SELECT 1 AS value) SELECT * FROM a',
    'VALUES (1), (2)',
    'TABLE orders',
    "SELECT 'insert into x; delete from y' AS note, 1 AS value",
    'SELECT "update x set", 1 FROM t -- ; DROP TABLE x',
    '/* first */ SELECT $tag$ ; drop table x $tag$::text, 1',
    'SELECT updated, deleted FROM changes WHERE for_update',
  ])('that reads is taken: %s', (text) => expect(statementProblem(text)).toBeNull())

  it.each([
    ['INSERT INTO orders VALUES (1)', 'came INSERT'],
    ['update orders set what = 1', 'came UPDATE'],
    ['DROP TABLE orders', 'came DROP'],
    ['SELECT 1; DROP TABLE orders', 'one statement, came several'],
    ['WITH gone AS (DELETE FROM orders RETURNING 1) SELECT * FROM gone', 'came DELETE'],
    ['WITH x AS (UPDATE ONLY public.orders AS o SET what = 1 RETURNING 1) TABLE x', 'came UPDATE'],
    ['SELECT * INTO copy FROM orders', 'came SELECT INTO'],
    ['SELECT * FROM orders FOR UPDATE', 'which locks rows'],
    ["COPY orders TO PROGRAM 'rm -rf /'", 'came COPY'],
    ['EXPLAIN ANALYZE DELETE FROM orders', 'came EXPLAIN'],
    ['SET default_transaction_read_only = off', 'came SET'],
    ['COMMIT', 'came COMMIT'],
    ['-- nothing', 'came nothing that can be run'],
  ])('that writes is refused before it is sent: %s', (text, words) => {
    expect(statementProblem(text)).toContain(words)
    const parsed = SqlConfig.safeParse({ host: 'db', query: text })
    expect(parsed.error?.issues).toMatchObject([{ path: ['query'], message: expect.stringContaining(words) }])
  })
})

describe.skipIf(postgresPrograms() === null)('an SQL collector (needs the package postgresql)', () => {
  let server: PostgresServer
  let client: Client
  const read = (query: string, more: object = {}) =>
    collect(sql, { host: '127.0.0.1', port: server.port, password: secret, query, ...more })
  beforeAll(async () => {
    server = await postgresServer(secret, [])
    client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password: secret })
    await client.connect()
    await client.query(
      "CREATE TABLE orders (state text, total numeric); INSERT INTO orders VALUES ('open', 7.5), ('open', 2), ('done', NULL)",
    )
    await client.query(
      "CREATE FUNCTION sneaky() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orders VALUES ('sneaked', 1); RETURN 1; END $$",
    )
    await client.query('CREATE SEQUENCE counter')
  }, 60_000)
  afterAll(async () => {
    await client.end()
    await server.close()
  })
  const rows = async () => Number((await client.query('SELECT count(*) AS n FROM orders')).rows[0]?.n)

  it('makes values and labels of columns', async () => {
    const found = await read(
      'SELECT state, count(*) AS n, sum(total) AS total, bool_or(total > 5) AS large FROM orders GROUP BY 1;',
      {
        metrics: [
          { name: 'orders', column: 'n', help: 'Orders by state' },
          { name: 'orders_sum', column: 'total' },
          { name: 'orders_large', column: 'large' },
        ],
      },
    )
    expect([found.code, found.reading.problems, found.bugs]).toEqual([null, [], []])
    expect(found.value('orders', { state: 'open' })).toBe(2)
    expect(found.value('orders_sum', { state: 'open' })).toBe(9.5)
    expect(found.value('orders_large', { state: 'open' })).toBe(1)
    expect(found.reading.metrics[1]?.samples).toHaveLength(1)
    expect(found.reading.facts).toEqual([{ name: 'Rows', value: '2' }])
  })

  it.each([
    ['SELECT sneaky() AS value', 'read-only'],
    ["SELECT nextval('counter') AS value", 'read-only'],
    ["SELECT set_config('transaction_read_only', 'off', false) AS value", 'query-failed'],
  ])('writes nothing though the statement looks as if it read: %s', async (query, code) => {
    const before = await rows()
    const found = await read(query)
    expect(found.code).toBe(code)
    expect(await rows()).toBe(before)
    expect((await client.query('SELECT is_called FROM counter')).rows[0]?.is_called).toBe(false)
  })

  it.each([
    ['SELECT 1 AS other', {}, 'schema-changed', 'without a column "value"; it has other'],
    ['SELECT n AS value FROM generate_series(1, 50) AS n', { mostRows: 10 }, 'too-many-rows', 'more than 10 rows'],
    ["SELECT 'many' AS value", {}, 'not-a-number', 'expected a number in the column "value", came "many"'],
    ['SELECT 1 AS value, 2 AS instance', {}, 'schema-changed', 'The column "instance" cannot be a label'],
    ['SELECT value FROM nowhere', {}, 'query-failed', 'relation "nowhere" does not exist'],
    ['SELECT pg_sleep(10), 1 AS value', {}, 'timeout', ''],
    ['SELECT 1 AS value', { password: 'wrong-canary' }, 'wrong-password', 'does not take this user name'],
  ])('%s with %j fails with %s', async (query, more, code, words) => {
    const config = { host: '127.0.0.1', port: server.port, password: secret, query, ...more }
    const found = await collect(sql, config, { timeoutMs: code === 'timeout' ? 400 : 5000 })
    expect(found.code).toBe(code)
    expect(found.failure?.reason.message).toContain(words)
    expect(JSON.stringify(found)).not.toContain('canary')
    expect(found.bugs).toEqual([])
  })
})
