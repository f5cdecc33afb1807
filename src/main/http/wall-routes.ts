/**
 * How a screen on a wall comes in. Its link holds a token that sees one wall; the browser keeps it in a cookie that
 * scripts cannot read, and the address it stays at holds no secret.
 */
import { z } from 'zod'
import type { Access } from '#main/access/access.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import type { PageFile } from './page-files.ts'
import { missingPage, pageRoute } from './page-routes.ts'
import { parseQuery, type Route } from './route.ts'

export interface WallRouteOptions {
  readonly access: Access
  readonly attempts: AttemptLimit
  readonly wallCookieName: string
  readonly isSecure: boolean
  readonly pageFiles: readonly PageFile[]
}

const linkQuery = z.strictObject({ key: z.string().min(1).max(200) })
/** Browsers keep no cookie for longer. Seconds: 400 days. */
const longestCookie = 400 * 86_400

export function wallRoutes(options: WallRouteOptions): Route[] {
  const { access, attempts, isSecure, wallCookieName, pageFiles } = options
  const index = pageFiles.find((file) => file.path === '/')
  const path = '/wall/{name}'
  return [
    index ? pageRoute(index, isSecure ? 'wss' : 'ws', path) : { ...missingPage, path },
    {
      method: 'GET',
      path: `${path}/open`,
      access: 'public',
      summary: null,
      async handle(request) {
        const { key } = parseQuery(linkQuery, request.query)
        const caller = await access.tokens.authenticate(key)
        // Taken from the token rather than from the address: only what was checked goes into a header.
        const name = caller?.role === 'wall' ? caller.walls?.find((wall) => wall === request.params['name']) : undefined
        if (name === undefined) {
          attempts.fail(request.remoteAddress)
          const message =
            'This link of a wall was revoked, or is of another wall. Copy a new one in Belfry under Walls.'
          throw new AppError('unauthenticated', message)
        }
        const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
        const cookie = `${wallCookieName}-${name}=${key}; Max-Age=${longestCookie}; ${attributes}`
        return { status: 303, headers: { location: `/wall/${name}`, 'set-cookie': cookie }, body: null }
      },
    },
  ]
}
