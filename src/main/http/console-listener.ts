/**
 * The console's HTTP listener: the route table behind the guard, and the socket beside it. Both hosts open it, the
 * headless one always and Electron when Settings say so.
 */
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import type { Caller, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { maxFrameBytes } from '#shared/contract/wire.ts'
import { parseJsonText } from '../transport/json-text.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { createAuthenticator } from './authenticator.ts'
import { listen, refuseOpenAddress } from './binding.ts'
import { takeBodyBytes } from './body-bytes.ts'
import { errorReplyOf, refusalOf } from './errors.ts'
import { takeForm } from './form-body.ts'
import { bracketed, type Doors, hostsOf, type Identity, refuseApproach, refuseSender } from './guard.ts'
import { createLoginKeys } from './login.ts'
import { readPageFiles } from './page-files.ts'
import { prometheusFailure } from './prometheus-envelope.ts'
import { approachOf, routeRequestOf } from './request.ts'
import type { Route } from './route.ts'
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

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent where no route was found: then only callers learn that. */
    access?: Role | 'public'
    dialect?: Route['dialect']
  }
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

function createApp(tls: ListenerOptions['tls']): FastifyInstance {
  const settings = {
    bodyLimit: maxFrameBytes,
    routerOptions: { maxParamLength: 500 },
    rewriteUrl: ({ url = '/' }: { url?: string | undefined }) => (isDecodable(url) ? url : notAnAddress),
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    return503OnClosing: true,
    logger: false,
  } as const
  // An https instance differs in its server's type only, and nothing here asks the server more than both can do.
  const app: FastifyInstance = tls
    ? (Fastify({ ...settings, https: { cert: tls.certificate, key: tls.key } }) as unknown as FastifyInstance)
    : Fastify(settings)
  app.server.headersTimeout = 10_000
  app.server.maxConnections = 512
  // A form or plain text can be posted across origins without being asked; JSON cannot.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    const json = text === '' ? { ok: true as const, value: {} } : parseJsonText(String(text))
    if (json.ok) done(null, json.value)
    else done(new AppError('invalid', `The body is wrong: ${json.message}.`))
  })
  return app
}

/** A client that takes none of its answer for so long. */
const unreadTimeoutMs = 30_000

/** What Fastify would refuse before our guard sees it is sent to where nothing is. */
const notAnAddress = '/not-an-address'

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '')
    return true
  } catch {
    // The only failure there is: a percent sign that begins no UTF-8 sequence.
    return false
  }
}

function register(
  app: FastifyInstance,
  route: Route,
  console: Pick<Console, 'serve'>,
  callerOf: (request: FastifyRequest) => Caller | null,
): void {
  const { bodyBytes, form } = route
  if (bodyBytes !== undefined || form) {
    // Such a body is taken by this route alone: its parser lives in a scope of its own.
    app.register(async (scope) => {
      if (bodyBytes !== undefined) takeBodyBytes(scope, bodyBytes)
      else takeForm(scope)
      registerHere(scope, route, console, callerOf)
    })
  } else registerHere(app, route, console, callerOf)
}

function registerHere(
  app: FastifyInstance,
  route: Route,
  console: Pick<Console, 'serve'>,
  callerOf: (request: FastifyRequest) => Caller | null,
): void {
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: { access: route.access, ...(route.dialect ? { dialect: route.dialect } : {}) },
    async handler(request, reply) {
      const answer = await route.handle(routeRequestOf(request, reply, console, callerOf(request)))
      reply
        .code(answer.status ?? 200)
        .header('cache-control', 'no-store')
        .headers(answer.headers ?? {})
      // Whoever does not read a stream is let go, for it is held in memory until then.
      if (answer.body instanceof Readable) request.raw.socket.setTimeout(unreadTimeoutMs)
      return reply.send(answer.body ?? undefined)
    },
  })
}

function refuse(refusal: { readonly code: 'unauthenticated' | 'forbidden'; readonly message: string } | null): void {
  if (refusal) throw new AppError(refusal.code, refusal.message)
}

function unexpected(): AppError {
  return new AppError('internal', "This failed unexpectedly; the cause is in Belfry's own log.")
}
