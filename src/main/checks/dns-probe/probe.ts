/**
 * One DNS probe: who is asked, the question, the verdict. The server that an operator names is what is checked; the
 * resolver of this machine is only the way to the name, so that its silence is our trouble and not the name's.
 */
import { randomInt } from 'node:crypto'
import { Resolver } from 'node:dns'
import { isIP } from 'node:net'
import type { Phase } from '#shared/contract/checks.ts'
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { openConnection } from '../network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf, type Stage, unknown } from '../network/failure.ts'
import { joinHostPort, shortestIPv6 } from '../network/host.ts'
import { resolveHost } from '../network/resolve.ts'
import { askedName, type DnsConfig, parseResolver } from './config.ts'
import { askOverTcp, askOverUdp, type Exchange, type Passed } from './exchange.ts'
import { judge, type Verdict } from './judge.ts'
import type { Question } from './message.ts'

interface Server {
  readonly host: string
  readonly port: number
  /** The resolver of this machine. */
  readonly isOwn: boolean
}

/** All that was seen, for evidence and samples. */
interface Seen {
  readonly phases: Phase[]
  readonly passed: Passed
  remoteAddress: string | null
  ipVersion: number
  transport: 'udp' | 'tcp'
  exchange: Exchange | null
}

/** A new reader each time, for a workstation changes its network while Belfry runs. */
function serversOfSystem(): readonly string[] {
  return new Resolver().getServers()
}

export async function probeDns(
  config: DnsConfig,
  ports: ProbePorts,
  signal: AbortSignal,
  systemServers = serversOfSystem,
): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const seen: Seen = {
    phases: [],
    passed: { count: 0 },
    remoteAddress: null,
    ipVersion: 0,
    transport: config.transport,
    exchange: null,
  }
  const server = serverOf(config, systemServers)
  const subject = subjectOf(config)
  const failure =
    server === null
      ? unknown('no-resolver', 'This machine has no resolver configured; name the server to ask.')
      : await ask(config, server, seen, ports, signal)
  const answer = seen.exchange?.answer ?? null
  const verdict =
    failure === null && server !== null && answer !== null ? judge(config, subject, answer, server.isOwn) : null
  const { outcome, reason } = verdict ?? failure ?? down('no-answer', `There was no answer for ${subject}.`)
  return {
    outcome,
    reason,
    durationMs: ports.clock.monotonicMs() - startedMs,
    phases: seen.phases,
    samples: samplesOf(seen, verdict),
    evidence: evidenceOf(seen, verdict, server?.isOwn ?? true),
  }
}

export function subjectOf({ name, type, resolver }: DnsConfig): string {
  return `${name} ${type}${resolver === '' ? '' : ` @${resolver}`}`
}

function serverOf({ resolver }: DnsConfig, systemServers: () => readonly string[]): Server | null {
  const named = parseResolver(resolver)
  if (named !== null) return { ...named, isOwn: false }
  const [own] = systemServers().flatMap((text) => parseResolver(text) ?? [])
  return own === undefined ? null : { ...own, isOwn: true }
}

async function ask(
  config: DnsConfig,
  server: Server,
  seen: Seen,
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<Failure | null> {
  const question: Question = {
    id: randomInt(65_536),
    name: questionName(config),
    type: config.type,
    recursive: config.recursive,
  }
  if (seen.transport === 'udp') {
    const failure = await overUdp(question, config, server, seen, ports, signal)
    if (failure !== null || !seen.exchange?.answer.isTruncated) return failure
    // Too long for one datagram: the whole of it comes over TCP.
    seen.transport = 'tcp'
  }
  return overTcp(question, config, server, seen, ports, signal)
}

/** An address is asked for by its name in the reverse zone. */
function questionName({ name, type }: DnsConfig): string {
  if (type === 'PTR' && isIP(name) === 4) return `${name.split('.').reverse().join('.')}.in-addr.arpa`
  if (type === 'PTR' && isIP(name) === 6) return reverseOf(name)
  return askedName(name) ?? name
}

function reverseOf(address: string): string {
  const [head = '', tail] = shortestIPv6(address).split('::')
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => word.padStart(4, '0')))
  const [front, back] = [words(head), words(tail ?? '')]
  const middle = Array.from({ length: 8 - front.length - back.length }, () => '0000')
  return `${[...[...front, ...middle, ...back].join('')].reverse().join('.')}.ip6.arpa`
}

async function overUdp(
  question: Question,
  config: DnsConfig,
  { host, port, isOwn }: Server,
  seen: Seen,
  { clock }: ProbePorts,
  signal: AbortSignal,
): Promise<Failure | null> {
  const subject = joinHostPort(host, port)
  let stage: Stage = 'resolve'
  let stageStartedMs = clock.monotonicMs()
  const endStage = () =>
    seen.phases.push({
      name: stage === 'processing' ? 'answer' : stage,
      durationMs: clock.monotonicMs() - stageStartedMs,
    })
  try {
    const [address] = await resolveHost(host, config.ipVersion, signal)
    endStage()
    stage = 'processing'
    stageStartedMs = clock.monotonicMs()
    if (address === undefined) return down('dns-not-found', `There is no address for the name of ${subject}.`)
    seen.remoteAddress = joinHostPort(address.address, port)
    seen.ipVersion = address.family
    seen.exchange = await askOverUdp(question, address, port, seen.passed, signal)
    endStage()
    return null
  } catch (error) {
    endStage()
    if (!signal.aborted) return blamed(failureOf(error, stage, subject), isOwn)
    return blamed(stage === 'resolve' ? deadlineFailure(stage, subject) : silence(subject, seen.passed), isOwn)
  }
}

async function overTcp(
  question: Question,
  config: DnsConfig,
  { host, port, isOwn }: Server,
  seen: Seen,
  { clock }: ProbePorts,
  signal: AbortSignal,
): Promise<Failure | null> {
  const subject = joinHostPort(host, port)
  const attempt = await openConnection({ host, port, ipVersion: config.ipVersion, tls: null }, clock, signal)
  seen.phases.push(...attempt.phases)
  seen.remoteAddress = attempt.remoteAddress ?? seen.remoteAddress
  const { connection } = attempt
  if (connection === null) return blamed(attempt.failure ?? silence(subject, seen.passed), isOwn)
  seen.ipVersion = connection.ipVersion
  const askedMs = clock.monotonicMs()
  try {
    seen.exchange = await askOverTcp(question, connection, seen.passed, signal)
    return null
  } catch (error) {
    return blamed(signal.aborted ? silence(subject, seen.passed) : failureOf(error, 'processing', subject), isOwn)
  } finally {
    seen.phases.push({ name: 'answer', durationMs: clock.monotonicMs() - askedMs })
  }
}

function silence(subject: string, { count }: Passed): Failure {
  return count === 0
    ? down('timeout', `${subject} did not answer the question in time.`)
    : down('dns-wrong-answer', `${subject} sent ${count} answers in time, but none to the question that was asked.`)
}

/** Whatever keeps the resolver of this machine from answering says nothing about the name. */
function blamed(failure: Failure, isOwn: boolean): Failure {
  if (!isOwn || failure.outcome === 'unknown') return failure
  return unknown('dns-unavailable', `The resolver of this machine does not do its work: ${failure.reason.message}`)
}

/** Source: prometheus/blackbox_exporter, prober/dns.go. */
function samplesOf({ phases, ipVersion, exchange }: Seen, verdict: Verdict | null): ProbeSample[] {
  const secondsOf = (name: string) =>
    phases.filter((phase) => phase.name === name).reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
  const samples: ProbeSample[] = [
    { name: 'probe_dns_lookup_time_seconds', value: secondsOf('resolve') },
    { name: 'probe_ip_protocol', value: ipVersion },
    { name: 'probe_dns_duration_seconds', labels: { phase: 'resolve' }, value: secondsOf('resolve') },
    { name: 'probe_dns_duration_seconds', labels: { phase: 'connect' }, value: secondsOf('connect') },
    { name: 'probe_dns_duration_seconds', labels: { phase: 'request' }, value: secondsOf('answer') },
    { name: 'probe_dns_query_succeeded', value: verdict === null ? 0 : 1 },
  ]
  if (exchange === null) return samples
  const { answers, authorityCount, additionalCount } = exchange.answer
  samples.push(
    { name: 'probe_dns_answer_rrs', value: answers.length },
    { name: 'probe_dns_authority_rrs', value: authorityCount },
    { name: 'probe_dns_additional_rrs', value: additionalCount },
  )
  const serial = Number(answers.find(({ type }) => type === 'SOA')?.value.split(' ')[2])
  if (Number.isFinite(serial)) samples.push({ name: 'probe_dns_serial', value: serial })
  return samples
}

const mostShown = 100

/** The address of the machine's own resolver is not that of what is looked at. */
function evidenceOf({ remoteAddress, transport, exchange }: Seen, verdict: Verdict | null, isOwn: boolean): Evidence {
  const address = remoteAddress === null || isOwn ? {} : { remoteAddress }
  if (exchange === null) return address
  const { answers, code, isAuthoritative } = exchange.answer
  const note = [
    code,
    `${exchange.sizeBytes} bytes over ${transport.toUpperCase()}`,
    ...(isAuthoritative ? ['authoritative'] : []),
    ...(isOwn && remoteAddress !== null ? [`from the machine’s own resolver at ${remoteAddress}`] : []),
  ]
  const rows = answers
    .slice(0, mostShown)
    .map(({ name, type, ttlSeconds, value }) => ({ name: `${name} ${type}, ${ttlSeconds} s`, value }))
  return {
    ...address,
    facts: [{ title: 'Answer', note: note.join(', '), rows }],
    ...(verdict ? { assertions: [...verdict.assertions] } : {}),
  }
}
