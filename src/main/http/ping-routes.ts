/**
 * Where jobs ping, by the addresses of healthchecks.io: `/ping/<id>`, and below it start, fail, log or an exit status.
 * Any listener may mount these routes. An id nobody waits for is an address that does not exist.
 * Source: https://healthchecks.io/docs/http_api/.
 */

import type { PingKind } from '#main/checks/heartbeat/ping.ts'
import type { PingDoor } from '#main/checks/heartbeat/ping-book.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Route, RouteReply, RouteRequest } from './route.ts'

/** As much of a body is kept, 10 KB. */
const keptBytes = 10_000
const longestAgent = 200

export function pingRoutes(pings: Pick<PingDoor, 'receive'>): Route[] {
  return (['GET', 'POST', 'PUT'] as const).flatMap((method) =>
    ['/ping/{id}', '/ping/{id}/{signal}'].map(
      (path): Route => ({
        method,
        path,
        access: 'public',
        summary: null,
        bodyBytes: keptBytes,
        handle: (request) => receive(pings, request),
      }),
    ),
  )
}

async function receive(pings: Pick<PingDoor, 'receive'>, request: RouteRequest): Promise<RouteReply> {
  const { params, query, headers, remoteAddress, method, body } = request
  const signal = signalOf(params['signal'] ?? '')
  if (signal === null) throw new AppError('not-found', 'There is nothing at this address.')
  await pings.receive((params['id'] ?? '').toLowerCase(), {
    ...signal,
    runId: query['rid']?.[0]?.slice(0, 36) ?? null,
    method,
    remoteAddress,
    userAgent: (headers['user-agent'] ?? '').slice(0, longestAgent),
    body: body instanceof Uint8Array ? new TextDecoder().decode(body) : '',
  })
  return { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK' }
}

/** Null for anything that is no signal. */
function signalOf(text: string): { kind: PingKind; exitStatus: number | null } | null {
  switch (text) {
    case '':
      return { kind: 'success', exitStatus: null }
    case 'start':
    case 'fail':
    case 'log':
      return { kind: text, exitStatus: null }
  }
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) return null
  return { kind: Number(text) === 0 ? 'success' : 'fail', exitStatus: Number(text) }
}
