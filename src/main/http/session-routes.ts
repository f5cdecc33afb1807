/** How a browser comes in: a one-time link is exchanged for a cookie that scripts cannot read and other sites cannot use. */
import { z } from 'zod'
import type { Access } from '#main/access/access.ts'
import { roles } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import { cookieOf } from './authenticator.ts'
import type { LoginKeys } from './login.ts'
import { parseQuery, type Route } from './route.ts'

export interface SessionRouteOptions {
  readonly access: Access
  readonly loginKeys: LoginKeys
  readonly attempts: AttemptLimit
  readonly cookieName: string
  readonly wallCookieName: string
  readonly isSecure: boolean
  readonly now: () => number
}

/** Where a page asks whether it is still logged in. */
export const sessionPath = '/api/session'

const loginQuery = z.strictObject({ key: z.string().min(1).max(200) })
const Who = z.strictObject({ name: z.string(), role: z.enum(roles) })

export function sessionRoutes(options: SessionRouteOptions): Route[] {
  const { access, loginKeys, attempts, cookieName, now } = options
  const attributes = `Path=/; HttpOnly; SameSite=Strict${options.isSecure ? '; Secure' : ''}`
  return [
    {
      method: 'GET',
      path: '/login',
      access: 'public',
      summary: null,
      async handle(request) {
        const { key } = parseQuery(loginQuery, request.query)
        if (!loginKeys.redeem(key)) {
          attempts.fail(request.remoteAddress)
          const message = 'This login link was used already or is too old. Ask Belfry for a new one where it runs.'
          throw new AppError('unauthenticated', message)
        }
        const session = await access.sessions.create()
        const maxAge = Math.floor((session.expiresAt - now()) / 1000)
        const cookie = `${cookieName}=${session.secret}; Max-Age=${maxAge}; ${attributes}`
        return { status: 303, headers: { location: '/', 'set-cookie': cookie }, body: null }
      },
    },
    {
      method: 'GET',
      path: sessionPath,
      access: 'wall',
      summary: 'Who is asking, or 401',
      answer: Who,
      handle: async ({ caller }) => ({ body: { name: caller?.name, role: caller?.role } }),
    },
    {
      method: 'DELETE',
      path: sessionPath,
      access: 'viewer',
      summary: 'End the browser session',
      answer: z.strictObject({}),
      async handle({ headers }) {
        const secret = cookieOf(headers['cookie'], cookieName)
        if (secret !== null) await access.sessions.end(secret)
        return { headers: { 'set-cookie': `${cookieName}=; Max-Age=0; ${attributes}` }, body: {} }
      },
    },
  ]
}
