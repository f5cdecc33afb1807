/** An exporter for tests: answers as it is told, and counts who asked. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface Exporter {
  /** Host and port. */
  readonly address: string
  /** What is answered from now on: a text, or whatever is done with the request. */
  answer: string | RequestListener
  readonly requests: IncomingMessage[]
  /** Resolves when the next request has come. */
  asked(): Promise<void>
  /** Connections that were made. */
  connections(): number
  close(): Promise<void>
}

export async function startExporter(answer: Exporter['answer'], tls: ServerOptions | null = null): Promise<Exporter> {
  const sockets = new Set<Socket>()
  const requests: IncomingMessage[] = []
  let waiting: (() => void)[] = []
  let connections = 0
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request)
    for (const resolve of waiting.splice(0)) resolve()
    if (typeof exporter.answer === 'string') {
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      response.end(exporter.answer)
    } else exporter.answer(request, response)
  }
  const server = tls === null ? createServer(handle) : createTlsServer(tls, handle)
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const exporter: Exporter = {
    address: `127.0.0.1:${port}`,
    answer,
    requests,
    asked: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    connections: () => connections,
    async close() {
      waiting = []
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return exporter
}
