/** Fastify as our listeners use it: nothing is parsed that a route did not ask for, and no client is waited for long. */
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Console } from '#main/console.ts'
import type { Caller, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { maxFrameBytes } from '#shared/contract/wire.ts'
import { parseJsonText } from '../transport/json-text.ts'
import { takeBodyBytes, takeWholeBody } from './body-bytes.ts'
import { takeForm } from './form-body.ts'
import { routeRequestOf } from './request.ts'
import type { Route } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent where no route was found: then only callers learn that. */
    access?: Role | 'public'
    dialect?: Route['dialect']
  }
}

/** `tls`: PEM texts; null for plain HTTP. */
export function createApp(tls: { readonly certificate: string; readonly key: string } | null): FastifyInstance {
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

/** Declares the route. `callerOf`: who the guard let in; null where nobody had to say. */
export function register(
  app: FastifyInstance,
  route: Route,
  console: Pick<Console, 'serve'>,
  callerOf: (request: FastifyRequest) => Caller | null,
): void {
  const { bodyBytes, wholeBodyBytes, form } = route
  if (bodyBytes !== undefined || wholeBodyBytes !== undefined || form) {
    // Such a body is taken by this route alone: its parser lives in a scope of its own.
    app.register(async (scope) => {
      if (bodyBytes !== undefined) takeBodyBytes(scope, bodyBytes)
      else if (wholeBodyBytes !== undefined) takeWholeBody(scope, wholeBodyBytes)
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
