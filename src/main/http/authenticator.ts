/**
 * Finds out who sends a request: a bearer token, the admin token from the environment, or a browser's session cookie.
 * Wrong credentials are counted by address and slowed down; right ones are never refused for another's wrong ones.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Access } from '#main/access/access.ts'
import type { Caller } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import type { Identity } from './guard.ts'

export interface Authenticator {
  /**
   * Null when nothing was presented. AppError `unauthenticated`, or `too-many` after too many failures. `takesBasic`: a
   * token may also come as the password of Basic authorization, under any user name.
   */
  identify(headers: IncomingHttpHeaders, remoteAddress: string, takesBasic?: boolean): Promise<Identity | null>
}

export interface AuthenticatorOptions {
  readonly access: Access
  readonly attempts: AttemptLimit
  readonly cookieName: string
  /** What the names of cookies of screens on walls begin with. */
  readonly wallCookieName: string
  /** From BELFRY_TOKEN; null where there is none. */
  readonly adminToken: string | null
}

/** A shorter one can be guessed. */
const leastAdminTokenLength = 32

export function createAuthenticator({ access, attempts, adminToken, ...options }: AuthenticatorOptions): Authenticator {
  const { cookieName, wallCookieName } = options
  const adminHash = adminToken === null ? null : hashOf(adminToken)
  const admin: Caller = { role: 'admin', name: 'token:BELFRY_TOKEN' }

  async function callerOfToken(secret: string): Promise<Caller | null> {
    if (adminHash && timingSafeEqual(hashOf(secret), adminHash)) return admin
    return access.tokens.authenticate(secret)
  }

  /** A browser that was let in to walls, each by a cookie of its own. */
  async function screenOf(header: string | undefined): Promise<Caller | null> {
    const secrets = cookiesNamed(header, (name) => name.startsWith(`${wallCookieName}-`))
    const callers = await Promise.all(secrets.map((secret) => access.tokens.authenticate(secret)))
    const screens = callers.filter((caller) => caller?.role === 'wall')
    const [first] = screens
    return first ? { ...first, walls: screens.flatMap((screen) => screen?.walls ?? []) } : null
  }

  return {
    async identify(headers, remoteAddress, takesBasic = false) {
      const bearer = bearerOf(headers.authorization) ?? (takesBasic ? passwordOf(headers.authorization) : null)
      const caller = bearer === null ? null : await callerOfToken(bearer)
      if (caller) return { caller, by: 'token' }
      if (headers.authorization !== undefined) {
        attempts.fail(remoteAddress)
        throw new AppError('unauthenticated', 'The token is unknown, expired or revoked.')
      }
      const cookie = cookieOf(headers.cookie, cookieName)
      const session = cookie === null ? null : await access.sessions.authenticate(cookie)
      // A session that ended is what every browser tab shows after a while: not an attack, so it is not counted.
      const known = session ?? (await screenOf(headers.cookie))
      return known && { caller: known, by: 'session' }
    },
  }
}

/** BELFRY_TOKEN as it may be used: null where there is none. AppError `invalid` for one that could be guessed. */
export function checkedAdminToken(token: string | undefined): string | null {
  if (token === undefined || token === '') return null
  if (token.length >= leastAdminTokenLength) return token
  throw new AppError(
    'invalid',
    `BELFRY_TOKEN: expected at least ${leastAdminTokenLength} characters, got ${token.length}. Make one with: openssl rand -hex 32`,
  )
}

/** The token of an Authorization header; null for another scheme. */
function bearerOf(header: string | undefined): string | null {
  return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1] ?? null
}

/** The password of Basic authorization; null for another scheme. */
function passwordOf(header: string | undefined): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1024})$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  return /^[^:]*:([\x21-\x7e]{1,512})$/.exec(Buffer.from(encoded, 'base64').toString('latin1'))?.[1] ?? null
}

/** The named cookie's value; null when it is not among them. */
export function cookieOf(header: string | undefined, name: string): string | null {
  return cookiesNamed(header, (candidate) => candidate === name)[0] ?? null
}

function cookiesNamed(header: string | undefined, isWanted: (name: string) => boolean): string[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals > 0 && isWanted(pair.slice(0, equals).trim()) ? [pair.slice(equals + 1).trim()] : []
  })
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
