/** One run against Redis: PING and INFO. Names are redis_exporter's. Source: redis.io, INFO command. */
import { z } from 'zod'
import { down } from '#main/checks/network/failure.ts'
import { parseHost } from '#main/checks/network/host.ts'
import { redisLogin, redisSecurity } from '#main/checks/redis-probe/config.ts'
import { type Info, parseInfo } from '#main/checks/redis-probe/info.ts'
import { pinged, refusalOf, talkToRedis } from '#main/checks/redis-probe/session.ts'
import { type Reading, type ServicePorts, ServiceRefusal } from '../kind.ts'
import { gatherMetrics, type MetricAbout, type Metrics } from '../metrics.ts'

export const RedisCollectorConfig = z
  .strictObject({ ...redisLogin, ...redisSecurity })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
type RedisCollectorConfig = z.output<typeof RedisCollectorConfig>

const gauge = (help: string, unit = ''): MetricAbout => ({ type: 'gauge', help, unit })
const counter = (help: string, unit = ''): MetricAbout => ({ type: 'counter', help, unit })

/** The series, the field of INFO it is, and what it says. */
const fields: readonly (readonly [metric: string, field: string, about: MetricAbout])[] = [
  ['redis_uptime_in_seconds', 'uptime_in_seconds', gauge('Time since the server was started', 'seconds')],
  ['redis_connected_clients', 'connected_clients', gauge('Clients connected')],
  ['redis_blocked_clients', 'blocked_clients', gauge('Clients that wait in a blocking call')],
  ['redis_config_maxclients', 'maxclients', gauge('Clients the server takes')],
  ['redis_memory_used_bytes', 'used_memory', gauge('Memory in use', 'bytes')],
  ['redis_memory_used_rss_bytes', 'used_memory_rss', gauge('Memory as the system sees it', 'bytes')],
  ['redis_memory_used_peak_bytes', 'used_memory_peak', gauge('Most memory ever in use', 'bytes')],
  ['redis_memory_max_bytes', 'maxmemory', gauge('Memory the server may use; 0: no limit', 'bytes')],
  ['redis_mem_fragmentation_ratio', 'mem_fragmentation_ratio', gauge('Memory seen over memory used', 'ratio')],
  ['redis_connections_received_total', 'total_connections_received', counter('Connections taken')],
  ['redis_rejected_connections_total', 'rejected_connections', counter('Connections refused for want of room')],
  ['redis_commands_processed_total', 'total_commands_processed', counter('Commands run')],
  ['redis_net_input_bytes_total', 'total_net_input_bytes', counter('Received', 'bytes')],
  ['redis_net_output_bytes_total', 'total_net_output_bytes', counter('Sent', 'bytes')],
  ['redis_keyspace_hits_total', 'keyspace_hits', counter('Keys that were found')],
  ['redis_keyspace_misses_total', 'keyspace_misses', counter('Keys that were not there')],
  ['redis_evicted_keys_total', 'evicted_keys', counter('Keys given up for want of memory')],
  ['redis_expired_keys_total', 'expired_keys', counter('Keys whose time was over')],
  ['redis_loading_dump_file', 'loading', gauge('1 while the data is loaded')],
  ['redis_rdb_changes_since_last_save', 'rdb_changes_since_last_save', gauge('Changes that no snapshot has')],
  ['redis_rdb_last_save_timestamp_seconds', 'rdb_last_save_time', gauge('When the last snapshot was', 'seconds')],
  ['redis_rdb_last_bgsave_duration_sec', 'rdb_last_bgsave_time_sec', gauge('Time the last snapshot took', 'seconds')],
  ['redis_aof_enabled', 'aof_enabled', gauge('1 where every write is logged')],
  ['redis_aof_current_size_bytes', 'aof_current_size', gauge('Size of the log of writes', 'bytes')],
  ['redis_connected_slaves', 'connected_slaves', gauge('Replicas connected')],
  ['redis_master_repl_offset', 'master_repl_offset', gauge('Place in the stream of replication', 'bytes')],
  ['redis_slave_repl_offset', 'slave_repl_offset', gauge('What a replica has of it', 'bytes')],
  ['redis_cpu_sys_seconds_total', 'used_cpu_sys', counter('Processor time in the kernel', 'seconds')],
  ['redis_cpu_user_seconds_total', 'used_cpu_user', counter('Processor time in the server', 'seconds')],
]

/** Fields that say `ok` or `up`: 1 or 0. */
const verdicts: readonly (readonly [metric: string, field: string, good: string, about: MetricAbout])[] = [
  ['redis_rdb_last_bgsave_status', 'rdb_last_bgsave_status', 'ok', gauge('1 where the last snapshot was written')],
  ['redis_aof_last_write_status', 'aof_last_write_status', 'ok', gauge('1 where the last write was logged')],
  ['redis_aof_last_bgrewrite_status', 'aof_last_bgrewrite_status', 'ok', gauge('1 where the log was rewritten')],
  ['redis_master_link_up', 'master_link_status', 'up', gauge('1 where a replica hears from its master')],
]

const redisMetrics: Readonly<Record<string, MetricAbout>> = {
  redis_ping_duration_seconds: gauge('Time PING took', 'seconds'),
  redis_instance_info: gauge('Version, mode and role, as labels'),
  ...Object.fromEntries(fields.map(([metric, , about]) => [metric, about])),
  ...Object.fromEntries(verdicts.map(([metric, , , about]) => [metric, about])),
  redis_master_last_io_seconds_ago: gauge('Time since a replica heard from its master', 'seconds'),
  redis_connected_slave_offset_bytes: gauge('What a replica has of the stream', 'bytes'),
  redis_connected_slave_lag_seconds: gauge('Time since a replica said how far it is', 'seconds'),
  redis_db_keys: gauge('Keys of a database'),
  redis_db_keys_expiring: gauge('Keys of a database that expire'),
  redis_db_avg_ttl_seconds: gauge('Mean time they have left', 'seconds'),
}

export async function readRedis(
  config: RedisCollectorConfig,
  { clock }: ServicePorts,
  signal: AbortSignal,
): Promise<Reading> {
  const metrics = gatherMetrics(redisMetrics)
  let info: Info = new Map()
  const failure = await talkToRedis(config, clock, signal, async (ask, subject) => {
    const startedMs = clock.monotonicMs()
    const refusal = await pinged(subject, ask)
    if (refusal !== null) return refusal
    metrics.add('redis_ping_duration_seconds', (clock.monotonicMs() - startedMs) / 1000)
    const answer = await ask('INFO')
    if (answer.type !== 'text') {
      return refusalOf(answer, subject) ?? down('protocol-error', `${subject} did not answer INFO with a text.`)
    }
    info = parseInfo(answer.text)
    return info.has('redis_version') || info.has('used_memory')
      ? null
      : down('schema-changed', `${subject} answered INFO without any field of a Redis server: is it one?`)
  })
  if (failure !== null) throw new ServiceRefusal(failure)
  take(info, metrics)
  const facts = [
    ['Version', 'redis_version'],
    ['Mode', 'redis_mode'],
    ['Role', 'role'],
    ['Memory in use', 'used_memory_human'],
    ['Memory limit', 'maxmemory_human'],
    ['When memory is full', 'maxmemory_policy'],
  ].flatMap(([name = '', field = '']) => {
    const value = info.get(field)
    return value === undefined ? [] : [{ name, value: value.slice(0, 200) }]
  })
  return { metrics: metrics.all(), facts, problems: [] }
}

function take(info: Info, metrics: Metrics): void {
  metrics.add('redis_instance_info', 1, {
    redis_version: info.get('redis_version') ?? '',
    redis_mode: info.get('redis_mode') ?? '',
    role: info.get('role') ?? '',
    os: info.get('os') ?? '',
  })
  for (const [metric, field] of fields) metrics.add(metric, numberOf(info.get(field)))
  for (const [metric, field, good] of verdicts) {
    const said = info.get(field)
    if (said !== undefined) metrics.add(metric, said === good ? 1 : 0)
  }
  // -1 while there is no link, which is no time.
  const heard = numberOf(info.get('master_last_io_seconds_ago'))
  if (heard !== null && heard >= 0) metrics.add('redis_master_last_io_seconds_ago', heard)
  for (const [field, said] of info) {
    const parts = partsOf(said)
    if (/^db\d+$/.test(field)) {
      const labels = { db: field }
      metrics.add('redis_db_keys', numberOf(parts.get('keys')), labels)
      metrics.add('redis_db_keys_expiring', numberOf(parts.get('expires')), labels)
      const ttlMs = numberOf(parts.get('avg_ttl'))
      metrics.add('redis_db_avg_ttl_seconds', ttlMs === null ? null : ttlMs / 1000, labels)
    } else if (/^slave\d+$/.test(field)) {
      const labels = {
        slave_ip: parts.get('ip') ?? '',
        slave_port: parts.get('port') ?? '',
        slave_state: parts.get('state') ?? '',
      }
      metrics.add('redis_connected_slave_offset_bytes', numberOf(parts.get('offset')), labels)
      metrics.add('redis_connected_slave_lag_seconds', numberOf(parts.get('lag')), labels)
    }
  }
}

/** `keys=1,expires=0` by name. */
function partsOf(said: string): ReadonlyMap<string, string> {
  return new Map(
    said.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=', 2)
      return [name, value]
    }),
  )
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
