/** Serves the built page as `app://belfry/`, under a policy that lets it load nothing but itself. */
import { net, protocol } from 'electron'
import { type PageFile, readPageFiles } from '../http/page-files.ts'
import { contentSecurityPolicy, securityHeaders } from '../http/security-headers.ts'
import { isOwnPage, pageScheme } from './page.ts'

/** Must be called before Electron is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** `devServer`: where the page is being developed, such as `http://localhost:5173`; null for the built page. */
export async function servePage(pageDir: string, devServer: string | null): Promise<void> {
  if (devServer !== null) {
    protocol.handle(pageScheme, (request) => forward(devServer, request))
    return
  }
  const files = new Map((await readPageFiles(pageDir)).map((file) => [file.path, file]))
  protocol.handle(pageScheme, (request) => answer(files, request))
}

/** Under our own address, so that everything but the policy is as in the built application. */
function forward(devServer: string, { url }: Request): Response | Promise<Response> {
  if (!isOwnPage(url)) return notFound()
  const { pathname, search } = new URL(url)
  return net.fetch(new URL(`${isWallPath(pathname) ? '/' : pathname}${search}`, devServer).href)
}

function answer(files: ReadonlyMap<string, PageFile>, { method, url }: Request): Response {
  const { pathname } = new URL(url)
  const path = isWallPath(pathname) ? '/' : pathname
  const file = isOwnPage(url) && method === 'GET' ? files.get(path) : undefined
  if (!file) return notFound()
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      ...securityHeaders,
      'content-type': file.contentType,
      'content-security-policy': contentSecurityPolicy(null),
    },
  })
}

/** A wall is the same page, which reads from its address what to show. */
function isWallPath(path: string): boolean {
  return /^\/wall\/[a-z0-9][a-z0-9-]{0,39}$/.test(path)
}

function notFound(): Response {
  return new Response('not found', { status: 404, headers: securityHeaders })
}
