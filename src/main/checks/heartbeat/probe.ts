/** Looks at what a job told, instead of at the job. */
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import type { HeartbeatConfig } from './config.ts'
import { judge } from './judge.ts'
import type { Ping, PingMemory } from './ping.ts'

export async function probeHeartbeat(config: HeartbeatConfig, { clock, pings }: ProbePorts): Promise<ProbeOutcome> {
  const now = clock.now()
  const memory = pings.of(config.id)
  const { outcome, reason, changesAt } = judge(config, memory, pings.listeningSince(), now)
  return {
    outcome,
    reason,
    /** How long the job ran: what a latency is to a target that is asked. */
    durationMs: memory.last?.durationMs ?? 0,
    phases: [],
    samples: samplesOf(memory),
    evidence: evidenceOf(memory),
    ...(changesAt === null || !Number.isFinite(changesAt) ? {} : { againInMs: Math.max(1, changesAt - now) }),
  }
}

function samplesOf({ last }: PingMemory): ProbeSample[] {
  if (last === null) return []
  const samples = [{ name: 'probe_heartbeat_last_ping_timestamp_seconds', value: last.at / 1000 }]
  if (last.durationMs !== null) {
    samples.push({ name: 'probe_heartbeat_run_duration_seconds', value: last.durationMs / 1000 })
  }
  return samples
}

function evidenceOf({ last, start }: PingMemory): Evidence {
  const pings = [last, start].filter((ping) => ping !== null).sort((a, b) => a.at - b.at)
  return {
    ...(pings.length > 0
      ? { conversation: pings.map((ping) => ({ direction: 'received' as const, text: pingLine(ping) })) }
      : {}),
    ...(last !== null && last.body !== '' ? { output: last.body } : {}),
  }
}

function pingLine({ at, kind, exitStatus, method, remoteAddress, userAgent }: Ping): string {
  const what = exitStatus === null ? kind : `${kind}, exit status ${exitStatus}`
  const who = userAgent === '' ? remoteAddress : `${remoteAddress} (${userAgent})`
  return `${new Date(at).toISOString()} ${what}, by ${method} from ${who}`
}
