/** One TCP probe: connect, perhaps TLS, perhaps a few words. What is received is capped; greetings may be garbage. */
import type { Socket } from 'node:net'
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { type Attempt, openConnection } from '../network/connect.ts'
import { down, type Failure, failureOf } from '../network/failure.ts'
import { joinHostPort } from '../network/host.ts'
import { occurs } from '../network/pattern.ts'
import { shorten, textSample } from '../network/text.ts'
import type { TcpConfig } from './config.ts'

const maxReceivedBytes = 65_536

export async function probeTcp(config: TcpConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const attempt = await openConnection(
    {
      host: config.host,
      port: config.port,
      ipVersion: config.ipVersion,
      tls: config.tls ? { verify: config.verifyTls, authorities: config.authorities, alpn: [] } : null,
    },
    ports.clock,
    signal,
  )
  const talkedFromMs = ports.clock.monotonicMs()
  const talk = attempt.connection ? await converse(attempt.connection.socket, config, signal) : null
  const endedMs = ports.clock.monotonicMs()
  const failure = attempt.failure ?? talk?.failure ?? null
  const spoke = talk !== null && (config.send !== '' || expectsAnswer(config))
  return {
    outcome: failure?.outcome ?? 'up',
    reason: failure?.reason ?? { code: 'ok', message: 'The connection was accepted.' },
    durationMs: endedMs - startedMs,
    phases: spoke ? [...attempt.phases, { name: 'processing', durationMs: endedMs - talkedFromMs }] : attempt.phases,
    samples: samplesOf(config, attempt, talk),
    evidence: evidenceOf(config, attempt, talk),
  }
}

interface Talk {
  readonly received: Buffer
  readonly failure: Failure | null
  readonly failedRegex: boolean
}

function expectsAnswer(config: TcpConfig): boolean {
  return config.expect !== '' || config.expectPattern !== ''
}

/** Says what is to be said and listens until what is expected came, the other side ends, or too much was said. */
function converse(socket: Socket, config: TcpConfig, signal: AbortSignal): Promise<Talk> {
  return new Promise((resolve) => {
    const subject = joinHostPort(config.host, config.port)
    const chunks: Buffer[] = []
    let size = 0
    let over = false
    const end = (failure: Failure | null, failedRegex = false) => {
      if (over) return
      over = true
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve({ received: Buffer.concat(chunks), failure, failedRegex })
    }
    const disappointed = (how: string) => {
      const wanted =
        config.expect !== '' && !textOf(chunks).includes(config.expect) ? config.expect : config.expectPattern
      const told = textSample(Buffer.concat(chunks))
      const came =
        size === 0
          ? 'nothing came'
          : told === null
            ? `${size} bytes that are no text came`
            : `"${shorten(told, 200)}" came`
      end(
        down('answer-mismatch', `${subject} ${how}: expected "${shorten(wanted, 200)}", ${came}.`),
        wanted === config.expectPattern,
      )
    }
    const abort = () =>
      size === 0
        ? end(down('timeout', `${subject} took the connection but said nothing in time.`))
        : disappointed('did not say what was expected in time')
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', (error) => end(failureOf(error, 'processing', subject)))
    if (!expectsAnswer(config)) {
      if (config.send === '') return end(null)
      socket.end(unescaped(config.send), () => end(null))
      return
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk.subarray(0, maxReceivedBytes - size))
      size += chunk.length
      if (satisfied(config, textOf(chunks))) end(null)
      else if (size >= maxReceivedBytes) disappointed(`said ${maxReceivedBytes} bytes without what was expected`)
    })
    socket.on('end', () => disappointed('ended the connection'))
    socket.on('close', () => disappointed('closed the connection'))
    if (config.send !== '') socket.write(unescaped(config.send))
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

function satisfied(config: TcpConfig, text: string): boolean {
  return text.includes(config.expect) && (config.expectPattern === '' || occurs(config.expectPattern, text))
}

/** A form's single line can say line ends: `PING\r\n`. */
function unescaped(text: string): string {
  return text.replaceAll('\\r', '\r').replaceAll('\\n', '\n').replaceAll('\\t', '\t')
}

function samplesOf(config: TcpConfig, attempt: Attempt, talk: Talk | null): ProbeSample[] {
  const resolveMs = attempt.phases.find((phase) => phase.name === 'resolve')?.durationMs ?? 0
  const samples: ProbeSample[] = [
    { name: 'probe_dns_lookup_time_seconds', value: resolveMs / 1000 },
    { name: 'probe_ip_protocol', value: attempt.connection?.ipVersion ?? 0 },
    { name: 'probe_failed_due_to_regex', value: talk?.failedRegex ? 1 : 0 },
  ]
  if (config.tls && attempt.earliestExpiryAt !== null) {
    samples.push({ name: 'probe_ssl_earliest_cert_expiry', value: attempt.earliestExpiryAt / 1000 })
  }
  return samples
}

function evidenceOf(config: TcpConfig, attempt: Attempt, talk: Talk | null): Evidence {
  const said =
    talk === null || config.send === '' ? [] : [{ direction: 'sent' as const, text: shorten(config.send, 1000) }]
  const heard =
    talk === null || talk.received.length === 0
      ? []
      : [
          {
            direction: 'received' as const,
            text: textSample(talk.received) ?? talk.received.subarray(0, 256).toString('hex'),
          },
        ]
  const conversation = [...said, ...heard]
  return {
    ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}),
    ...(attempt.tls ? { tls: attempt.tls } : {}),
    ...(conversation.length > 0 ? { conversation } : {}),
  }
}
