/** One run against PostgreSQL: everything in one transaction that only reads, each part by itself. */
import { z } from 'zod'
import { down, type Failure } from '#main/checks/network/failure.ts'
import { joinHostPort, parseHost } from '#main/checks/network/host.ts'
import { postgresLogin, postgresSecurity } from '#main/checks/postgres-probe/config.ts'
import { type PostgresSession, type Rows, talkToPostgres } from '#main/checks/postgres-probe/session.ts'
import type { CollectorStatus } from '#shared/contract/collectors.ts'
import { type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { gatherMetrics, type Metrics } from '../metrics.ts'
import {
  activityQuestion,
  databaseColumns,
  databasesQuestion,
  lagQuestion,
  locksQuestion,
  postgresMetrics,
  replicasQuestion,
  serverQuestion,
  slowQuestion,
  statementsExtension,
  statementsQuestion,
  tablesQuestion,
} from './questions.ts'

export const PostgresCollectorConfig = z
  .strictObject({
    ...postgresLogin,
    slowQueryMs: z.number().int().min(1).max(3_600_000).default(1000).meta({
      title: 'A query is slow from',
      description: 'Those that run for longer now are counted',
      unit: 'ms',
      group: 'What is read',
    }),
    databases: z.number().int().min(0).max(500).default(50).meta({
      title: 'Databases',
      description: 'At most so many, the largest first',
      group: 'What is read',
    }),
    tables: z.number().int().min(0).max(500).default(20).meta({
      title: 'Tables',
      description: 'Of this database, the largest first; 0: none',
      group: 'What is read',
    }),
    statements: z.number().int().min(0).max(200).default(20).meta({
      title: 'Statements',
      description: 'Of pg_stat_statements, the slowest by mean first; 0: none',
      group: 'What is read',
    }),
    ...postgresSecurity,
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
type PostgresCollectorConfig = z.output<typeof PostgresCollectorConfig>

const oldestVersion = 120_000
const lockTimeoutMs = 1000
const slowShown = 3

export async function readPostgres(
  config: PostgresCollectorConfig,
  { clock, timeoutMs }: ServicePorts,
  signal: AbortSignal,
): Promise<Reading> {
  const subject = joinHostPort(config.host, config.port)
  const metrics = gatherMetrics(postgresMetrics)
  const problems: string[] = []
  const talked = await talkToPostgres(config, clock, signal, async (session) => {
    await begin(session, timeoutMs)
    const startedMs = clock.monotonicMs()
    await session.ask('SELECT 1')
    metrics.add('pg_ping_duration_seconds', (clock.monotonicMs() - startedMs) / 1000)
    const server = await readServer(session, metrics)
    if (server.version < oldestVersion) return { tooOld: server.versionText }
    if (!server.maySee) {
      problems.push(
        'This user sees little of what others do: connections have no state and slow queries are not counted. Run: GRANT pg_monitor TO the user.',
      )
    }
    const facts: CollectorStatus['facts'] = [
      { name: 'Version', value: server.versionText },
      { name: 'Role', value: server.isReplica ? 'replica' : 'primary' },
    ]
    for (const part of partsOf(config, server)) {
      const rows = await session.askAside(part.question)
      if ('rows' in rows) facts.push(...(part.take(rows, metrics) ?? []))
      else problems.push(problemOf(part.what, rows))
    }
    if (config.statements > 0) await readStatements(session, config.statements, server.version, metrics, problems)
    return { facts }
  })
  if ('failure' in talked) throw new ServiceRefusal(talked.failure)
  const { value } = talked
  if ('tooOld' in value) {
    const message = `${subject} is PostgreSQL ${value.tooOld}; expected 12 or newer.`
    throw new ServiceRefusal(down('version-too-old', message))
  }
  return { metrics: metrics.all(), facts: value.facts, problems }
}

/** What is set holds for this transaction only: behind a pooler the session is not ours to change. */
export async function begin(session: PostgresSession, timeoutMs: number): Promise<void> {
  await session.ask('BEGIN READ ONLY')
  await session.ask(`SET LOCAL statement_timeout = ${Math.round(timeoutMs)}`)
  await session.ask(`SET LOCAL lock_timeout = ${lockTimeoutMs}`)
}

interface Server {
  readonly version: number
  readonly versionText: string
  readonly isReplica: boolean
  readonly maySee: boolean
}

async function readServer(session: PostgresSession, metrics: Metrics): Promise<Server> {
  const { rows } = await session.ask(serverQuestion)
  const [version, versionText, recovery, startedAt, most, reserved, maySee] = rows[0] ?? []
  metrics.add('pg_static', 1, { short_version: versionText?.split(' ', 1)[0] ?? '' })
  metrics.add('pg_postmaster_start_time_seconds', numberOf(startedAt))
  metrics.add('pg_settings_max_connections', numberOf(most))
  metrics.add('pg_settings_superuser_reserved_connections', numberOf(reserved))
  const isReplica = recovery === 't'
  metrics.add('pg_replication_is_replica', isReplica ? 1 : 0)
  return { version: Number(version), versionText: versionText ?? '', isReplica, maySee: maySee === 't' }
}

interface Part {
  /** As the subject of a sentence. */
  readonly what: string
  readonly question: string
  take(rows: Rows, metrics: Metrics): CollectorStatus['facts'] | undefined
}

function partsOf(config: PostgresCollectorConfig, server: Server): Part[] {
  const parts: Part[] = [
    { what: 'Connections', question: activityQuestion, take: takeActivity(server) },
    { what: 'Running queries', question: slowQuestion(config.slowQueryMs), take: takeSlow },
    { what: 'Locks', question: locksQuestion, take: takeLocks },
    { what: 'Replication lag', question: lagQuestion, take: takeLag(server) },
    { what: 'Replicas', question: replicasQuestion, take: takeReplicas },
  ]
  if (config.databases > 0) {
    parts.push({ what: 'Databases', question: databasesQuestion(config.databases), take: takeDatabases })
  }
  if (config.tables > 0) parts.push({ what: 'Tables', question: tablesQuestion(config.tables), take: takeTables })
  return parts
}

function takeActivity({ maySee }: Server): Part['take'] {
  return ({ rows }, metrics) => {
    for (const [datname, state, count, oldest] of rows) {
      const labels = { datname: datname ?? '', state: state ?? '' }
      // Whose state is hidden is only worth a word where somebody is hidden.
      if (state === 'hidden' && (maySee || count === '0')) continue
      metrics.add('pg_stat_activity_count', numberOf(count), labels)
      metrics.add('pg_stat_activity_max_tx_duration', numberOf(oldest), labels)
    }
    return undefined
  }
}

const takeSlow: Part['take'] = ({ rows }, metrics) => {
  metrics.add('pg_slow_queries', rows.length)
  metrics.add('pg_slow_queries_max_duration_seconds', numberOf(rows[0]?.[3]) ?? 0)
  return rows.slice(0, slowShown).map(([pid, user, database, seconds]) => ({
    name: 'Slow query',
    value: `process ${pid}, user ${user}, database ${database}: for ${Number(seconds).toFixed(1)} s`,
  }))
}

const takeLocks: Part['take'] = ({ rows }, metrics) => {
  let waiting = 0
  for (const [datname, mode, count, awaited] of rows) {
    const label = (mode ?? '').toLowerCase()
    metrics.add('pg_locks_count', numberOf(count), { datname: datname ?? '', mode: label })
    waiting += Number(awaited)
  }
  metrics.add('pg_locks_waiting', waiting)
  return undefined
}

function takeLag({ isReplica }: Server): Part['take'] {
  return ({ rows }, metrics) => {
    if (isReplica) metrics.add('pg_replication_lag_seconds', numberOf(rows[0]?.[0]))
    return undefined
  }
}

const takeReplicas: Part['take'] = ({ rows }, metrics) => {
  for (const [application, address, state, bytes] of rows) {
    const labels = { application_name: application ?? '', client_addr: address ?? '', state: state ?? '' }
    metrics.add('pg_stat_replication_pg_wal_lsn_diff', numberOf(bytes), labels)
  }
  return rows.length === 0 ? undefined : [{ name: 'Replicas', value: String(rows.length) }]
}

const takeDatabases: Part['take'] = ({ rows }, metrics) => {
  for (const [datname, size, ...values] of rows) {
    const labels = { datname: datname ?? '' }
    metrics.add('pg_database_size_bytes', numberOf(size), labels)
    for (const [index, column] of databaseColumns.entries()) {
      metrics.add(`pg_stat_database_${column}`, numberOf(values[index]), labels)
    }
  }
  return undefined
}

const takeTables: Part['take'] = ({ rows }, metrics) => {
  for (const [datname, schemaname, relname, size, indexes, live, dead] of rows) {
    const labels = { datname: datname ?? '', schemaname: schemaname ?? '', relname: relname ?? '' }
    metrics.add('pg_stat_user_tables_table_size_bytes', numberOf(size), labels)
    metrics.add('pg_stat_user_tables_index_size_bytes', numberOf(indexes), labels)
    metrics.add('pg_stat_user_tables_n_live_tup', numberOf(live), labels)
    metrics.add('pg_stat_user_tables_n_dead_tup', numberOf(dead), labels)
  }
  return undefined
}

async function readStatements(
  session: PostgresSession,
  most: number,
  version: number,
  metrics: Metrics,
  problems: string[],
): Promise<void> {
  const installed = await session.askAside(statementsExtension)
  const schema = 'rows' in installed ? installed.rows[0]?.[0] : null
  // Where it is not installed there is nothing to read, and nothing wrong.
  if (schema === null || schema === undefined) return
  const found = await session.askAside(statementsQuestion(schema, version, most))
  if (!('rows' in found)) return void problems.push(problemOf('pg_stat_statements', found))
  for (const [datname, user, queryid, calls, seconds, rows, mean, text] of found.rows) {
    const labels = { user: user ?? '', datname: datname ?? '', queryid: queryid ?? '' }
    metrics.add('pg_stat_statements_calls_total', numberOf(calls), labels)
    metrics.add('pg_stat_statements_seconds_total', numberOf(seconds), labels)
    metrics.add('pg_stat_statements_rows_total', numberOf(rows), labels)
    metrics.add('pg_stat_statements_mean_seconds', numberOf(mean), labels)
    // Of one statement of several users the text is the same.
    metrics.add('pg_stat_statements_query_id', 1, { ...labels, query: text ?? '' })
  }
}

function problemOf(what: string, { reason }: Failure): string {
  return `${what} could not be read: ${reason.message}`
}

/** Null and what is no number: nothing to tell. */
function numberOf(text: string | null | undefined): number | null {
  return text === null || text === undefined || text.trim() === '' ? null : Number(text)
}
