/** One ping: the name resolved by us, the packets sent by the system's own ping, its words read tolerantly. */
import { platform } from 'node:process'
import type { Phase } from '#shared/contract/checks.ts'
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { deadlineFailure, down, type Failure, failureOf, unknown } from '../network/failure.ts'
import { resolveHost } from '../network/resolve.ts'
import { shorten } from '../network/text.ts'
import type { IcmpConfig } from './config.ts'
import { commandFor, type PingRun, runPing } from './ping-command.ts'
import { type PingReport, parsePing, pingRefusal } from './ping-output.ts'

export async function probeIcmp(config: IcmpConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const resolved = await resolve(config, signal)
  const resolvedMs = ports.clock.monotonicMs()
  const phases: Phase[] = [{ name: 'resolve', durationMs: resolvedMs - startedMs }]
  if ('failure' in resolved) {
    const { outcome, reason } = resolved.failure
    const durationMs = resolvedMs - startedMs
    return { outcome, reason, durationMs, phases, samples: samplesOf(null, phases, null), evidence: {} }
  }
  const { address, family } = resolved
  const run = await runPing(
    commandFor(platform, { address, family, packets: config.packets, replyTimeoutMs: config.replyTimeoutMs }),
    signal,
  )
  const report = run.kind === 'not-started' ? null : parsePing(run.output, config.packets)
  const rttMs = report && report.received > 0 ? mean(report.roundTripsMs) : null
  if (rttMs !== null) phases.push({ name: 'rtt', durationMs: rttMs })
  const { outcome, reason } = judge(config, run, report)
  return {
    outcome,
    reason,
    // The mean round trip: how long ping waits between packets says nothing about the target.
    durationMs: rttMs ?? ports.clock.monotonicMs() - startedMs,
    phases,
    samples: samplesOf(family, phases, report),
    evidence: evidenceOf(address, run, report),
  }
}

async function resolve(
  config: IcmpConfig,
  signal: AbortSignal,
): Promise<{ address: string; family: 4 | 6 } | { failure: Failure }> {
  try {
    const [first] = await resolveHost(config.host, config.ipVersion, signal)
    if (first === undefined) return { failure: down('dns-not-found', `There is no address for ${config.host}.`) }
    return { address: first.address, family: first.family === 6 ? 6 : 4 }
  } catch (error) {
    const failure = signal.aborted ? deadlineFailure('resolve', config.host) : failureOf(error, 'resolve', config.host)
    return { failure }
  }
}

function judge(config: IcmpConfig, run: PingRun, report: PingReport | null): Pick<ProbeOutcome, 'outcome' | 'reason'> {
  if (run.kind === 'not-started') {
    const why = run.code === 'ENOENT' ? 'the ping program is not installed' : `ping could not be started (${run.code})`
    return unknown('cannot-measure', `Cannot measure: ${why}.`)
  }
  if (report === null || report.received === 0) {
    const refusal = pingRefusal(run.output)
    if (refusal !== null) return unknown('cannot-measure', `Cannot measure: ping says "${refusal}".`)
  }
  if (run.kind === 'ended' && report === null) {
    const said = shorten(run.output.trim().split('\n')[0] ?? '', 200)
    return unknown('cannot-measure', `Cannot measure: ping says "${said}", which is not understood.`)
  }
  if (report === null || report.received === 0) {
    return down('no-reply', `${config.host} did not answer any of ${config.packets} packets.`)
  }
  const lost = report.sent - report.received
  const lossPercent = (100 * lost) / report.sent
  const told = `${lost} of ${report.sent} packets to ${config.host} were lost.`
  if (lossPercent > config.failLossPercent) return down('packet-loss', told)
  if (lossPercent > config.warnLossPercent)
    return { outcome: 'degraded', reason: { code: 'packet-loss', message: told } }
  const message = `${report.received} of ${report.sent} packets came back.`
  return { outcome: 'up', reason: { code: 'ok', message } }
}

function samplesOf(family: 4 | 6 | null, phases: readonly Phase[], report: PingReport | null): ProbeSample[] {
  const samples: ProbeSample[] = [
    { name: 'probe_dns_lookup_time_seconds', value: (phases[0]?.durationMs ?? 0) / 1000 },
    { name: 'probe_ip_protocol', value: family ?? 0 },
    ...phases.map(({ name, durationMs }) => ({
      name: 'probe_icmp_duration_seconds',
      labels: { phase: name },
      value: durationMs / 1000,
    })),
  ]
  if (report !== null) {
    samples.push({ name: 'probe_icmp_packet_loss_ratio', value: (report.sent - report.received) / report.sent })
  }
  return samples
}

function evidenceOf(address: string, run: PingRun, report: PingReport | null): Evidence {
  const output = run.kind === 'not-started' ? '' : shorten(run.output.trim(), 4000)
  return {
    remoteAddress: address,
    ...(report ? { packets: { ...report, roundTripsMs: [...report.roundTripsMs] } } : {}),
    ...(output === '' ? {} : { output }),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
