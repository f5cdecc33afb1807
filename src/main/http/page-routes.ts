/** The page itself: its files are public, for they hold no data; everything they show comes through the socket. */
import { AppError } from '#shared/contract/errors.ts'
import type { PageFile } from './page-files.ts'
import type { Route, RouteReply } from './route.ts'
import { contentSecurityPolicy } from './security-headers.ts'

export function pageRoutes(files: readonly PageFile[], socketScheme: 'ws' | 'wss'): Route[] {
  const index = files.some((file) => file.path === '/') ? [] : [missingPage]
  return [...index, ...files.map((file) => pageRoute(file, socketScheme))]
}

/** `path`: where it is found, when that is not its own place. */
export function pageRoute(file: PageFile, socketScheme: 'ws' | 'wss', path = file.path): Route {
  return {
    method: 'GET',
    path,
    access: 'public',
    summary: null,
    async handle({ headers }): Promise<RouteReply> {
      const caching = {
        etag: file.etag,
        'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      }
      if (headers['if-none-match'] === file.etag) return { status: 304, headers: caching, body: null }
      // The Host header was checked against the allowlist before any route is reached.
      const policy = contentSecurityPolicy(`${socketScheme}://${headers['host']}`)
      return {
        headers: { ...caching, 'content-type': file.contentType, 'content-security-policy': policy },
        body: file.bytes,
      }
    },
  }
}

export const missingPage: Route = {
  method: 'GET',
  path: '/',
  access: 'public',
  summary: null,
  handle: async () => {
    throw new AppError('unavailable', 'The page has not been built. Run "npm run build" or "npm start", then reload.')
  },
}
