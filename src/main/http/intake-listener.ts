/**
 * The listener that other programs send to: Prometheus by remote write, jobs their pings. Never a cookie, never a page:
 * who writes shows an operator's token. Both hosts open it when `intake:` in belfry.yaml says so.
 */
import type { FastifyRequest } from 'fastify'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError, httpStatusOf } from '#shared/contract/errors.ts'
import { createApp, register } from './app.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { createAuthenticator } from './authenticator.ts'
import { listen } from './binding.ts'
import { refusalOf } from './errors.ts'
import { hostsOf, type Identity, refuseApproach, refuseSender } from './guard.ts'
import { pingRoutes } from './ping-routes.ts'
import { createRateLimit } from './rate-limit.ts'
import { approachOf } from './request.ts'
import type { Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'

type IntakeConsole = Pick<Console, 'serve' | 'access' | 'pings' | 'remoteWrite' | 'config' | 'notices'>

export interface IntakeOptions {
  readonly console: IntakeConsole
  readonly ports: Pick<Ports, 'clock' | 'logger'>
  readonly allowedHosts: readonly string[]
  /** BELFRY_TOKEN; null where there is none. */
  readonly adminToken: string | null
}

export interface IntakeListener {
  /** Such as `http://127.0.0.1:4681`. */
  readonly url: string
  close(): Promise<void>
}

const host = '127.0.0.1'
/** Compressed; a Prometheus sends some dozens of kilobytes at once. */
const mostBodyBytes = 4 * 1024 * 1024
/** A full disk does not empty itself within seconds. */
const retryAfterSeconds = 30
const noticeId = 'intake'

/** Null when it is switched off, or cannot be opened: then a notice says why and the rest goes on. */
export async function openIntake(options: IntakeOptions): Promise<IntakeListener | null> {
  const { notices, config } = options.console
  if (!config.current().intake.enabled) return null
  try {
    return await startIntakeListener(options, config.current().intake.port)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    notices.raise({
      id: noticeId,
      level: 'error',
      title: 'Nothing can be sent to Belfry',
      message: `The intake listener could not be opened: ${error.message} Change intake.port in belfry.yaml, and start Belfry anew.`,
    })
    return null
  }
}

/** Rejects with AppError `conflict` for a taken port. */
async function startIntakeListener(options: IntakeOptions, wantedPort: number): Promise<IntakeListener> {
  const { console, ports, adminToken, allowedHosts } = options
  const authenticator = createAuthenticator({
    access: console.access,
    attempts: createAttemptLimit(ports.clock),
    adminToken,
    ...{ cookieName: '', wallCookieName: '' },
  })
  const doors: { hosts: ReadonlySet<string>; scheme: 'http' } = { hosts: new Set(), scheme: 'http' }
  const identities = new WeakMap<FastifyRequest, Identity>()
  const app = createApp(null)

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    const approach = approachOf(request.raw)
    refuse(refuseApproach(approach, doors))
    const wanted = request.routeOptions.config.access ?? 'operator'
    if (wanted === 'public') return
    const { authorization } = request.headers
    const identity = await authenticator.identify(
      authorization === undefined ? {} : { authorization },
      request.ip,
      true,
    )
    if (identity) identities.set(request, identity)
    refuse(refuseSender(approach, wanted, identity))
  })
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error)
    if (!refusal) ports.logger.error('a request failed unexpectedly', { url: request.routeOptions.url, error })
    const { code, message } =
      refusal ?? new AppError('internal', "This failed unexpectedly; the cause is in Belfry's own log.")
    const status = httpStatusOf[code]
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="Belfry"')
    if (status === 429 || status === 503) reply.header('retry-after', String(retryAfterSeconds))
    // Senders write the first line of what they are told into their logs.
    return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`)
  })
  app.setNotFoundHandler(() => {
    throw new AppError('not-found', 'There is nothing at this address.')
  })
  for (const route of intakeRoutes(console, ports)) {
    register(app, route, console, (request) => identities.get(request)?.caller ?? null)
  }

  const port = await listen(app, { host, port: wantedPort, tls: null, adminToken })
  doors.hosts = hostsOf(host, port, allowedHosts, 'http')
  return { url: `http://${host}:${port}`, close: () => app.close() }
}

/** What the listener answers; everything else is `not-found`. */
function intakeRoutes({ pings, remoteWrite, config }: IntakeConsole, { clock }: IntakeOptions['ports']): Route[] {
  const rateLimit = createRateLimit(clock, () => config.current().intake.perMinute)
  return [
    ...pingRoutes(pings),
    {
      method: 'POST',
      path: '/api/v1/write',
      access: 'operator',
      summary: "Prometheus's remote write",
      wholeBodyBytes: mostBodyBytes,
      async handle({ body, caller, remoteAddress, headers, signal }) {
        const waitMs = rateLimit.take(caller?.name ?? remoteAddress)
        if (waitMs > 0) return tooMany(waitMs)
        if ((headers['content-encoding'] ?? 'snappy') !== 'snappy' || isSecondVersion(headers['content-type'])) {
          const message = 'Expected remote write 1.0: "Content-Encoding: snappy" and prometheus.WriteRequest.\n'
          return { status: 415, headers: plain, body: message }
        }
        const bytes = body instanceof Uint8Array ? body : new Uint8Array()
        const { storedSamples, refusedSamples, reasons } = await remoteWrite.receive(bytes, signal)
        if (refusedSamples === 0) return { status: 204, body: undefined }
        const told = `${refusedSamples} samples were refused, ${storedSamples} were stored: ${reasons.join('; ')}.\n`
        return { status: 400, headers: plain, body: told }
      },
    },
  ]
}

const plain = { 'content-type': 'text/plain; charset=utf-8' }

const isSecondVersion = (contentType = '') => contentType.includes('io.prometheus.write.v2')

function tooMany(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000)
  const message = `More requests came than intake.perMinute allows; send again in ${seconds} s.\n`
  return { status: 429, headers: { ...plain, 'retry-after': String(seconds) }, body: message }
}

function refuse(refusal: { readonly code: 'unauthenticated' | 'forbidden'; readonly message: string } | null): void {
  if (refusal) throw new AppError(refusal.code, refusal.message)
}
