/** What somebody typed or pasted as the address of a target. */
import { AppError } from '#shared/contract/errors.ts'

export interface TypedAddress {
  readonly scheme: 'http' | 'https'
  /** Host and port. */
  readonly address: string
  readonly path: string
  readonly params: Readonly<Record<string, readonly string[]>>
  readonly user: { readonly name: string; readonly password: string } | null
  /** Without the user. */
  readonly url: string
}

/** `db-1:9100`, `db-1:9100/metrics`, `https://user:password@host/metrics?x=y`. AppError `invalid` for anything else. */
export function parseTypedAddress(typed: string): TypedAddress {
  const text = typed.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  if (
    url === null ||
    url.hostname === '' ||
    (url.protocol !== 'http:' && url.protocol !== 'https:') ||
    /\s/.test(text)
  ) {
    throw new AppError(
      'invalid',
      `expected an address such as db-1:9100, db-1:9100/metrics or https://db-1/metrics, got "${text.slice(0, 200)}"`,
    )
  }
  const scheme = url.protocol === 'https:' ? 'https' : 'http'
  const path = url.pathname === '/' ? '/metrics' : decodeURI(url.pathname)
  const params = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]),
  )
  const user =
    url.username === '' ? null : { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  const asked = url.searchParams.size > 0 ? `?${url.searchParams}` : ''
  const port = url.port === '' ? (scheme === 'https' ? '443' : '80') : url.port
  return { scheme, address: `${url.hostname}:${port}`, path, params, user, url: `${url.origin}${path}${asked}` }
}
