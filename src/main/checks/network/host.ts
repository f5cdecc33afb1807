/** Host names and addresses as people write them. */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'

/** Labels of letters, digits, hyphens and underscores; no label longer than 63, no name longer than 253. */
const namePattern =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?$/i

/** The host without the brackets an IPv6 address may carry; null when it is none. */
export function parseHost(text: string): string | null {
  const inner = /^\[(.+)\]$/.exec(text)?.[1]
  if (inner !== undefined) return isIPv6(inner) ? inner : null
  if (isIP(text) !== 0) return text
  // 1.2.3 and 300.1.1.1 are mistyped addresses, though a name could be all digits.
  if (/^[\d.]+$/.test(text)) return null
  return namePattern.test(text) ? text : null
}

/** `host:port`, `1.2.3.4:80` or `[::1]:80`; null for anything else. */
export function parseHostPort(text: string): { host: string; port: number } | null {
  const match = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(text)
  const host = parseHost(match?.[1] ?? '')
  const port = Number(match?.[2])
  return host !== null && port >= 1 && port <= 65_535 ? { host, port } : null
}

/** `host:port` with brackets where the host is an IPv6 address. */
export function joinHostPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}

/** An IPv6 address as RFC 5952 writes it, without its zone. */
export function shortestIPv6(address: string): string {
  return new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1)
}

export function isAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host)
}

export const Host = z
  .string()
  .trim()
  .min(1, 'expected a host name or address')
  .max(255)
  .refine((text) => parseHost(text) !== null, {
    message: 'expected a host name such as db.example.com or an address such as 192.0.2.7 or 2001:db8::7',
  })

export const Port = z.number().int().min(1).max(65_535)
