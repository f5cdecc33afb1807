/** The boards that ship with Belfry: sound by themselves, and full of data where there is something to see. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { boardQueries, boardScope, panelData } from '#main/dashboards/board-data.ts'
import { createMetricMetadata } from '#main/metrics/metadata.ts'
import { describeOwnMetrics } from '#main/metrics/own-metadata.ts'
import { builtInValues } from '#shared/domain/dashboard/built-in.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { interpolatePromql, plainValue } from '#shared/domain/dashboard/interpolate.ts'
import { compacted } from '#shared/domain/dashboard/layout.ts'
import { isDataPanel } from '#shared/domain/dashboard/panels.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { parseVariableQuery } from '#shared/domain/dashboard/variables.ts'
import { writtenDashboard } from '#shared/domain/dashboard/written.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { type PostgresServer, postgresPrograms, postgresServer } from '#test/checks/postgres-server.ts'
import { type RedisServer, redisIsThere, redisServer } from '#test/checks/redis-server.ts'
import { freePort } from '#test/support/free-port.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'

const directory = join(import.meta.dirname, '../../resources/dashboards')
const texts = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')] as const)

function boardOf(text: string): Dashboard {
  const parsed = parseDashboard(JSON.parse(text))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}
const boards = texts.map(([name, text]) => [name, boardOf(text)] as const)

describe.each(boards)('%s', (name, board) => {
  const stand = new Map([
    ...builtInValues({ from: 0, to: 3_600_000, stepMs: 15_000 }),
    // A metric's name and a label's: whatever a variable is of, this fits.
    ...board.variables.map((variable) => [variable.name, plainValue('some_name')] as const),
  ])

  it('is named as its uid, and has a title, a description and a tag', () => {
    expect(name).toBe(`${board.uid}.json`)
    expect(board.description).toMatch(/^[A-Z].{20,}\.$/)
    expect(board.tags.length).toBeGreaterThan(0)
  })

  it('holds nothing that is as by default', () => {
    expect(JSON.parse(readFileSync(join(directory, name), 'utf8'))).toEqual(JSON.parse(writtenDashboard(board)))
  })

  it('has panels that lie where they would fall to', () => {
    expect(board.panels.map(({ id, grid }) => [id, grid])).toEqual(
      compacted(board.panels).map(({ id, grid }) => [id, grid]),
    )
  })

  it('asks for what parses, and names what it refers to', () => {
    const known = new Set(stand.keys())
    for (const variable of board.variables) {
      if (variable.type === 'query') parseVariableQuery(interpolatePromql(variable.query, stand))
    }
    for (const panel of board.panels.filter(isDataPanel)) {
      expect(panel.title).not.toBe('')
      for (const { expr } of panel.targets) {
        for (const [, reference] of expr.matchAll(/\$\{?(\w+)/g)) expect(known).toContain(reference)
        parsePromql(interpolatePromql(expr, stand))
      }
    }
  })
})

/** What this machine and these servers have not, whatever is asked. */
const elsewhere: readonly string[] = [
  'this-machine: Temperatures', // A virtual machine has no sensors.
  'hosts: Temperatures',
  'checks: Certificates', // Nothing here speaks TLS.
  'checks: Next certificate ends in',
  'postgresql: Replicas are behind by', // A server without replicas.
  'postgresql: Replication lag',
  'redis: Replicas heard from',
  'redis: Log of writes (AOF)', // Not switched on.
  'belfry: Newest backup', // Recorded once a minute, as others of Belfry's own are, see below.
]

const missing = [
  ...(postgresPrograms() === null ? ['postgresql'] : []),
  ...(redisIsThere() ? [] : ['redis']),
  ...['prometheus', 'prometheus-node-exporter'].filter((program) => !isInstalled(program)),
]

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(missing.length > 0)(
  `over real servers (needs ${missing.join(', ') || 'all packages, which are there'})`,
  () => {
    const children: ChildProcess[] = []
    let folder: string
    let site: Server
    let database: PostgresServer
    let client: Client
    let cache: RedisServer
    let live: LiveConsole

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'belfry-shipped-'))
      database = await postgresServer('canary', ['shared_preload_libraries=pg_stat_statements'])
      client = new Client({
        host: '127.0.0.1',
        port: database.port,
        user: 'postgres',
        password: 'canary',
        database: 'postgres',
      })
      await client.connect()
      await client.query('CREATE EXTENSION pg_stat_statements')
      await client.query('CREATE TABLE orders AS SELECT n, n::text AS what FROM generate_series(1, 1000) AS n')
      cache = await redisServer('--maxmemory', '50mb')
      site = createServer((_, response) => response.end('well'))
      await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
      const sitePort = (site.address() as AddressInfo).port
      const [nodePort, prometheusPort] = [await freePort(), await freePort()]
      const start = (program: string, ...args: string[]) =>
        children.push(spawn(program, args, { stdio: 'ignore', cwd: folder }))
      start('prometheus-node-exporter', `--web.listen-address=127.0.0.1:${nodePort}`)
      writeFileSync(join(folder, 'prometheus.yml'), 'global: { scrape_interval: 1s }\n')
      start(
        'prometheus',
        '--config.file=prometheus.yml',
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      )
      const targets = [nodePort, prometheusPort, 1].map(
        (port) => `{ job_name: p${port}, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }`,
      )
      writeFileSync(
        join(folder, 'scrape.yml'),
        `global: { scrape_interval: 1s, scrape_timeout: 1s }\nscrape_configs: [${targets.join(', ')}]\n`,
      )
      live = await openLiveConsole({
        config: `
version: 1
prometheus: ${join(folder, 'scrape.yml')}
collection: { fast: 1s, medium: 1s, slow: 1s }
checks:
- { name: Site, kind: http, every: 1s, config: { url: 'http://127.0.0.1:${sitePort}/' } }
- { name: Here, kind: icmp, every: 1s, config: { host: 127.0.0.1 } }
- { name: Cache, kind: tcp, every: 1s, config: { host: 127.0.0.1, port: ${cache.port} } }
collectors:
- { name: Database, kind: postgres, every: 5s, config: { host: 127.0.0.1, port: ${database.port}, password: canary } }
- { name: Cache, kind: redis, every: 5s, config: { host: 127.0.0.1, port: ${cache.port} } }
`,
      })
      children.push(
        spawn('redis-cli', ['-p', String(cache.port), '-r', '-1', '-i', '0.2', 'mget', 'a', 'b'], { stdio: 'ignore' }),
      )
      execFileSync('redis-cli', ['-p', String(cache.port), 'set', 'a', '1', 'EX', '3600'])
    }, 60_000)
    afterAll(async () => {
      await live?.close()
      for (const child of children) child.kill('SIGKILL')
      await client?.end()
      await database?.close()
      await cache?.close()
      site?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    /** Panels without a single value, and those whose queries fail. */
    async function emptyPanels(): Promise<string[]> {
      const { handlers } = live.console
      const queries = boardQueries(handlers)
      const to = Date.now()
      const moment = { from: to - 300_000, to }
      const { signal } = new AbortController()
      const own = ownMetrics()
      const empty: string[] = []
      for (const [, board] of boards) {
        const scope = await boardScope(board, {}, moment, queries, signal)
        for (const panel of board.panels.filter(isDataPanel)) {
          const answers = await panelData(panel, scope, moment, 100, { queries, signal, title: board.title })
          for (const { refId, failure } of answers)
            if (failure !== null) empty.push(`${board.uid}: ${panel.title} ${refId}: ${failure}`)
          const hasValue = answers.some(({ series }) =>
            series.some(({ values }) => values.some((value) => value !== null)),
          )
          const isOwn = panel.targets.every(({ expr }) => own.some((metric) => expr.includes(metric)))
          if (!hasValue && !isOwn) empty.push(`${board.uid}: ${panel.title}`)
        }
      }
      return empty.filter((title) => !elsewhere.includes(title))
    }

    it('every panel has data', async () => {
      await vi.waitFor(async () => expect(await emptyPanels()).toEqual([]), { timeout: 60_000, interval: 2000 })
    }, 90_000)
  },
)

/** Belfry's own series are recorded once a minute, or when there is something to tell: that they are meant suffices. */
function ownMetrics(): string[] {
  const metadata = createMetricMetadata()
  describeOwnMetrics(metadata)
  const names = [...metadata.all().keys()]
  return names.filter((name) => name.startsWith('belfry_') && name !== 'belfry_check_state')
}
