import { prepareSecureContexts } from '#main/checks/network/authorities.ts'
import { joinHostPort } from '#main/checks/network/host.ts'
import { answersRedis } from '../detect.ts'
import { defineServiceKind } from '../kind.ts'
import { RedisCollectorConfig, readRedis } from '../redis/read.ts'

const usualPort = 6379

export const redis = defineServiceKind({
  kind: 'redis',
  title: 'Redis',
  description:
    'Reads memory, clients, hits and misses, evictions, persistence, replication and the keyspace, by PING and INFO.',
  config: RedisCollectorConfig,
  target: ({ host, port }) => joinHostPort(host, port),
  host: ({ host }) => host,
  upMetric: 'redis_up',
  charts: [
    {
      title: 'Memory',
      unit: 'bytes',
      lines: [
        { metric: 'redis_memory_used_bytes', label: 'in use', reduce: 'max', sumBy: [] },
        { metric: 'redis_memory_used_rss_bytes', label: 'as the system sees it', reduce: 'max', sumBy: [] },
      ],
    },
    {
      title: 'Commands',
      unit: 'perSecond',
      lines: [{ metric: 'redis_commands_processed_total', label: 'commands', reduce: 'rate', sumBy: [] }],
    },
    {
      title: 'Keys asked for',
      unit: 'perSecond',
      lines: [
        { metric: 'redis_keyspace_hits_total', label: 'found', reduce: 'rate', sumBy: [] },
        { metric: 'redis_keyspace_misses_total', label: 'not there', reduce: 'rate', sumBy: [] },
      ],
    },
    {
      title: 'Clients',
      unit: 'count',
      lines: [{ metric: 'redis_connected_clients', label: 'connected', reduce: 'max', sumBy: [] }],
    },
    {
      title: 'Keys given up',
      unit: 'perSecond',
      lines: [
        { metric: 'redis_evicted_keys_total', label: 'for want of memory', reduce: 'rate', sumBy: [] },
        { metric: 'redis_expired_keys_total', label: 'expired', reduce: 'rate', sumBy: [] },
      ],
    },
    {
      title: 'Answer to PING',
      unit: 'seconds',
      lines: [{ metric: 'redis_ping_duration_seconds', label: 'PING', reduce: 'max', sumBy: [] }],
    },
  ],
  async detect(ports, signal) {
    if (!(await answersRedis('127.0.0.1', usualPort, ports, signal))) return null
    return {
      found: `Redis on port ${usualPort}`,
      draft: { name: 'Redis', config: { host: '127.0.0.1', port: usualPort } },
    }
  },
  prepare: prepareSecureContexts,
  run: readRedis,
})
