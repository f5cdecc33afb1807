/** A server that says exactly the bytes it is told to, over TCP or TLS: for answers no HTTP library would give. */
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export interface RawServer {
  readonly port: number
  /** Heads of the requests that came, oldest first. */
  readonly heads: string[]
  /** Bytes handed to the network so far. */
  written(): number
  close(): Promise<void>
}

/** `speak` is called once a request's head is there; with `greet`, as soon as somebody connects. */
export async function rawServer(
  speak: (socket: Socket, head: string) => void,
  options: { tls?: TlsOptions; greet?: boolean } = {},
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const heads: string[] = []
  let written = 0
  const serve = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      written += socket.bytesWritten
      sockets.delete(socket)
    })
    if (options.greet) return speak(socket, '')
    let text = ''
    socket.on('data', (chunk) => {
      if (text.includes('\r\n\r\n')) return
      text += chunk.toString('latin1')
      if (!text.includes('\r\n\r\n')) return
      heads.push(text)
      speak(socket, text)
    })
  }
  const server: Server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return {
    port: address.port,
    heads,
    written: () => written + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A plain answer with a body. */
export function answer(status: string, body = '', headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Writes pieces for as long as the other side takes them. */
export function pour(socket: Socket, piece: Buffer | string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}
