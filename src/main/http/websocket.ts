/**
 * The contract over WebSocket at `/ws`. An upgrade passes the same guard as a request; a socket lives as long as its
 * session or token does, and one that stays silent or does not read is ended.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError, httpStatusOf } from '#shared/contract/errors.ts'
import { maxFrameBytes } from '#shared/contract/wire.ts'
import { type CloseReason, type Connection, openConnection } from '../transport/connection.ts'
import type { Authenticator } from './authenticator.ts'
import { errorReplyOf, refusalOf } from './errors.ts'
import { type Doors, type Identity, type Refusal, refuseApproach, refuseSocket } from './guard.ts'
import { approachOf } from './request.ts'

export interface SocketOptions {
  readonly server: Server
  readonly console: Pick<Console, 'serve' | 'events'>
  readonly ports: Pick<Ports, 'timers' | 'logger'>
  readonly doors: Doors
  readonly authenticator: Authenticator
}

const socketPath = '/ws'
/** The session or token ended while the socket was open. 4000-4999 are an application's own (RFC 6455, 7.4.2). */
const sessionEndedCode = 4401

const maxSockets = 100
const pingEveryMs = 30_000
const closeCodes: Readonly<Record<CloseReason, number>> = { 'frame-too-large': 1009, 'too-slow': 1013 }

/** Returns what ends all sockets. */
export function attachSockets(options: SocketOptions): { close(): void } {
  const { server, ports } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    admit(request, options, () => sockets.clients.size).then(
      (identity) =>
        sockets.handleUpgrade(request, stream, head, (socket) => converse(socket, request, identity, options)),
      (error: unknown) => {
        const refusal = refusalOf(error)
        if (!refusal) ports.logger.error('a socket could not be opened', { error })
        refuseUpgrade(stream, refusal ?? new AppError('internal', 'The socket could not be opened.'))
      },
    )
  }
  server.on('upgrade', onUpgrade)
  return {
    close() {
      server.off('upgrade', onUpgrade)
      for (const socket of sockets.clients) socket.close(1001, 'Belfry is closing')
      sockets.close()
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

/** Throws AppError where the socket may not be opened; a stranger learns nothing but that. */
async function admit(
  request: IncomingMessage,
  { doors, authenticator }: SocketOptions,
  openSockets: () => number,
): Promise<Identity> {
  const approach = approachOf(request)
  refuse(refuseApproach(approach, doors))
  const identity = await authenticator.identify(request.headers, request.socket.remoteAddress ?? '')
  refuse(refuseSocket(approach, identity))
  if (identity === null) throw new AppError('unauthenticated', 'Nobody is logged in.')
  const path = (request.url ?? '').split('?', 1)[0]
  if (path !== socketPath) throw new AppError('not-found', `The socket is at ${socketPath}.`)
  const open = openSockets()
  if (open >= maxSockets) throw new AppError('too-many', `${open} sockets are open; close one of them first.`)
  return identity
}

function converse(
  socket: WebSocket,
  request: IncomingMessage,
  identity: Identity,
  { console, ports, authenticator }: SocketOptions,
): void {
  const connection: Connection = openConnection({
    serve: console.serve,
    events: console.events,
    timers: ports.timers,
    caller: identity.caller,
    outlet: {
      send: (text) => socket.send(text),
      bufferedBytes: () => socket.bufferedAmount,
      close(reason) {
        socket.close(closeCodes[reason], reason)
        // A peer that does not read does not answer the close either.
        if (reason === 'too-slow') socket.terminate()
      },
    },
  })
  let heard = true
  const stopPings = ports.timers.every(pingEveryMs, () => {
    if (!heard) return socket.terminate()
    heard = false
    socket.ping()
    void stillKnown(authenticator, request).then((known) => {
      if (!known) socket.close(sessionEndedCode, 'the session has ended')
    })
  })
  socket.on('message', (data: RawData, isBinary: boolean) => {
    heard = true
    if (isBinary) socket.close(1003, 'frames are text')
    else connection.receive(String(data))
  })
  socket.on('pong', () => {
    heard = true
  })
  socket.on('close', () => {
    stopPings()
    connection.close()
  })
  socket.on('error', (error) => ports.logger.debug('a socket broke', { error }))
}

function refuse(refusal: Refusal | null): void {
  if (refusal) throw new AppError(refusal.code, refusal.message)
}

async function stillKnown(authenticator: Authenticator, request: IncomingMessage): Promise<boolean> {
  try {
    return (await authenticator.identify(request.headers, request.socket.remoteAddress ?? '')) !== null
  } catch {
    // Refused now though it was admitted before: revoked, or the store cannot tell, and then nobody is let in.
    return false
  }
}

function refuseUpgrade(stream: Duplex, error: AppError): void {
  const body = JSON.stringify(errorReplyOf(error).body)
  // Nobody else bounds this connection any more: a peer that never hangs up would keep it, and our closing, for ever.
  stream.once('finish', () => stream.destroy())
  stream.end(
    `HTTP/1.1 ${httpStatusOf[error.code]} Refused\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
