/**
 * The cookies of one run: kept by host, path and scheme as a browser does, and forgotten with the run.
 * Source: RFC 6265, sections 5.1 to 5.4. There is no list of public suffixes: a cookie for a whole top-level domain is
 * refused, and more is not to be feared from a jar that lives for seconds.
 */
import { isIP } from 'node:net'
import type { Clock } from '#main/ports.ts'
import type { Cookies } from '../http-probe/probe.ts'

interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly isHostOnly: boolean
  readonly path: string
  readonly isSecure: boolean
  /** Epoch ms; null: until the run ends. */
  readonly expiresAt: number | null
}

export interface CookieJar extends Cookies {
  /** The value a request to this address would send; null when there is none. */
  valueOf(url: URL, name: string): string | null
}

/** Bounds what a server can make us keep and send. */
const mostCookies = 100
const longestCookie = 4096

export function createCookieJar(clock: Clock): CookieJar {
  let cookies: Cookie[] = []

  /** Longer paths first, then the older ones. Source: RFC 6265, 5.4. */
  function belonging(url: URL): Cookie[] {
    const now = clock.now()
    return cookies
      .filter((cookie) => (cookie.expiresAt === null || cookie.expiresAt > now) && belongs(cookie, url))
      .sort((a, b) => b.path.length - a.path.length)
  }

  return {
    headerFor(url) {
      const sent = belonging(url).map(({ name, value }) => `${name}=${value}`)
      return sent.length === 0 ? null : sent.join('; ')
    },
    take(url, headers) {
      for (const { name, value } of headers) {
        if (name.toLowerCase() !== 'set-cookie') continue
        const cookie = parseSetCookie(value, url, clock.now())
        if (cookie === null) continue
        const place = cookies.findIndex((one) => isSame(one, cookie))
        if (place >= 0) cookies = cookies.with(place, cookie)
        else if (cookies.length < mostCookies) cookies = [...cookies, cookie]
      }
    },
    valueOf: (url, name) => belonging(url).find((cookie) => cookie.name === name)?.value ?? null,
  }
}

/** Null for a cookie that a browser would refuse. */
function parseSetCookie(text: string, url: URL, now: number): Cookie | null {
  if (text.length > longestCookie) return null
  const [pair = '', ...rest] = text.split(';')
  const equals = pair.indexOf('=')
  const name = pair.slice(0, equals).trim()
  if (equals < 0 || name === '') return null
  const attributes = new Map(
    rest.map((part) => {
      const [key = '', ...value] = part.split('=')
      return [key.trim().toLowerCase(), value.join('=').trim()] as const
    }),
  )
  const host = url.hostname.toLowerCase()
  const asked = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase()
  const isHostOnly = asked === '' || (asked === host && !asked.includes('.'))
  if (!isHostOnly && (!asked.includes('.') || !domainMatches(host, asked))) return null
  const isSecure = attributes.has('secure')
  if (isSecure && url.protocol !== 'https:') return null
  const path = attributes.get('path') ?? ''
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    domain: isHostOnly ? host : asked,
    isHostOnly,
    path: path.startsWith('/') ? path : defaultPath(url),
    isSecure,
    expiresAt: expiryOf(attributes, now),
  }
}

/** Max-Age wins over Expires. Source: RFC 6265, 5.3, step 3. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | null {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? null : expires
}

function belongs(cookie: Cookie, url: URL): boolean {
  const host = url.hostname.toLowerCase()
  if (cookie.isHostOnly ? host !== cookie.domain : !domainMatches(host, cookie.domain)) return false
  if (cookie.isSecure && url.protocol !== 'https:') return false
  const { pathname } = url
  return (
    pathname === cookie.path ||
    (pathname.startsWith(cookie.path) && (cookie.path.endsWith('/') || pathname[cookie.path.length] === '/'))
  )
}

/** Addresses have no sub-domains. Source: RFC 6265, 5.1.3. */
function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && isIP(host) === 0)
}

/** Source: RFC 6265, 5.1.4. */
function defaultPath({ pathname }: URL): string {
  const end = pathname.lastIndexOf('/')
  return end <= 0 ? '/' : pathname.slice(0, end)
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path && a.isHostOnly === b.isHostOnly
}
