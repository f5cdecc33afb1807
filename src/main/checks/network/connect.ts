/**
 * Opens a connection as a probe needs it: name, connect and TLS measured one by one, the certificate looked at before
 * anything is sent, and every way to fail named. Whoever receives the connection destroys it.
 */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Clock } from '#main/ports.ts'
import type { Phase } from '#shared/contract/checks.ts'
import type { Evidence } from '#shared/contract/evidence.ts'
import { type ClientCertificate, secureContextFor } from './authorities.ts'
import { type Chain, certificateFailure, chainOf } from './certificate.ts'
import { deadlineFailure, type Failure, failureOf, type Stage } from './failure.ts'
import { isAddress, joinHostPort } from './host.ts'
import { type IpVersion, resolveHost } from './resolve.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly ipVersion: IpVersion
  readonly tls: TlsOptions | null
}

export interface TlsOptions {
  /** False: whatever the certificate is, it is told but nothing follows from it. */
  readonly verify: boolean
  /** PEM of authorities trusted in addition; empty: none. */
  readonly authorities: string
  readonly alpn: readonly string[]
  /** PEM by which this side says who it is. */
  readonly client?: ClientCertificate
  /** Whose certificate it should be, where that is not the host's. */
  readonly serverName?: string
  /** Also TLS 1.0 and weak ciphers: see secureContextFor. */
  readonly anyProtocol?: boolean
  /** Said in plain text before TLS begins. */
  readonly startTls?: StartTls
}

/** Null: TLS may begin. `declined`: the connection stays plain, and that is all right. */
export type StartTls = (socket: Socket, signal: AbortSignal) => Promise<Failure | 'declined' | null>

export interface Connection {
  readonly socket: Socket
  readonly ipVersion: 4 | 6
}

/** What is known of the attempt, however it ended. */
export interface Attempt {
  readonly connection: Connection | null
  readonly failure: Failure | null
  /** resolve, connect, starttls, tls: those that were begun. */
  readonly phases: readonly Phase[]
  readonly remoteAddress: string | null
  readonly tls: NonNullable<Evidence['tls']> | null
  readonly earliestExpiryAt: number | null
}

/** Never rejects. When `signal` aborts, the socket is destroyed and the stage it was in is the failure. */
export async function openConnection(endpoint: Endpoint, clock: Clock, signal: AbortSignal): Promise<Attempt> {
  const subject = joinHostPort(endpoint.host, endpoint.port)
  const phases: Phase[] = []
  let stage: Stage = 'resolve'
  let socket: Socket | null = null
  let remoteAddress: string | null = null
  let tls: Attempt['tls'] = null
  let chain: Chain | null = null
  const measured = async <T>(next: Stage, work: () => Promise<T>): Promise<T> => {
    stage = next
    const startedMs = clock.monotonicMs()
    try {
      return await work()
    } finally {
      phases.push({ name: next, durationMs: clock.monotonicMs() - startedMs })
    }
  }
  const ended = (connection: Connection | null, failure: Failure | null): Attempt => {
    if (connection === null) socket?.destroy()
    return { connection, failure, phases, remoteAddress, tls, earliestExpiryAt: chain?.earliestExpiryAt ?? null }
  }
  try {
    const addresses = await measured('resolve', () => resolveHost(endpoint.host, endpoint.ipVersion, signal))
    const plain = await measured('connect', () => tcpConnected(endpoint, addresses, signal))
    socket = plain
    remoteAddress = joinHostPort(plain.remoteAddress ?? '', endpoint.port)
    const ipVersion = plain.remoteFamily === 'IPv6' ? 6 : 4
    const { tls: options } = endpoint
    if (options === null) return ended({ socket: plain, ipVersion }, null)
    const { startTls } = options
    if (startTls) {
      const agreed = await measured('starttls', () => startTls(plain, signal))
      if (agreed === 'declined') return ended({ socket: plain, ipVersion }, null)
      if (agreed !== null) return ended(null, agreed)
    }
    const serverName = options.serverName || endpoint.host
    const secure = await measured('tls', () => tlsConnected(plain, serverName, options, signal))
    socket = secure
    chain = chainOf(secure)
    const problem = secure.authorized ? null : codeText(secure.authorizationError)
    const failure = problem === null ? null : certificateFailure(problem, serverName, chain)
    tls = {
      protocol: secure.getProtocol() ?? '',
      cipher: secure.getCipher().standardName ?? secure.getCipher().name,
      problem: failure?.reason.message ?? null,
      certificates: [...(chain?.certificates ?? [])],
    }
    if (failure !== null && options.verify) return ended(null, failure)
    return ended({ socket: secure, ipVersion }, null)
  } catch (error) {
    return ended(null, signal.aborted ? deadlineFailure(stage, subject) : failureOf(error, stage, subject))
  }
}

function tcpConnected(
  { host, port }: Endpoint,
  addresses: readonly { address: string; family: number }[],
  signal: AbortSignal,
): Promise<Socket> {
  const [first] = addresses
  if (first === undefined) return Promise.reject(Object.assign(new Error('no address'), { code: 'ENODATA' }))
  const single = addresses.length === 1
  const socket = connectTcp({
    host: single ? first.address : host,
    port,
    noDelay: true,
    autoSelectFamily: !single,
    lookup: (_host, options, answer) =>
      options.all ? answer(null, [...addresses]) : answer(null, first.address, first.family),
  })
  return until(socket, 'connect', signal)
}

function tlsConnected(plain: Socket, host: string, options: TlsOptions, signal: AbortSignal): Promise<TLSSocket> {
  const secure = connectTls({
    socket: plain,
    host,
    servername: isAddress(host) ? '' : host,
    secureContext: secureContextFor(options.authorities, options.anyProtocol, options.client),
    // Verified by us right after the handshake, so that the certificate can be shown as evidence.
    rejectUnauthorized: false,
    ...(options.alpn.length > 0 ? { ALPNProtocols: [...options.alpn] } : {}),
  })
  return until(secure, 'secureConnect', signal)
}

function until<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      signal.removeEventListener('abort', abort)
      socket.removeListener('close', closed)
    }
    const abort = () => {
      settle()
      reject(signal.reason)
    }
    const closed = () => {
      settle()
      reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }))
    }
    // Stays for the socket's whole life: an error that nobody listens for would end the process.
    socket.on('error', (error) => {
      settle()
      reject(error)
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.once('close', closed)
    socket.once(event, () => {
      settle()
      resolve(socket)
    })
  })
}

function codeText(error: unknown): string {
  if (typeof error === 'string') return error
  return error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'unknown'
}
