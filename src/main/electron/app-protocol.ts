/** Serves the built page as `app://belfry/`, under a policy that lets it load nothing but itself. */
import { protocol } from 'electron'
import { type PageFile, readPageFiles } from '../http/page-files.ts'
import { contentSecurityPolicy, securityHeaders } from '../http/security-headers.ts'
import { isOwnPage, pageScheme } from './page.ts'

/** Must be called before Electron is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

export async function servePage(pageDir: string): Promise<void> {
  const files = new Map((await readPageFiles(pageDir)).map((file) => [file.path, file]))
  protocol.handle(pageScheme, (request) => answer(files, request))
}

function answer(files: ReadonlyMap<string, PageFile>, { method, url }: Request): Response {
  const file = isOwnPage(url) && method === 'GET' ? files.get(new URL(url).pathname) : undefined
  if (!file) return new Response('not found', { status: 404, headers: securityHeaders })
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      ...securityHeaders,
      'content-type': file.contentType,
      'content-security-policy': contentSecurityPolicy(null),
    },
  })
}
