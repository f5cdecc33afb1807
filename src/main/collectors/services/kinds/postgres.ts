import { prepareSecureContexts } from '#main/checks/network/authorities.ts'
import { joinHostPort } from '#main/checks/network/host.ts'
import { answersPostgres } from '../detect.ts'
import { defineServiceKind } from '../kind.ts'
import { PostgresCollectorConfig, readPostgres } from '../postgres/read.ts'

const usualPort = 5432

export const postgres = defineServiceKind({
  kind: 'postgres',
  title: 'PostgreSQL',
  description:
    'Reads connections, sizes, slow queries, locks, replication and statistics, in a transaction that only reads. The role pg_monitor suffices.',
  config: PostgresCollectorConfig,
  target: ({ host, port }) => joinHostPort(host, port),
  host: ({ host }) => host,
  upMetric: 'pg_up',
  charts: [
    {
      title: 'Connections by state',
      unit: 'count',
      lines: [{ metric: 'pg_stat_activity_count', reduce: 'max', sumBy: ['state'] }],
    },
    {
      title: 'Transactions',
      unit: 'perSecond',
      lines: [
        { metric: 'pg_stat_database_xact_commit', label: 'committed', reduce: 'rate', sumBy: [] },
        { metric: 'pg_stat_database_xact_rollback', label: 'rolled back', reduce: 'rate', sumBy: [] },
      ],
    },
    {
      title: 'Blocks',
      unit: 'perSecond',
      lines: [
        { metric: 'pg_stat_database_blks_hit', label: 'from the cache', reduce: 'rate', sumBy: [] },
        { metric: 'pg_stat_database_blks_read', label: 'from disk', reduce: 'rate', sumBy: [] },
      ],
    },
    {
      title: 'Answer to SELECT 1',
      unit: 'seconds',
      lines: [{ metric: 'pg_ping_duration_seconds', label: 'SELECT 1', reduce: 'max', sumBy: [] }],
    },
    {
      title: 'Size of databases',
      unit: 'bytes',
      lines: [{ metric: 'pg_database_size_bytes', reduce: 'last', sumBy: ['datname'] }],
    },
    {
      title: 'Locks',
      unit: 'count',
      lines: [{ metric: 'pg_locks_count', reduce: 'max', sumBy: ['mode'] }],
    },
  ],
  async detect(ports, signal) {
    if (!(await answersPostgres('127.0.0.1', usualPort, ports, signal))) return null
    return {
      found: `PostgreSQL on port ${usualPort}`,
      draft: { name: 'PostgreSQL', config: { host: '127.0.0.1', port: usualPort } },
    }
  },
  prepare: prepareSecureContexts,
  run: readPostgres,
})
