/** What a person needs to see of a probe: capped, and without the secrets that were sent. */
import type { Evidence, HeaderLine } from '#shared/contract/evidence.ts'
import { shorten, textSample, withoutSecrets } from '../network/text.ts'
import type { HttpConfig } from './config.ts'
import type { HttpAnswer, HttpRequest } from './exchange.ts'
import type { Visit } from './probe.ts'

/** Headers whose values are credentials, whoever sends them. */
const secretHeader = /^(authorization|proxy-authorization|cookie|set-cookie)$|token|secret|password|api-?key/i
const mostHeaders = 60
const longestValue = 1000
const longestUrl = 500

export function evidenceOf(config: HttpConfig, { hops, answer, verdict }: Visit): Evidence {
  const last = hops.at(-1)
  const evidence: Evidence = {
    ...(last ? { request: requestOf(last.request) } : {}),
    ...(answer ? { response: responseOf(answer) } : {}),
    ...(last?.attempt.remoteAddress ? { remoteAddress: last.attempt.remoteAddress } : {}),
    ...(last?.attempt.tls ? { tls: last.attempt.tls } : {}),
    ...(verdict ? { assertions: [...verdict.assertions] } : {}),
  }
  const redirects = hops.slice(0, -1).map((hop, index) => ({
    status: hop.exchange?.answer?.status ?? 0,
    from: shorten(hop.request.url.href, longestUrl),
    to: shorten(hops[index + 1]?.request.url.href ?? '', longestUrl),
  }))
  return withoutSecrets(redirects.length > 0 ? { ...evidence, redirects } : evidence, secretsOf(config))
}

function requestOf(request: HttpRequest): NonNullable<Evidence['request']> {
  return {
    line: `${request.method} ${shorten(request.url.href, longestUrl)}`,
    headers: headersOf(Object.entries(request.headers).map(([name, value]) => ({ name, value }))),
    body: request.body === '' ? null : shorten(request.body, longestValue),
  }
}

function responseOf(answer: HttpAnswer): NonNullable<Evidence['response']> {
  const bodySample = textSample(answer.body)
  return {
    line: `HTTP/${answer.version} ${answer.status} ${shorten(answer.statusText, longestValue)}`.trim(),
    headers: headersOf(answer.headers),
    bodyBytes: answer.receivedBytes,
    bodySample,
    truncated: !answer.complete || Buffer.byteLength(bodySample ?? '') < answer.body.length,
  }
}

function headersOf(headers: readonly HeaderLine[]): HeaderLine[] {
  return headers.slice(0, mostHeaders).map(({ name, value }) => ({
    name: shorten(name, longestValue),
    value: secretHeader.test(name) ? '[secret]' : shorten(value, longestValue),
  }))
}

function secretsOf({ auth }: HttpConfig): string[] {
  switch (auth.type) {
    case 'none':
      return []
    case 'basic':
      return [auth.password, Buffer.from(`${auth.username}:${auth.password}`).toString('base64')]
    case 'bearer':
      return [auth.token]
  }
}
