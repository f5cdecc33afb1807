/** A probe as blackbox_exporter's series. Source: prometheus/blackbox_exporter, prober/http.go. */
import type { ProbeSample } from '../kind.ts'
import type { Visit } from './probe.ts'

const phases = ['resolve', 'connect', 'tls', 'processing', 'transfer']

export function samplesOf({ hops, answer, verdict, phases: measured }: Visit): ProbeSample[] {
  const last = hops.at(-1)
  const secondsOf = (name: string) => (measured.find((phase) => phase.name === name)?.durationMs ?? 0) / 1000
  const contentLength = Number(answer?.headers.find(({ name }) => name.toLowerCase() === 'content-length')?.value ?? -1)
  const samples: ProbeSample[] = [
    { name: 'probe_http_status_code', value: answer?.status ?? 0 },
    { name: 'probe_http_content_length', value: Number.isFinite(contentLength) ? contentLength : -1 },
    { name: 'probe_http_uncompressed_body_length', value: answer?.body.length ?? 0 },
    { name: 'probe_http_redirects', value: Math.max(0, hops.length - 1) },
    { name: 'probe_http_ssl', value: last?.attempt.tls ? 1 : 0 },
    { name: 'probe_http_version', value: Number(answer?.version ?? 0) },
    { name: 'probe_failed_due_to_regex', value: verdict?.failedRegex ? 1 : 0 },
    { name: 'probe_dns_lookup_time_seconds', value: secondsOf('resolve') },
    { name: 'probe_ip_protocol', value: last?.attempt.connection?.ipVersion ?? 0 },
    ...phases.map((phase) => ({ name: 'probe_http_duration_seconds', labels: { phase }, value: secondsOf(phase) })),
  ]
  const expiryAt = last?.attempt.earliestExpiryAt ?? null
  if (expiryAt !== null) samples.push({ name: 'probe_ssl_earliest_cert_expiry', value: expiryAt / 1000 })
  return samples
}
