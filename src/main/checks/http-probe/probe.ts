/** One HTTP probe from the first name lookup to the verdict, redirects followed. */
import type { Outcome, Phase, Reason } from '#shared/contract/checks.ts'
import type { HeaderLine } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts } from '../kind.ts'
import { type Attempt, openConnection } from '../network/connect.ts'
import { down, type Failure } from '../network/failure.ts'
import { parseHost } from '../network/host.ts'
import { judge, type Verdict } from './assertions.ts'
import type { HttpConfig } from './config.ts'
import { evidenceOf } from './evidence.ts'
import { type Exchange, exchange, type HttpAnswer, type HttpRequest } from './exchange.ts'
import { nextRequest } from './redirects.ts'
import { samplesOf } from './samples.ts'

export interface Hop {
  readonly request: HttpRequest
  readonly attempt: Attempt
  /** Null when the connection could not be opened. */
  readonly exchange: Exchange | null
}

/** One request answered, redirects followed: all that was seen, for evidence and samples. */
export interface Visit {
  readonly hops: readonly Hop[]
  readonly answer: HttpAnswer | null
  readonly failure: Failure | null
  readonly verdict: Verdict | null
  readonly outcome: Outcome
  readonly reason: Reason
  readonly durationMs: number
  /** Sums over all hops, in the order a connection lives. */
  readonly phases: readonly Phase[]
}

/** Where cookies are kept from one request to the next. */
export interface Cookies {
  /** As the Cookie header has them; null when none belong there. */
  headerFor(url: URL): string | null
  take(url: URL, headers: readonly HeaderLine[]): void
}

const dayMs = 86_400_000

export async function probeHttp(config: HttpConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const visit = await visitUrl(config, ports, signal, null)
  const { outcome, reason, durationMs, phases } = visit
  return { outcome, reason, durationMs, phases, samples: samplesOf(visit), evidence: evidenceOf(config, visit) }
}

/** `cookies`: null sends and keeps none. */
export async function visitUrl(
  config: HttpConfig,
  ports: Pick<ProbePorts, 'clock'>,
  signal: AbortSignal,
  cookies: Cookies | null,
): Promise<Visit> {
  const startedMs = ports.clock.monotonicMs()
  const { hops, failure } = await travel(config, ports, signal, cookies)
  const durationMs = ports.clock.monotonicMs() - startedMs
  const last = hops.at(-1)
  const answer = last?.exchange?.answer ?? null
  const expiryAt = last?.attempt.earliestExpiryAt ?? null
  const verdict =
    failure === null && answer !== null
      ? judge(config, {
          status: answer.status,
          statusText: answer.statusText,
          body: answer.body,
          durationMs,
          certificateDaysLeft: expiryAt === null ? null : (expiryAt - ports.clock.now()) / dayMs,
        })
      : null
  const { outcome, reason } = failure ?? verdict ?? down('no-answer', 'There was no answer.')
  return { hops, answer, failure, verdict, outcome, reason, durationMs, phases: summed(hops) }
}

async function travel(
  config: HttpConfig,
  ports: Pick<ProbePorts, 'clock'>,
  signal: AbortSignal,
  cookies: Cookies | null,
): Promise<{ hops: readonly Hop[]; failure: Failure | null }> {
  const hops: Hop[] = []
  const visited: string[] = []
  // With cookies an address may answer otherwise the second time.
  const policy = { ...config, allowRevisit: cookies !== null }
  let request = firstRequest(config)
  for (;;) {
    visited.push(request.url.href)
    const hop = await visit(cookies === null ? request : withCookies(request, cookies), config, ports, signal)
    hops.push(hop)
    const failure = hop.attempt.failure ?? hop.exchange?.failure ?? null
    const answer = hop.exchange?.answer ?? null
    if (answer !== null) cookies?.take(request.url, answer.headers)
    if (failure !== null || answer === null) return { hops, failure }
    const next = nextRequest(request, answer, visited, policy)
    if (next.kind === 'answer') return { hops, failure: null }
    if (next.kind === 'refuse') return { hops, failure: next.failure }
    request = next.request
  }
}

function withCookies(request: HttpRequest, cookies: Cookies): HttpRequest {
  const all = [request.headers['cookie'], cookies.headerFor(request.url)].filter((one) => one)
  return all.length === 0 ? request : { ...request, headers: { ...request.headers, cookie: all.join('; ') } }
}

async function visit(
  request: HttpRequest,
  config: HttpConfig,
  ports: Pick<ProbePorts, 'clock'>,
  signal: AbortSignal,
): Promise<Hop> {
  const { url } = request
  const secure = url.protocol === 'https:'
  const attempt = await openConnection(
    {
      host: parseHost(url.hostname) ?? url.hostname,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      ipVersion: config.ipVersion,
      tls: secure ? { verify: config.verifyTls, authorities: config.authorities, alpn: ['http/1.1'] } : null,
    },
    ports.clock,
    signal,
  )
  const { connection } = attempt
  if (connection === null) return { request, attempt, exchange: null }
  return { request, attempt, exchange: await exchange(connection, request, config.maxBodyBytes, ports.clock, signal) }
}

function firstRequest(config: HttpConfig): HttpRequest {
  const url = new URL(config.url)
  url.hash = ''
  const own = Object.fromEntries(Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const length = Buffer.byteLength(config.body)
  return {
    url,
    method: config.method,
    body: config.body,
    headers: {
      host: url.host,
      'user-agent': 'Belfry',
      accept: '*/*',
      ...authorization(config.auth),
      ...own,
      ...(length > 0 ? { 'content-length': String(length) } : {}),
    },
  }
}

export function authorization(auth: HttpConfig['auth']): Record<string, string> {
  switch (auth.type) {
    case 'none':
      return {}
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` }
  }
}

const phaseOrder = ['resolve', 'connect', 'tls', 'processing', 'transfer']

function summed(hops: readonly Hop[]): Phase[] {
  const sums = new Map<string, number>()
  for (const { attempt, exchange } of hops) {
    for (const { name, durationMs } of [...attempt.phases, ...(exchange?.phases ?? [])]) {
      sums.set(name, (sums.get(name) ?? 0) + durationMs)
    }
  }
  return phaseOrder.flatMap((name) => {
    const durationMs = sums.get(name)
    return durationMs === undefined ? [] : [{ name, durationMs }]
  })
}
