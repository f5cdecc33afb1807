/**
 * What a PostgreSQL server is asked, by version (12 to 17), and the metrics its answers become: postgres_exporter's names
 * where it has one. Source: PostgreSQL, chapter "The Cumulative Statistics System"; prometheus-community/postgres_exporter.
 */
import type { MetricAbout } from '../metrics.ts'

export const postgresMetrics = {
  pg_static: { type: 'gauge', help: 'Version of the server, as a label' },
  pg_ping_duration_seconds: { type: 'gauge', help: 'Time SELECT 1 took', unit: 'seconds' },
  pg_postmaster_start_time_seconds: { type: 'gauge', help: 'When the server was started', unit: 'seconds' },
  pg_settings_max_connections: { type: 'gauge', help: 'Connections the server takes' },
  pg_settings_superuser_reserved_connections: { type: 'gauge', help: 'Connections kept for superusers' },
  pg_stat_activity_count: { type: 'gauge', help: 'Client connections by database and state' },
  pg_stat_activity_max_tx_duration: { type: 'gauge', help: 'Age of the oldest transaction', unit: 'seconds' },
  pg_slow_queries: { type: 'gauge', help: 'Queries that run for longer than the threshold now' },
  pg_slow_queries_max_duration_seconds: { type: 'gauge', help: 'Age of the slowest of them', unit: 'seconds' },
  pg_database_size_bytes: { type: 'gauge', help: 'Size of a database on disk', unit: 'bytes' },
  pg_stat_database_numbackends: { type: 'gauge', help: 'Backends connected to a database' },
  pg_stat_database_xact_commit: { type: 'counter', help: 'Transactions committed' },
  pg_stat_database_xact_rollback: { type: 'counter', help: 'Transactions rolled back' },
  pg_stat_database_blks_read: { type: 'counter', help: 'Blocks read from disk' },
  pg_stat_database_blks_hit: { type: 'counter', help: 'Blocks found in the cache' },
  pg_stat_database_tup_returned: { type: 'counter', help: 'Rows scanned' },
  pg_stat_database_tup_fetched: { type: 'counter', help: 'Rows fetched by an index' },
  pg_stat_database_tup_inserted: { type: 'counter', help: 'Rows inserted' },
  pg_stat_database_tup_updated: { type: 'counter', help: 'Rows updated' },
  pg_stat_database_tup_deleted: { type: 'counter', help: 'Rows deleted' },
  pg_stat_database_conflicts: { type: 'counter', help: 'Queries cancelled by recovery on a replica' },
  pg_stat_database_temp_files: { type: 'counter', help: 'Temporary files made' },
  pg_stat_database_temp_bytes: { type: 'counter', help: 'Written to temporary files', unit: 'bytes' },
  pg_stat_database_deadlocks: { type: 'counter', help: 'Deadlocks found' },
  pg_locks_count: { type: 'gauge', help: 'Locks held or awaited by database and mode' },
  pg_locks_waiting: { type: 'gauge', help: 'Locks that are waited for' },
  pg_replication_is_replica: { type: 'gauge', help: '1 where the server follows another' },
  pg_replication_lag_seconds: {
    type: 'gauge',
    help: 'Age of the newest transaction replayed on a replica',
    unit: 'seconds',
  },
  pg_stat_replication_pg_wal_lsn_diff: { type: 'gauge', help: 'Bytes a replica is behind', unit: 'bytes' },
  pg_stat_user_tables_table_size_bytes: { type: 'gauge', help: 'Size of a table without indexes', unit: 'bytes' },
  pg_stat_user_tables_index_size_bytes: { type: 'gauge', help: 'Size of a table’s indexes', unit: 'bytes' },
  pg_stat_user_tables_n_live_tup: { type: 'gauge', help: 'Rows of a table, estimated' },
  pg_stat_user_tables_n_dead_tup: { type: 'gauge', help: 'Dead rows of a table, estimated' },
  pg_stat_statements_calls_total: { type: 'counter', help: 'Times a statement was run' },
  pg_stat_statements_seconds_total: { type: 'counter', help: 'Time spent in a statement', unit: 'seconds' },
  pg_stat_statements_rows_total: { type: 'counter', help: 'Rows a statement gave or changed' },
  pg_stat_statements_mean_seconds: { type: 'gauge', help: 'Mean time of a statement', unit: 'seconds' },
  pg_stat_statements_query_id: { type: 'gauge', help: 'Beginning of a statement’s text, as a label' },
} as const satisfies Readonly<Record<string, MetricAbout>>

export const serverQuestion = `SELECT current_setting('server_version_num'), current_setting('server_version'),
  pg_is_in_recovery(), extract(epoch FROM pg_postmaster_start_time()),
  current_setting('max_connections'), current_setting('superuser_reserved_connections'),
  pg_has_role(current_user, 'pg_monitor', 'USAGE')`

/** Those of clients; our own connection is one of them, and is left out. */
export const activityQuestion = `SELECT d.datname, s.state,
  count(a.pid), coalesce(max(extract(epoch FROM clock_timestamp() - a.xact_start)), 0)
FROM pg_database d
CROSS JOIN unnest(ARRAY['active', 'idle', 'idle in transaction', 'idle in transaction (aborted)',
  'fastpath function call', 'disabled', 'hidden']) AS s(state)
LEFT JOIN pg_stat_activity a ON a.datname = d.datname AND coalesce(a.state, 'hidden') = s.state
  AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
WHERE d.datallowconn AND NOT d.datistemplate GROUP BY 1, 2 ORDER BY 1, 2`

export const slowQuestion = (slowMs: number) => `SELECT pid, coalesce(usename, ''), coalesce(datname, ''),
  extract(epoch FROM clock_timestamp() - query_start)
FROM pg_stat_activity
WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND clock_timestamp() - query_start > interval '${slowMs} milliseconds'
ORDER BY 4 DESC`

export const databaseColumns = [
  'numbackends',
  'xact_commit',
  'xact_rollback',
  'blks_read',
  'blks_hit',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'tup_deleted',
  'conflicts',
  'temp_files',
  'temp_bytes',
  'deadlocks',
] as const

export const databasesQuestion = (most: number) => `SELECT s.datname,
  CASE WHEN has_database_privilege(s.datid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
    THEN pg_database_size(s.datid) END AS size,
  ${databaseColumns.map((column) => `s.${column}`).join(', ')}
FROM pg_stat_database s JOIN pg_database d ON d.oid = s.datid
WHERE d.datallowconn AND NOT d.datistemplate ORDER BY 2 DESC NULLS LAST, 1 LIMIT ${most}`

/** Every mode of every database, so that a mode that nobody holds is a counted nothing. */
export const locksQuestion = `SELECT d.datname, m.mode, count(l.mode), count(l.mode) FILTER (WHERE NOT l.granted)
FROM pg_database d
CROSS JOIN unnest(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
  'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock', 'SIReadLock']) AS m(mode)
LEFT JOIN pg_locks l ON l.database = d.oid AND l.mode = m.mode AND l.pid IS DISTINCT FROM pg_backend_pid()
WHERE d.datallowconn AND NOT d.datistemplate GROUP BY 1, 2 ORDER BY 1, 2`

/** A primary that writes nothing makes no replica late: one that has replayed all it received is level. */
export const lagQuestion = `SELECT CASE
  WHEN NOT pg_is_in_recovery() THEN 0
  WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE greatest(0, extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())) END`

export const replicasQuestion = `SELECT coalesce(application_name, ''), coalesce(host(client_addr), ''), coalesce(state, ''),
  pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, replay_lsn)
FROM pg_stat_replication ORDER BY 1, 2`

export const tablesQuestion = (most: number) => `SELECT current_database(), schemaname, relname,
  pg_table_size(relid), pg_indexes_size(relid), n_live_tup, n_dead_tup
FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC NULLS LAST LIMIT ${most}`

export const statementsExtension = `SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'`

/** The columns were renamed in 13. */
export function statementsQuestion(schema: string, version: number, most: number): string {
  const [total, mean] =
    version >= 130_000 ? ['total_exec_time', 'mean_exec_time'] : (['total_time', 'mean_time'] as const)
  const view = `"${schema.replaceAll('"', '""')}".pg_stat_statements`
  return `SELECT coalesce(d.datname, ''), coalesce(r.rolname, ''), s.queryid::text,
  sum(s.calls), sum(s.${total}) / 1000, sum(s.rows), max(s.${mean}) / 1000,
  left(regexp_replace(max(s.query), '\\s+', ' ', 'g'), 120)
FROM ${view} s LEFT JOIN pg_database d ON d.oid = s.dbid LEFT JOIN pg_roles r ON r.oid = s.userid
WHERE s.queryid IS NOT NULL GROUP BY 1, 2, 3 ORDER BY max(s.${mean}) DESC LIMIT ${most}`
}
