/** Plain requests, on undici: one deadline over the whole exchange, a cap on the body, no redirects followed. */
import { systemErrorCode } from '#main/files/system-error.ts'
import type { Http } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'

/**
 * Rejects with AppError `invalid` (no http or https URL), `timeout`, `too-large` or `unavailable` (not reached, or the
 * connection broke), and with the signal's reason when the caller aborts. Messages name the host only, for the path of
 * a webhook is a secret.
 */
export function createHttp(): Http & { close(): Promise<void> } {
  let loading: Promise<Client> | null = null
  return {
    async request(url, options) {
      const target = parseTarget(url)
      loading ??= loadClient()
      const { request, agent } = await loading
      const deadline = AbortSignal.timeout(Math.max(1, options.timeoutMs))
      const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
      try {
        const response = await request(target, {
          method: options.method,
          headers: options.headers ?? {},
          body: options.body ?? null,
          dispatcher: options.dispatcher ?? agent,
          // The deadline covers these; their own limits would only confuse which one ended the exchange.
          headersTimeout: 0,
          bodyTimeout: 0,
          signal,
        })
        const body = await readCapped(response.body, options.maxBodyBytes, target.host)
        return { status: response.statusCode, headers: flattened(response.headers), body }
      } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason
        if (deadline.aborted) {
          throw new AppError('timeout', `${target.host} did not answer in full within ${options.timeoutMs} ms.`)
        }
        throw error instanceof AppError ? error : unreachable(target, error)
      }
    },
    async close() {
      if (loading !== null) await (await loading).agent.destroy()
    },
  }
}

type Client = Awaited<ReturnType<typeof loadClient>>

/** With the first request: undici costs a sixth of a second and several megabytes, and many a console never sends one. */
async function loadClient() {
  const { Agent, request } = await import('undici')
  return { request, agent: new Agent({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 10_000 }) }
}

function parseTarget(url: string): URL {
  const target = URL.parse(url)
  if (target && (target.protocol === 'http:' || target.protocol === 'https:')) return target
  throw new AppError('invalid', 'expected an address that begins with http:// or https://.')
}

async function readCapped(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    // Leaving the loop by an exception ends the body's stream, and with it the connection.
    if (sizeBytes > maxBytes) throw new AppError('too-large', `${host} answered with more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function flattened(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  )
  return Object.fromEntries(entries)
}

function unreachable(target: URL, error: unknown): AppError {
  const cause = error instanceof AggregateError ? error.errors[0] : error
  const detail = systemErrorCode(cause) ?? (cause instanceof Error ? cause.name : 'unknown error')
  const failure = new AppError('unavailable', `${target.host} could not be reached: ${detail}.`)
  failure.cause = error
  return failure
}
