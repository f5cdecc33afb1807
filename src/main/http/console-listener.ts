/**
 * The console's HTTP listener: the route table behind the guard, and the socket beside it. Both hosts open it, the
 * headless one always and Electron when Settings say so.
 */
import type { FastifyRequest } from 'fastify'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import { createApp, register } from './app.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { createAuthenticator } from './authenticator.ts'
import { listen, refuseOpenAddress } from './binding.ts'
import { errorReplyOf, refusalOf } from './errors.ts'
import { bracketed, type Doors, hostsOf, type Identity, refuseApproach, refuseSender } from './guard.ts'
import { createLoginKeys } from './login.ts'
import { readPageFiles } from './page-files.ts'
import { prometheusFailure } from './prometheus-envelope.ts'
import { approachOf } from './request.ts'
import { consoleRoutes } from './routes.ts'
import { securityHeaders } from './security-headers.ts'
import { sessionPath } from './session-routes.ts'
import { attachSockets } from './websocket.ts'

export interface ListenerOptions {
  readonly console: Pick<Console, 'serve' | 'events' | 'access' | 'pings' | 'queries'>
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** PEM texts; needed for any address that is not loopback. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  /** Further names by which the console may be asked, such as `belfry.example.com`. */
  readonly allowedHosts: readonly string[]
  /** BELFRY_TOKEN; null where there is none. */
  readonly adminToken: string | null
  /** Where the built page is. */
  readonly pageDir: string
  readonly version: string
  /** A page found its session ended while no login link was pending. */
  readonly onSessionMissing?: () => void
}

export interface ConsoleListener {
  /** Such as `http://127.0.0.1:4680`. */
  readonly url: string
  readonly port: number
  /** A new one-time link; the one before it ends. */
  createLoginLink(): string
  /** Ends sockets and requests in flight. */
  close(): Promise<void>
}

/** Rejects with AppError: `conflict` for a taken port, `unprocessable` for an address that cannot be listened on. */
export async function startConsoleListener(options: ListenerOptions): Promise<ConsoleListener> {
  const { console, ports, tls } = options
  refuseOpenAddress(options)
  const scheme = tls ? 'https' : 'http'
  const attempts = createAttemptLimit(ports.clock)
  const loginKeys = createLoginKeys(ports.clock)
  const cookieName = `belfry-session-${options.port}`
  const wallCookieName = `belfry-wall-${options.port}`
  const { access } = console
  const authenticator = createAuthenticator({
    access,
    attempts,
    cookieName,
    wallCookieName,
    adminToken: options.adminToken,
  })
  const doors: { hosts: Set<string>; scheme: Doors['scheme'] } = { hosts: new Set(), scheme }

  const app = createApp(tls)
  const identities = new WeakMap<FastifyRequest, Identity>()
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    const approach = approachOf(request.raw)
    refuse(refuseApproach(approach, doors))
    const wanted = request.routeOptions.config.access ?? 'viewer'
    if (wanted === 'public') return
    const takesBasic = request.routeOptions.config.dialect === 'prometheus'
    const identity = await authenticator.identify(request.headers, request.ip, takesBasic)
    if (identity) identities.set(request, identity)
    else if (request.routeOptions.url === sessionPath && !loginKeys.isPending()) options.onSessionMissing?.()
    refuse(refuseSender(approach, wanted, identity))
  })
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error)
    if (!refusal) ports.logger.error('a request failed unexpectedly', { url: request.routeOptions.url, error })
    const failure = refusal ?? unexpected()
    const isPrometheus = request.routeOptions.config.dialect === 'prometheus'
    const { status = 500, body } = isPrometheus ? prometheusFailure(failure) : errorReplyOf(failure)
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="Belfry"')
    if (status === 429) reply.header('retry-after', '60')
    return reply.code(status).header('cache-control', 'no-store').send(body)
  })
  app.setNotFoundHandler(() => {
    throw new AppError('not-found', 'There is nothing at this address.')
  })
  const routes = consoleRoutes({
    access,
    loginKeys,
    attempts,
    cookieName,
    wallCookieName,
    isSecure: tls !== null,
    now: ports.clock.now,
    clock: ports.clock,
    pings: console.pings,
    queries: console.queries,
    version: options.version,
    pageFiles: await readPageFiles(options.pageDir),
  })
  for (const route of routes) register(app, route, console, (request) => identities.get(request)?.caller ?? null)

  const port = await listen(app, options)
  doors.hosts = hostsOf(options.host, port, options.allowedHosts, scheme)
  const url = `${scheme}://${bracketed(options.host)}:${port}`
  const closePings = console.pings.open(url)
  const sockets = attachSockets({ server: app.server, console, ports, doors, authenticator })
  return {
    url,
    port,
    createLoginLink: () => `${url}/login?key=${loginKeys.create()}`,
    async close() {
      closePings()
      sockets.close()
      await app.close()
    },
  }
}

function refuse(refusal: { readonly code: 'unauthenticated' | 'forbidden'; readonly message: string } | null): void {
  if (refusal) throw new AppError(refusal.code, refusal.message)
}

function unexpected(): AppError {
  return new AppError('internal', "This failed unexpectedly; the cause is in Belfry's own log.")
}
