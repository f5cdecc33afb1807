/**
 * What a network error means. The line that matters: a target that refuses, resets or stays silent is *down*; our own
 * trouble (no descriptors, no route, no resolver, no permission) is *unknown*, for it says nothing about the target.
 */
import type { Outcome, Reason } from '#shared/contract/checks.ts'

/** What was being done when it failed; the order is that of a connection's life. */
export type Stage = 'resolve' | 'connect' | 'starttls' | 'tls' | 'processing' | 'transfer'

/** The other side speaks, but not the protocol. The message goes on after "not as expected:". */
export class ProtocolError extends Error {}

export interface Failure {
  readonly outcome: Extract<Outcome, 'down' | 'unknown'>
  readonly reason: Reason
}

export function down(code: string, message: string): Failure {
  return { outcome: 'down', reason: { code, message } }
}

export function unknown(code: string, message: string): Failure {
  return { outcome: 'unknown', reason: { code, message } }
}

/** The deadline came during `stage`. A name that did not resolve in time says nothing about the target. */
export function deadlineFailure(stage: Stage, subject: string): Failure {
  switch (stage) {
    case 'resolve':
      return unknown('dns-timeout', `The name of ${subject} was not resolved in time; the resolver may be down.`)
    case 'connect':
      return down('connect-timeout', `${subject} did not answer the connection attempt in time.`)
    case 'starttls':
      return down('starttls-timeout', `${subject} took the connection but did not agree to begin TLS in time.`)
    case 'tls':
      return down('tls-timeout', `${subject} took the connection but did not finish the TLS handshake in time.`)
    case 'processing':
      return down('timeout', `${subject} took the request but did not answer in time.`)
    case 'transfer':
      return down('body-timeout', `${subject} began its answer but did not finish it in time.`)
  }
}

/** Names the failure of a socket, resolver or parser. `subject`: such as `example.com:443`. */
export function failureOf(error: unknown, stage: Stage, subject: string): Failure {
  if (error instanceof ProtocolError) {
    return down('protocol-error', `${subject} answered, but not as expected: ${error.message}.`)
  }
  const code = codeOf(error)
  const named = byCode[code]
  if (named !== undefined) return named(subject)
  if (code.startsWith('HPE_')) {
    return down('protocol-error', `${subject} answered, but not in HTTP: ${messageOf(error)}.`)
  }
  if (stage === 'tls') return down('tls-handshake', `The TLS handshake with ${subject} failed: ${messageOf(error)}.`)
  if (stage === 'resolve') return unknown('dns-failed', `The name of ${subject} could not be looked up: ${code}.`)
  return down('connection-failed', `The connection to ${subject} failed: ${messageOf(error)}.`)
}

/** Also of errors that gather one per address that was tried: the most telling of them. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf)
    return codes.find((code) => !ownTrouble.has(code)) ?? codes[0] ?? ''
  }
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return String(error.code)
}

/** OpenSSL and the HTTP parser say more than is needed: one line, without their internal prefixes. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const openssl = /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(text)?.[1]
  return (openssl ?? text.split('\n', 1)[0] ?? '').replace(/^Parse Error: /, '').slice(0, 200)
}

const noDescriptors = () =>
  unknown(
    'out-of-descriptors',
    'Belfry has no free file descriptor; raise the limit of open files or check less at once.',
  )
const noRoute = (subject: string) =>
  unknown('network-unreachable', `This machine has no route to ${subject}; its own network may be down.`)

const byCode: Readonly<Record<string, (subject: string) => Failure>> = {
  ENOTFOUND: (subject) => down('dns-not-found', `There is no address for the name of ${subject}.`),
  ENODATA: (subject) => down('dns-not-found', `The name of ${subject} has no address of this kind.`),
  EAI_AGAIN: (subject) => unknown('dns-unavailable', `The resolver of this machine did not answer for ${subject}.`),
  EAI_FAIL: (subject) => unknown('dns-unavailable', `The resolver of this machine failed for ${subject}.`),
  ECONNREFUSED: (subject) => down('connection-refused', `${subject} refused the connection: nothing listens there.`),
  ECONNRESET: (subject) => down('reset', `${subject} broke off the connection.`),
  EPIPE: (subject) => down('reset', `${subject} broke off the connection.`),
  ECONNABORTED: (subject) => down('reset', `The connection to ${subject} was broken off.`),
  ETIMEDOUT: (subject) => down('connect-timeout', `${subject} did not answer the connection attempt.`),
  EHOSTUNREACH: (subject) =>
    down('host-unreachable', `${subject} cannot be reached: its host or network does not answer.`),
  HPE_HEADER_OVERFLOW: (subject) =>
    down('headers-too-large', `${subject} sent more header lines than are taken (64 KiB).`),
  ENETUNREACH: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: () => unknown('no-local-port', 'This machine has no free local port or address for a connection.'),
  EMFILE: noDescriptors,
  ENFILE: noDescriptors,
  ENOBUFS: noDescriptors,
  ENOMEM: () => unknown('out-of-memory', 'This machine has no memory for another connection.'),
  EACCES: () =>
    unknown('not-permitted', 'This machine does not permit the connection; a local firewall may forbid it.'),
  EPERM: () => unknown('not-permitted', 'This machine does not permit the connection; a local firewall may forbid it.'),
}

const ownTrouble = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])
