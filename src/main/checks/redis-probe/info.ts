/** What `INFO` says of a Redis server, and whether it is as expected. Pure. Source: redis.io, INFO command. */
import type { Assertion } from '#shared/contract/evidence.ts'
import type { ProbeSample } from '../kind.ts'
import type { RedisConfig } from './config.ts'

export type Info = ReadonlyMap<string, string>

const mostFields = 1000

export function parseInfo(text: string): Info {
  const fields = new Map<string, string>()
  for (const row of text.split('\n', mostFields)) {
    const [, name, value] = /^([a-z0-9_]+):(.*?)\r?$/i.exec(row) ?? []
    if (name !== undefined && value !== undefined) fields.set(name, value)
  }
  return fields
}

export interface Checked extends Assertion {
  readonly code: string
  readonly sentence: string
}

export function judge(config: RedisConfig, subject: string, info: Info): Checked[] {
  const checked: Checked[] = []
  const role = info.get('role') === 'slave' ? 'replica' : (info.get('role') ?? 'unknown')
  if (config.role !== 'any') {
    checked.push({
      code: 'wrong-role',
      sentence: `${subject} is a ${role}; expected a ${config.role}.`,
      what: 'Role',
      expected: config.role,
      actual: role,
      passed: role === config.role,
      level: 'down',
    })
  }
  if (config.role === 'replica' && role === 'replica') {
    const link = info.get('master_link_status') ?? 'unknown'
    checked.push({
      code: 'replication-broken',
      sentence: `${subject} is not connected to its master ${info.get('master_host') ?? ''}.`,
      what: 'Link to the master',
      expected: 'up',
      actual: link,
      passed: link === 'up',
      level: 'down',
    })
  }
  if (config.warnLagSeconds !== null && role === 'replica') {
    const seconds = numberOf(info, 'master_last_io_seconds_ago')
    checked.push({
      code: 'replication-lagging',
      sentence: `${subject} has not heard from its master for ${seconds ?? 'an unknown number of'} s.`,
      what: 'Last heard from the master',
      expected: `at most ${config.warnLagSeconds} s ago`,
      actual: seconds === null || seconds < 0 ? 'never' : `${seconds} s ago`,
      passed: seconds !== null && seconds >= 0 && seconds <= config.warnLagSeconds,
      level: 'degraded',
    })
  }
  if (config.warnMemoryPercent !== null) {
    const percent = memoryPercent(info)
    const said = percent === null ? 'unknown' : `${percent.toFixed(1)} %`
    checked.push({
      code: 'memory-high',
      sentence: `${subject} uses ${said} of its memory; expected at most ${config.warnMemoryPercent} %.`,
      what: 'Memory',
      expected: `at most ${config.warnMemoryPercent} %`,
      actual: said,
      passed: percent !== null && percent <= config.warnMemoryPercent,
      level: 'degraded',
    })
  }
  return checked
}

function memoryPercent(info: Info): number | null {
  const used = numberOf(info, 'used_memory')
  const most = numberOf(info, 'maxmemory') || numberOf(info, 'total_system_memory')
  return used === null || !most ? null : (100 * used) / most
}

function numberOf(info: Info, name: string): number | null {
  const text = info.get(name) ?? ''
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}

const shown = [
  'redis_version',
  'role',
  'uptime_in_seconds',
  'used_memory_human',
  'maxmemory_human',
  'connected_clients',
  'connected_slaves',
  'master_host',
  'master_link_status',
  'master_last_io_seconds_ago',
]

export function factsOf(info: Info): { name: string; value: string }[] {
  return shown.flatMap((name) => {
    const value = info.get(name)
    return value === undefined ? [] : [{ name, value: value.slice(0, 200) }]
  })
}

/** oliver006/redis_exporter's names. */
const series = [
  ['redis_memory_used_bytes', 'used_memory'],
  ['redis_memory_max_bytes', 'maxmemory'],
  ['redis_connected_clients', 'connected_clients'],
  ['redis_connected_slaves', 'connected_slaves'],
  ['redis_uptime_in_seconds', 'uptime_in_seconds'],
  ['redis_master_last_io_seconds_ago', 'master_last_io_seconds_ago'],
] as const

export function samplesOf(info: Info): ProbeSample[] {
  const link = info.get('master_link_status')
  return [
    ...series.flatMap(([name, field]) => {
      const value = numberOf(info, field)
      return value === null ? [] : [{ name, value }]
    }),
    ...(link === undefined ? [] : [{ name: 'redis_master_link_up', value: link === 'up' ? 1 : 0 }]),
  ]
}
