/** One WebSocket probe: connection, handshake, perhaps a few words, a ping and a clean end. Messages are capped. */
import type { Socket } from 'node:net'
import WebSocket from 'ws'
import type { Evidence } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { type Attempt, openConnection } from '../network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf, ProtocolError } from '../network/failure.ts'
import { joinHostPort, parseHost } from '../network/host.ts'
import { occurs } from '../network/pattern.ts'
import { shorten, textSample, withoutSecrets } from '../network/text.ts'
import type { WebSocketConfig } from './config.ts'

const mostMessageBytes = 1_048_576
const mostMessages = 1000
const mostShown = 20
const mostHeaderBytes = 65_536

/** All that was seen, for evidence and samples. */
interface Seen {
  attempt: Attempt
  failure: Failure | null
  failedRegex: boolean
  status: number
  statusText: string
  subprotocol: string
  readonly messages: string[]
  messageCount: number
  pingMs: number | null
}

export async function probeWebSocket(
  config: WebSocketConfig,
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const { clock } = ports
  const startedMs = clock.monotonicMs()
  const url = new URL(config.url)
  const isSecure = url.protocol === 'wss:'
  const host = parseHost(url.hostname) ?? url.hostname
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port)
  const subject = joinHostPort(host, port)
  const tls = isSecure ? { verify: config.verifyTls, authorities: config.authorities, alpn: ['http/1.1'] } : null
  const attempt = await openConnection({ host, port, ipVersion: config.ipVersion, tls }, clock, signal)
  const seen: Seen = {
    attempt,
    failure: attempt.failure,
    failedRegex: false,
    status: 0,
    statusText: '',
    subprotocol: '',
    messages: [],
    messageCount: 0,
    pingMs: null,
  }
  const phases = [...attempt.phases]
  if (attempt.connection !== null) {
    const fromMs = clock.monotonicMs()
    const talk = startTalk(config, attempt.connection.socket, seen, signal)
    let name = 'handshake'
    let stageFromMs = fromMs
    const next = (following: string) => {
      phases.push({ name, durationMs: clock.monotonicMs() - stageFromMs })
      name = following
      stageFromMs = clock.monotonicMs()
    }
    try {
      await talk.opened()
      if (config.send !== '' || expectsAnswer(config)) {
        next('message')
        await talk.converse()
      }
      if (config.ping) {
        next('ping')
        await talk.ping()
        seen.pingMs = clock.monotonicMs() - stageFromMs
      }
      next('')
      talk.close()
    } catch (error) {
      next('')
      talk.terminate()
      seen.failure = signal.aborted ? overdue(config, seen, subject, name, talk.isOpen()) : failureFrom(error, subject)
    }
  }
  const { outcome, reason } = seen.failure ?? {
    outcome: 'up' as const,
    reason: { code: 'ok', message: upMessage(seen) },
  }
  const probed = { outcome, reason, durationMs: clock.monotonicMs() - startedMs, phases, samples: samplesOf(seen) }
  return withoutSecrets({ ...probed, evidence: evidenceOf(config, seen) }, secretsOf(config))
}

function startTalk(config: WebSocketConfig, socket: Socket, seen: Seen, signal: AbortSignal) {
  // Both go further than the types know.
  const options: WebSocket.ClientOptions & { closeTimeout: number; maxHeaderSize: number } = {
    createConnection: () => socket,
    headers: { 'user-agent': 'Belfry', ...config.headers, ...authorization(config) },
    maxPayload: mostMessageBytes,
    // Nothing that a few bytes could blow up.
    perMessageDeflate: false,
    followRedirects: false,
    closeTimeout: 1000,
    maxHeaderSize: mostHeaderBytes,
  }
  const client = new WebSocket(config.url, config.subprotocols, options)
  let look = () => {}
  let isOpen = false
  const ended = new Promise<never>((_, reject) => {
    client.on('error', reject)
    client.on('close', (code, reason) => reject(new Closed(code, reason.toString('utf8'))))
    client.on('unexpected-response', (request, response) => {
      seen.status = response.statusCode ?? 0
      seen.statusText = response.statusMessage ?? ''
      request.destroy()
      reject(new Refused(seen.status, seen.statusText))
    })
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    client.on('upgrade', (response) => {
      seen.status = response.statusCode ?? 0
      seen.statusText = response.statusMessage ?? ''
    })
    client.on('message', (data: Buffer) => {
      seen.messageCount++
      const text = textSample(data) ?? data.toString('hex', 0, 256)
      if (seen.messages.length < mostShown) seen.messages.push(shorten(text, 1000))
      if (matches(config, data.toString('utf8'))) look()
      else if (seen.messageCount >= mostMessages) reject(mismatch(config, seen, 'none of them was'))
    })
  })
  // Whoever waits is told; nobody has to wait.
  ended.catch(() => {})
  const opened = new Promise<void>((resolve) => client.once('open', resolve))
  let hasMatched = false
  const matched = new Promise<void>((resolve) => {
    look = () => {
      hasMatched = true
      resolve()
    }
  })
  return {
    isOpen: () => isOpen,
    async opened() {
      await Promise.race([opened, ended])
      isOpen = true
      seen.subprotocol = client.protocol
    },
    async converse() {
      if (config.send !== '') client.send(config.send)
      if (expectsAnswer(config) && !hasMatched) await Promise.race([matched, ended])
    },
    async ping() {
      const payload = Buffer.from('belfry')
      const answered = new Promise<void>((resolve) => {
        client.on('pong', (data) => {
          if (data.equals(payload)) resolve()
        })
      })
      client.ping(payload)
      await Promise.race([answered, ended])
    },
    close: () => client.close(1000),
    terminate: () => client.terminate(),
  }
}

class Closed extends Error {
  readonly code: number
  readonly reason: string
  constructor(code: number, reason: string) {
    super('closed')
    this.code = code
    this.reason = reason
  }
}

class Refused extends Error {
  readonly status: number
  readonly statusText: string
  constructor(status: number, statusText: string) {
    super('refused')
    this.status = status
    this.statusText = statusText
  }
}

class Mismatch extends Error {}

function failureFrom(error: unknown, subject: string): Failure {
  if (error instanceof Refused) {
    const { status, statusText } = error
    const said = `${status} ${shorten(statusText, 100)}`.trim()
    return status === 401 || status === 403
      ? down('not-authorized', `${subject} does not let us in: it answered ${said}.`)
      : down('upgrade-refused', `${subject} does not go on as WebSocket: it answered ${said}.`)
  }
  if (error instanceof Mismatch) return down('answer-mismatch', `${subject} ${error.message}.`)
  if (error instanceof Closed) {
    if (error.code === 1006) return down('reset', `${subject} broke off the connection.`)
    const reason = error.reason === '' ? '' : `, "${shorten(error.reason, 200)}"`
    return down('closed', `${subject} closed the connection too early: code ${error.code}${reason}.`)
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/subprotocol/.test(message)) return down('subprotocol-mismatch', `${subject}: ${message}.`)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return down('message-too-large', `${subject} sent a message larger than ${mostMessageBytes} bytes.`)
  }
  if (code.startsWith('WS_ERR') || /^Invalid (Upgrade|Sec-WebSocket)/.test(message)) {
    return failureOf(new ProtocolError(message), 'processing', subject)
  }
  return failureOf(error, 'processing', subject)
}

function overdue(config: WebSocketConfig, seen: Seen, subject: string, stage: string, isOpen: boolean): Failure {
  if (!isOpen) return deadlineFailure('processing', subject)
  if (stage === 'ping' || seen.pingMs !== null || !expectsAnswer(config)) {
    return down('ping-timeout', `${subject} is connected but did not answer a ping in time.`)
  }
  if (seen.messageCount === 0) return down('timeout', `${subject} is connected but sent no message in time.`)
  seen.failedRegex = config.expectPattern !== ''
  return failureFrom(mismatch(config, seen, 'none was in time'), subject)
}

function mismatch(config: WebSocketConfig, seen: Seen, which: string): Mismatch {
  const wanted = [config.expect, config.expectPattern].filter((text) => text !== '').join('" and "')
  const last = seen.messages.at(-1) ?? ''
  return new Mismatch(
    `sent ${seen.messageCount} messages, and ${which} as expected: expected "${shorten(wanted, 200)}", "${shorten(last, 200)}" came`,
  )
}

function expectsAnswer(config: WebSocketConfig): boolean {
  return config.expect !== '' || config.expectPattern !== ''
}

function matches(config: WebSocketConfig, text: string): boolean {
  return text.includes(config.expect) && (config.expectPattern === '' || occurs(config.expectPattern, text))
}

function authorization({ username, password, token }: WebSocketConfig): Record<string, string> {
  if (token !== '') return { authorization: `Bearer ${token}` }
  return username === '' ? {} : { authorization: `Basic ${basic(username, password)}` }
}

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

function secretsOf({ username, password, token }: WebSocketConfig): string[] {
  return [password, token, username === '' ? '' : basic(username, password)]
}

function upMessage({ subprotocol, pingMs }: Seen): string {
  const spoken = subprotocol === '' ? '' : `, speaking ${subprotocol}`
  return `The connection is open${spoken}${pingMs === null ? '' : ` and answers pings in ${Math.round(pingMs)} ms`}.`
}

function samplesOf({ attempt, status, failedRegex, pingMs }: Seen): ProbeSample[] {
  const resolveMs = attempt.phases.find(({ name }) => name === 'resolve')?.durationMs ?? 0
  return [
    { name: 'probe_dns_lookup_time_seconds', value: resolveMs / 1000 },
    { name: 'probe_ip_protocol', value: attempt.connection?.ipVersion ?? 0 },
    { name: 'probe_http_status_code', value: status },
    { name: 'probe_failed_due_to_regex', value: failedRegex ? 1 : 0 },
    ...(pingMs === null ? [] : [{ name: 'probe_websocket_ping_seconds', value: pingMs / 1000 }]),
    ...(attempt.earliestExpiryAt === null
      ? []
      : [{ name: 'probe_ssl_earliest_cert_expiry', value: attempt.earliestExpiryAt / 1000 }]),
  ]
}

function evidenceOf(config: WebSocketConfig, seen: Seen): Evidence {
  const { attempt, status, statusText, subprotocol, messages } = seen
  const conversation = [
    ...(seen.status === 101 && config.send !== ''
      ? [{ direction: 'sent' as const, text: shorten(config.send, 1000) }]
      : []),
    ...messages.map((text) => ({ direction: 'received' as const, text })),
  ]
  const rows = [
    ...(status === 0 ? [] : [{ name: 'status', value: `${status} ${shorten(statusText, 100)}` }]),
    ...(subprotocol === '' ? [] : [{ name: 'subprotocol', value: subprotocol }]),
  ]
  return {
    ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}),
    ...(attempt.tls ? { tls: attempt.tls } : {}),
    ...(conversation.length > 0 ? { conversation } : {}),
    ...(rows.length > 0 ? { facts: [{ title: 'Handshake', note: '', rows }] } : {}),
  }
}
