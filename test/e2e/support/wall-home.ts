/** A console whose walls show a real site: what is configured, and the site that can be broken. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  readonly url: string
  /** Answers 500 for these paths, such as `/checkout`, and 200 for the others. */
  readonly broken: Set<string>
  /** Changes on its own with every request, so that checks of it are never at rest. */
  restless: boolean
  close(): Promise<void>
}

export async function startSite(): Promise<Site> {
  let answered = 0
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const fails = site.broken.has(path) || (site.restless && answered++ % 7 === 0)
    response.writeHead(fails ? 500 : 200, { 'content-type': 'text/plain' })
    response.end(fails ? 'out of order' : 'open')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo
  const site = {
    url: `http://127.0.0.1:${port}`,
    broken: new Set<string>(),
    restless: false,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return site
}

/** belfry.yaml of a shop: a check of each path, every second, and a wall for the hall. */
export function shopConfig(site: Site, names: Readonly<Record<string, string>>, pages: string): string {
  const checks = Object.entries(names).map(
    ([path, name]) => `  - name: ${name}
    kind: http
    every: 1s
    timeout: 2s
    labels: { team: shop }
    confirm: { failures: 1, of: 1, successes: 1, retryEvery: 1s }
    config: { url: "${site.url}${path}" }`,
  )
  return `version: 1
collection: { fast: 1s }
checks:
${checks.join('\n')}
walls:
  - name: hall
    title: The shop
    distanceMetres: 5
    timeZone: Europe/Berlin
    autofocus: 6s
    pages:
${pages}
`
}
