/** An HTTP server for one test, on a port or a local socket: answers by path, and keeps what it was asked. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

export interface AnsweringServer {
  readonly port: number
  readonly asked: Asked[]
  close(): Promise<void>
}

/** A text, or anything else as JSON; with a status where it is a pair. */
type Answer = string | object | readonly [status: number, answer: string | object]

export async function answeringServer(
  answer: (asked: Asked) => Answer,
  where: { readonly path?: string; readonly tls?: ServerOptions } = {},
): Promise<AnsweringServer> {
  const asked: Asked[] = []
  const serve: Parameters<typeof createServer>[1] = (request, response) => {
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers }
    asked.push(one)
    const given = answer(one)
    const [status, body] = isPair(given) ? given : ([200, given] as const)
    response.statusCode = status
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = where.tls === undefined ? createServer(serve) : createTlsServer(where.tls, serve)
  if (where.path === undefined) server.listen(0, '127.0.0.1')
  else server.listen(where.path)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function isPair(answer: Answer): answer is readonly [number, string | object] {
  return Array.isArray(answer) && typeof answer[0] === 'number'
}
