/** Where an answer sends us, and whether we go. Pure: decides on one redirect at a time. */
import { down, type Failure } from '../network/failure.ts'
import type { HttpAnswer, HttpRequest } from './exchange.ts'

export interface RedirectPolicy {
  /** 0: redirects are not followed; the answer that redirects is the answer. */
  readonly maxRedirects: number
  readonly allowDowngrade: boolean
  /** Whether coming back to an address is no circle yet; then only the count ends it. */
  readonly allowRevisit: boolean
}

export type Next =
  | { readonly kind: 'answer' }
  | { readonly kind: 'follow'; readonly request: HttpRequest }
  | { readonly kind: 'refuse'; readonly failure: Failure }

const redirecting = new Set([301, 302, 303, 307, 308])
const credentials = new Set(['authorization', 'cookie', 'proxy-authorization'])
const bodyHeaders = new Set(['content-length', 'content-type', 'content-encoding'])

/** `visited`: the URLs asked so far, the present one included. */
export function nextRequest(
  request: HttpRequest,
  answer: HttpAnswer,
  visited: readonly string[],
  policy: RedirectPolicy,
): Next {
  const location = answer.headers.find(({ name }) => name.toLowerCase() === 'location')?.value
  if (!redirecting.has(answer.status) || location === undefined || policy.maxRedirects === 0) return { kind: 'answer' }
  const from = request.url
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null
  if (to === null)
    return refuse('redirect-invalid', `${from.host} redirects to "${location.slice(0, 200)}", which is no URL.`)
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    return refuse(
      'redirect-scheme',
      `${from.host} redirects to a ${to.protocol} address; only http and https are followed.`,
    )
  }
  if (from.protocol === 'https:' && to.protocol === 'http:' && !policy.allowDowngrade) {
    return refuse(
      'redirect-downgrade',
      `${from.host} redirects from https to plain http at ${to.host}; this is not allowed.`,
    )
  }
  to.username = ''
  to.password = ''
  to.hash = ''
  if (!policy.allowRevisit && visited.includes(to.href))
    return refuse('redirect-loop', `${from.host} redirects in a circle, back to ${to.href}.`)
  if (visited.length > policy.maxRedirects) {
    return refuse('too-many-redirects', `${visited[0]} redirects more than ${policy.maxRedirects} times.`)
  }
  return { kind: 'follow', request: redirected(request, answer.status, to) }
}

/** As browsers do (Fetch standard, HTTP-redirect fetch): the method may become GET; credentials stay at home. */
function redirected(request: HttpRequest, status: number, url: URL): HttpRequest {
  const toGet =
    (status === 303 && request.method !== 'HEAD') || ((status === 301 || status === 302) && request.method === 'POST')
  const abroad = url.origin !== request.url.origin
  const kept = Object.entries(request.headers).filter(
    ([name]) => !(abroad && credentials.has(name)) && !(toGet && bodyHeaders.has(name)),
  )
  return {
    url,
    method: toGet && request.method !== 'HEAD' ? 'GET' : request.method,
    headers: { ...Object.fromEntries(kept), host: url.host },
    body: toGet ? '' : request.body,
  }
}

function refuse(code: string, message: string): Next {
  return { kind: 'refuse', failure: down(code, message) }
}
