/** One TLS probe: shakes hands in whatever the server speaks, then judges the certificate, the protocol and the days left. */
import type { Assertion } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { type Attempt, openConnection } from '../network/connect.ts'
import { joinHostPort } from '../network/host.ts'
import { startTlsOf } from '../network/start-tls.ts'
import { type TlsConfig, tlsVersions } from './config.ts'

const dayMs = 86_400_000

export async function probeTls(config: TlsConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const attempt = await openConnection(
    {
      host: config.host,
      port: config.port,
      ipVersion: config.ipVersion,
      tls: {
        verify: config.verifyTls,
        authorities: config.authorities,
        alpn: [],
        serverName: config.serverName,
        anyProtocol: true,
        ...(config.startTls === 'none' ? {} : { startTls: startTlsOf(config.startTls) }),
      },
    },
    ports.clock,
    signal,
  )
  attempt.connection?.socket.destroy()
  const durationMs = ports.clock.monotonicMs() - startedMs
  const checked = attempt.tls === null ? [] : judge(config, attempt, ports.clock.now())
  const broken = checked.find((one) => !one.passed && one.level === 'down') ?? checked.find((one) => !one.passed)
  const { outcome, reason } =
    attempt.failure ??
    (broken
      ? { outcome: broken.level, reason: { code: broken.code, message: broken.sentence } }
      : { outcome: 'up' as const, reason: { code: 'ok', message: wellSaid(attempt, ports.clock.now()) } })
  return {
    outcome,
    reason,
    durationMs,
    phases: attempt.phases,
    samples: samplesOf(attempt),
    evidence: {
      ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}),
      ...(attempt.tls ? { tls: attempt.tls } : {}),
      ...(checked.length > 0
        ? { assertions: checked.map(({ code: _, sentence: __, ...assertion }) => assertion) }
        : {}),
    },
  }
}

interface Checked extends Assertion {
  readonly code: string
  readonly sentence: string
}

/** In the order of their weight: an old protocol first, then the days left. */
function judge(config: TlsConfig, { tls, earliestExpiryAt }: Attempt, now: number): Checked[] {
  const subject = joinHostPort(config.host, config.port)
  const protocol = tls?.protocol ?? ''
  const versions: readonly string[] = tlsVersions
  const checked: Checked[] = [
    {
      code: 'tls-weak-protocol',
      sentence: `${subject} agreed on ${versionWords(protocol)}; expected ${versionWords(config.minVersion)} or newer.`,
      what: 'Protocol',
      expected: `${versionWords(config.minVersion)} or newer`,
      actual: versionWords(protocol),
      passed: versions.indexOf(protocol) >= versions.indexOf(config.minVersion),
      level: 'down',
    },
  ]
  if (earliestExpiryAt === null) return checked
  const daysLeft = (earliestExpiryAt - now) / dayMs
  const limit = (days: number | null, level: Assertion['level']): Checked[] =>
    days === null ? [] : [expiry(subject, days, daysLeft, level)]
  return [...checked, ...limit(config.failDays, 'down'), ...limit(config.warnDays, 'degraded')]
}

function expiry(subject: string, days: number, daysLeft: number, level: Assertion['level']): Checked {
  const isOver = daysLeft <= 0
  return {
    code: isOver ? 'tls-expired' : 'certificate-expiring',
    sentence: isOver
      ? `The certificate of ${subject} expired ${dayWords(-daysLeft)} ago.`
      : `The certificate of ${subject} expires in ${dayWords(daysLeft)}; expected more than ${dayWords(days)}.`,
    what: 'Certificate',
    expected: `valid for more than ${dayWords(days)}`,
    actual: isOver ? `expired ${dayWords(-daysLeft)} ago` : dayWords(daysLeft),
    passed: daysLeft > days,
    level,
  }
}

function wellSaid({ tls, earliestExpiryAt }: Attempt, now: number): string {
  const protocol = versionWords(tls?.protocol ?? '')
  if (earliestExpiryAt === null) return `${protocol}, without a certificate.`
  return `${protocol}; the certificate is valid for ${dayWords((earliestExpiryAt - now) / dayMs)}.`
}

function dayWords(days: number): string {
  const whole = Math.floor(days)
  return whole === 1 ? '1 day' : `${whole} days`
}

/** `TLSv1.2` is said "TLS 1.2", as blackbox_exporter says it. */
function versionWords(protocol: string): string {
  return protocol === 'TLSv1' ? 'TLS 1.0' : protocol.replace(/^TLSv/, 'TLS ')
}

/** Source: prometheus/blackbox_exporter, prober/tcp.go. */
function samplesOf({ phases, connection, tls, earliestExpiryAt }: Attempt): ProbeSample[] {
  const resolveMs = phases.find(({ name }) => name === 'resolve')?.durationMs ?? 0
  const samples: ProbeSample[] = [
    { name: 'probe_dns_lookup_time_seconds', value: resolveMs / 1000 },
    { name: 'probe_ip_protocol', value: connection?.ipVersion ?? 0 },
  ]
  if (tls === null) return samples
  samples.push({ name: 'probe_tls_version_info', labels: { version: versionWords(tls.protocol) }, value: 1 })
  if (earliestExpiryAt === null) return samples
  samples.push({ name: 'probe_ssl_earliest_cert_expiry', value: earliestExpiryAt / 1000 })
  // Of a chain that leads to somebody who is trusted; there is one chain here, so it is the last one too.
  if (tls.problem === null)
    samples.push({ name: 'probe_ssl_last_chain_expiry_timestamp_seconds', value: earliestExpiryAt / 1000 })
  return samples
}
