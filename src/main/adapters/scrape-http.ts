/** Scrapes over undici: connections are kept between scrapes, compressed bodies are inflated as they come. */
import { createGunzip } from 'node:zlib'
import type { Agent, Dispatcher } from 'undici'
import { systemErrorCode } from '#main/files/system-error.ts'
import type { ScrapeAnswer, ScrapeClient, ScrapeHttp, TlsMaterial } from '#main/scrape/scrape-http.ts'
import { AppError } from '#shared/contract/errors.ts'

/** Longer than most intervals, so that a target is asked over one connection. */
const keepAliveMs = 150_000
const mostRedirects = 10
const inflatedPieceBytes = 64 * 1024

export function createScrapeHttp(): ScrapeHttp {
  return { client: createClient }
}

function createClient(tls: TlsMaterial, followRedirects: boolean): ScrapeClient {
  let opening: Promise<{ agent: Agent; request: Dispatcher['request'] }> | null = null

  /** With the first scrape: undici takes its time to load. */
  async function open() {
    const { Agent } = await import('undici')
    const { ca, cert, key, serverName, insecureSkipVerify } = tls
    const agent = new Agent({
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      connect: {
        // The deadline of the scrape covers it.
        timeout: 0,
        rejectUnauthorized: !insecureSkipVerify,
        ...(ca === null ? {} : { ca }),
        ...(cert === null || key === null ? {} : { cert, key }),
        ...(serverName === null ? {} : { servername: serverName }),
      },
    })
    return { agent, request: agent.request.bind(agent) }
  }

  async function ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    opening ??= open()
    const { request } = await opening
    const options = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers,
      signal,
    } as const
    try {
      return await request(options)
    } catch (error) {
      // A kept connection that the other end had closed just then says nothing of the target: once more, on a new one.
      if (signal.aborted || !isClosedConnection(error)) throw error
      return request(options)
    }
  }

  return {
    async get(address, headers, signal) {
      let url = new URL(address)
      let sent = headers
      for (let redirects = 0; ; redirects++) {
        const answer = await ask(url, sent, signal)
        const next = followRedirects ? redirectOf(answer, url) : null
        if (next === null) return answerOf(answer)
        await answer.body.dump()
        if (redirects === mostRedirects)
          throw new AppError('unprocessable', `expected at most ${mostRedirects} redirects, got more`)
        if (next.host !== url.host) sent = withoutCredentials(sent)
        url = next
      }
    },
    async close() {
      if (opening !== null) await (await opening).agent.destroy()
    },
  }
}

const isClosedConnection = (error: unknown) =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(systemErrorCode(error) ?? '')

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | null {
  const location = headerText(headers['location'])
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === '') return null
  const url = URL.parse(location, from.href)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppError('unprocessable', `expected a redirect to http or https, got "${location.slice(0, 200)}"`)
  }
  return url
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

const headerText = (value: string | string[] | undefined) => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))

async function answerOf({ statusCode, statusText, headers, body }: Dispatcher.ResponseData): Promise<ScrapeAnswer> {
  const encoding = headerText(headers['content-encoding']).trim().toLowerCase()
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip') {
    await body.dump()
    throw new AppError(
      'unprocessable',
      `expected a body as it is or by gzip, got the encoding "${encoding.slice(0, 40)}"`,
    )
  }
  return {
    status: statusCode,
    statusText: statusText ?? '',
    contentType: headerText(headers['content-type']),
    body: encoding === 'gzip' ? inflated(body) : body,
  }
}

async function* inflated(body: Dispatcher.ResponseData['body']): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: inflatedPieceBytes })
  body.on('error', (error) => gunzip.destroy(error))
  body.pipe(gunzip)
  try {
    yield* gunzip
  } finally {
    body.destroy()
    gunzip.destroy()
  }
}
