/**
 * Reads from a socket piece by piece, as protocols are spoken: waits until there is enough, and never holds more than a
 * limit. Whoever reads says what is enough; what a piece means is none of this file's business.
 */
import type { Socket } from 'node:net'
import { ProtocolError } from './failure.ts'

/** Looks at what has come so far. Null: not enough yet. May throw ProtocolError. */
export type Take<T> = (received: Buffer) => { readonly value: T; readonly usedBytes: number } | null

export interface Reader {
  /**
   * Rejects with the socket's error, with the signal's reason, or with ProtocolError once `limitBytes` have come and are
   * not enough. One at a time.
   */
  read<T>(take: Take<T>): Promise<T>
  /** Stops listening and gives back what nobody took. */
  release(): Buffer
}

export function readerOf(socket: Socket, limitBytes: number, signal: AbortSignal): Reader {
  let received = Buffer.alloc(0)
  let ended: Error | null = null
  let look = () => {}
  const take = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    // What is beyond stays in the network until somebody has looked at this.
    if (received.length > limitBytes) socket.pause()
    look()
  }
  const end = (error: Error) => {
    ended ??= error
    look()
  }
  const closed = () => end(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }))
  socket.on('data', take)
  socket.on('error', end)
  socket.on('end', closed)
  socket.on('close', closed)
  return {
    read: (taken) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          look = () => {}
          signal.removeEventListener('abort', abort)
          act()
        }
        const abort = () => settle(() => reject(signal.reason))
        if (signal.aborted) return reject(signal.reason)
        signal.addEventListener('abort', abort, { once: true })
        look = () => {
          try {
            const piece = taken(received)
            if (piece !== null) {
              received = received.subarray(piece.usedBytes)
              if (received.length <= limitBytes) socket.resume()
              settle(() => resolve(piece.value))
            } else if (received.length > limitBytes) {
              throw new ProtocolError(`more than ${limitBytes} bytes came without an end`)
            } else if (ended !== null) throw ended
          } catch (error) {
            settle(() => reject(error))
          }
        }
        look()
      }),
    release() {
      for (const [event, listener] of [
        ['data', take],
        ['error', end],
        ['end', closed],
        ['close', closed],
      ] as const) {
        socket.removeListener(event, listener)
      }
      return received
    },
  }
}

const longestLine = 8192

/** One line without its end; lines end with \n, with or without \r. */
export const line: Take<string> = (received) => {
  const end = received.indexOf(10)
  if (end < 0 && received.length <= longestLine) return null
  if (end < 0 || end > longestLine) throw new ProtocolError(`a line longer than ${longestLine} bytes came`)
  const text = received.subarray(0, received[end - 1] === 13 ? end - 1 : end).toString('utf8')
  return { value: text, usedBytes: end + 1 }
}

/** Exactly so many bytes. */
export function bytes(count: number): Take<Buffer> {
  return (received) => (received.length < count ? null : { value: received.subarray(0, count), usedBytes: count })
}
