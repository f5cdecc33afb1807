/**
 * The socket as the database's client sees it. The client takes messages apart while it is handed their bytes, and a
 * message that lies about its length makes it throw there, where nobody could catch it: so the bytes are handed over
 * here, counted, and whatever is thrown becomes the failure of this one connection.
 */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ProtocolError } from '../network/failure.ts'

const mostBytes = 4_194_304

export function guardedStream(socket: Socket): Duplex {
  const stream = new EventEmitter()
  let receivedBytes = 0
  const fail = (error: Error) => {
    socket.destroy()
    stream.emit('error', error)
  }
  socket.on('data', (chunk) => {
    receivedBytes += chunk.length
    if (receivedBytes > mostBytes) return fail(new ProtocolError(`more than ${mostBytes} bytes came`))
    try {
      stream.emit('data', chunk)
    } catch {
      fail(new ProtocolError('a message of PostgreSQL came that cannot be read'))
    }
  })
  socket.on('error', (error) => stream.emit('error', error))
  socket.on('end', () => stream.emit('end'))
  socket.on('close', () => stream.emit('close'))
  const facade = {
    // It is connected already; whoever asks is told so once it listens.
    connect: () => queueMicrotask(() => stream.emit('connect')),
    write: (...rest: Parameters<Socket['write']>) => socket.write(...rest),
    end: () => socket.end(),
    destroy: () => socket.destroy(),
    setNoDelay: () => {},
    setKeepAlive: () => {},
    ref: () => {},
    unref: () => {},
    cork: () => socket.cork(),
    uncork: () => socket.uncork(),
  }
  Object.defineProperty(stream, 'writable', { get: () => socket.writable })
  // Less than a Duplex, but all of it that the client uses.
  return Object.assign(stream, facade) as unknown as Duplex
}
