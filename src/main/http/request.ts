/** What a request says, in the words of the guard and of the routes. */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Console } from '#main/console.ts'
import type { Caller } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type Approach, csrfHeader } from './guard.ts'
import type { RouteRequest } from './route.ts'

/** Who a public route's own calls are made for. */
const anonymous: Caller = { role: 'viewer', name: 'anonymous' }

export function approachOf(request: Pick<IncomingMessage, 'method' | 'headers' | 'headersDistinct'>): Approach {
  const headers = flat(request.headers)
  // Of two, Node keeps the first and a proxy may have gone by the second: then nobody says where this was sent to.
  const hosts = request.headersDistinct['host'] ?? []
  return {
    method: request.method ?? 'GET',
    host: hosts.length === 1 ? hosts[0] : undefined,
    origin: headers['origin'],
    hasCsrfHeader: headers[csrfHeader] !== undefined,
  }
}

export function routeRequestOf(
  request: FastifyRequest,
  reply: FastifyReply,
  console: Pick<Console, 'serve'>,
  caller: Caller | null,
): RouteRequest {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return {
    // Our paths have named parameters only, and these are strings.
    params: request.params as Readonly<Record<string, string>>,
    method: request.method,
    query: queryOf(request.url),
    body: request.body ?? {},
    headers: flat(request.headers),
    remoteAddress: request.ip,
    caller,
    signal: controller.signal,
    async call(name, input) {
      const reply = await console.serve(name, input, caller ?? anonymous, controller.signal)
      if (!reply.ok) throw new AppError(reply.code, reply.message, reply.issues)
      // Parsed by `serve` with the schema this type is inferred from.
      return reply.value as never
    },
  }
}

function flat(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')] as const)
  return Object.fromEntries(entries.filter(([name]) => headers[name] !== undefined))
}

function queryOf(url: string): Record<string, string[]> {
  const start = url.indexOf('?')
  return start < 0 ? {} : fieldsOf(url.slice(start + 1))
}

/** Each name of an encoded form with all its values, in order. */
export function fieldsOf(encoded: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (name === '__proto__') continue
    const values = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (values) values.push(value)
    else fields[name] = [value]
  }
  return fields
}
