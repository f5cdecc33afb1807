/**
 * A pasted URL of a service, such as `redis://user:secret@host:6379/0`, taken apart: what is secret in it goes to fields
 * of its own and never into a name or a target.
 */
import { parseHost } from './host.ts'

export interface ServiceUrl {
  /** Without the colon. */
  readonly scheme: string
  readonly host: string
  readonly port: number | null
  /** Empty where there is none. */
  readonly user: string
  readonly password: string
  /** Without the slash it begins with. */
  readonly path: string
  readonly query: URLSearchParams
}

/** Null when the text is no URL of one of these schemes or names no host. */
export function parseServiceUrl(text: string, schemes: readonly string[]): ServiceUrl | null {
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || !schemes.includes(scheme)) return null
  // Only the schemes of the web are taken apart alike everywhere.
  const asWeb = text.replace(/^[a-z]+:/i, 'https:')
  if (!URL.canParse(asWeb)) return null
  const url = new URL(asWeb)
  const host = parseHost(url.hostname)
  if (host === null) return null
  // The web's own port is left out by the parser, which is right only for the web.
  const port = url.port === '' && /:443(?:[/?#]|$)/.test(text) ? 443 : url.port === '' ? null : Number(url.port)
  return {
    scheme,
    host,
    port,
    user: decoded(url.username),
    password: decoded(url.password),
    path: decoded(url.pathname.slice(1)),
    query: url.searchParams,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone percent sign stands for itself.
  }
}
