/** One exchange with a target: who asks, what is answered, how much of it, and what a failure means. */
import { readFile } from 'node:fs/promises'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import type { Clock } from '#main/ports.ts'
import { keepPace, type Pace } from '#main/rules/pace.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ExpositionFormat } from '#shared/exposition/parser.ts'
import type { HttpSettings, SecretText } from './prometheus-config.ts'
import type { ScrapeClient, TlsMaterial } from './scrape-http.ts'

/** Inflated bytes of one answer, where the job has no body_size_limit: 128 MiB. */
const mostBodyBytes = 128 * 2 ** 20
/** So much is read between two looks at the clock. */
const pieceBytes = 64 * 1024

const accept = [
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6',
  'application/openmetrics-text;version=0.0.1;q=0.5',
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4',
  'text/plain;version=0.0.4;q=0.3',
  '*/*;q=0.1',
].join(',')

export interface Asked {
  readonly url: string
  readonly http: HttpSettings
  readonly timeoutMs: number
  /** 0: no limit of the job's own. */
  readonly bodyBytes: number
  readonly userAgent: string
}

/** Takes the pieces of a body; `begin` is told what they are. */
export interface BodyReader {
  push(piece: Uint8Array): void
  end(): void
}

/**
 * Rejects with AppError or ExpositionError where the answer is not what was wanted, with the signal's reason, or with the
 * connection's failure. Gives the size of the body. The work is done in slices.
 */
export async function askTarget(
  client: ScrapeClient,
  asked: Asked,
  begin: (format: ExpositionFormat) => BodyReader,
  clock: Pick<Clock, 'monotonicMs'>,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly format: ExpositionFormat; readonly pace: Pace }> {
  const answer = await client.get(asked.url, await headersOf(asked), signal)
  if (answer.status !== 200) {
    await discard(answer.body)
    throw new AppError('unprocessable', `expected status 200, got ${`${answer.status} ${answer.statusText}`.trim()}`)
  }
  const format = /^application\/openmetrics-text\b/i.test(answer.contentType) ? 'openmetrics' : 'text'
  const reader = begin(format)
  const pace = keepPace(clock, signal)
  const limit = asked.bodyBytes > 0 ? asked.bodyBytes : mostBodyBytes
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.byteLength
    if (bytes > limit) {
      const name = asked.bodyBytes > 0 ? ' (body_size_limit)' : ''
      throw new AppError('too-large', `expected a body of at most ${limit} bytes${name}, got more`)
    }
    for (let from = 0; from < chunk.byteLength; from += pieceBytes) {
      reader.push(chunk.subarray(from, from + pieceBytes))
      if (pace.isDue()) await pace.turn()
    }
  }
  signal.throwIfAborted()
  reader.end()
  return { bytes, format, pace }
}

/** A body that nobody reads would hold its connection. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) return
}

async function headersOf({ http, timeoutMs, userAgent }: Asked): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    accept,
    'user-agent': userAgent,
    'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
  }
  if (http.compression) headers['accept-encoding'] = 'gzip'
  if (http.basicAuth) {
    const password = await secretOf(http.basicAuth.password, 'password_file')
    headers['authorization'] = `Basic ${Buffer.from(`${http.basicAuth.username}:${password ?? ''}`).toString('base64')}`
  } else if (http.authorization) {
    const credentials = await secretOf(http.authorization.credentials, 'credentials_file')
    if (credentials !== null) headers['authorization'] = `${http.authorization.type} ${credentials}`
  }
  return headers
}

/** Rejects with AppError `unprocessable` where a file cannot be read. */
async function secretOf({ text, file }: SecretText, field: string): Promise<string | null> {
  if (file === null) return text
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new AppError('unprocessable', `expected ${field} at ${file}, got ${systemErrorText(error)}`)
  }
}

export async function tlsMaterialOf({ tls }: HttpSettings): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    secretOf(tls.ca, 'ca_file'),
    secretOf(tls.cert, 'cert_file'),
    secretOf(tls.key, 'key_file'),
  ])
  return { ca, cert, key, serverName: tls.serverName, insecureSkipVerify: tls.insecureSkipVerify }
}

export interface Failure {
  readonly message: string
  /**
   * `target`: it answered, and not as it should. `connection`: it was not reached, which may be our own link's fault.
   * `own`: this machine could not ask.
   */
  readonly cause: 'target' | 'connection' | 'own'
}

const ownCodes: Readonly<Record<string, string>> = {
  EMFILE: 'this machine has no free file descriptors',
  ENFILE: 'this machine has no free file descriptors',
  ENOBUFS: 'this machine has no memory for more connections',
  ENOMEM: 'this machine has no memory for more connections',
  EADDRNOTAVAIL: 'this machine has no free local ports',
  EAI_AGAIN: "this machine's name service did not answer",
}

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ENOTFOUND: 'there is no host of that name',
  EPIPE: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  ETIMEDOUT: 'the connection was not made in time',
}

const certificateCode =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/

export function failureOf(error: unknown): Failure {
  if (error instanceof AppError)
    return { message: error.message, cause: error.code === 'timeout' ? 'connection' : 'target' }
  const inner = error instanceof AggregateError ? error.errors[0] : error
  const code = systemErrorCode(inner) ?? ''
  const own = ownCodes[code]
  if (own !== undefined) return { message: `${own} (${code})`, cause: 'own' }
  const said = inner instanceof Error ? inner.message : String(inner)
  if (code.startsWith('Z_')) return { message: `expected a body by gzip, got what is none: ${said}`, cause: 'target' }
  if (/^HPE_|does not match the HTTP/.test(`${code} ${said}`) || code === 'UND_ERR_HEADERS_OVERFLOW')
    return { message: `expected HTTP, got something else: ${said}`, cause: 'target' }
  if (certificateCode.test(code)) return { message: `TLS: ${said} (${code})`, cause: 'target' }
  const words = connectionWords[code]
  return { message: words === undefined ? said : `${words} (${code})`, cause: 'connection' }
}
