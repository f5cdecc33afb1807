/**
 * One request and its answer over a connection that is already open. Head and body are capped while they arrive, so a
 * server that never stops costs no more than one that does; what came before a failure is told with it.
 */
import { type IncomingMessage, request as startRequest } from 'node:http'
import type { Socket } from 'node:net'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Clock } from '#main/ports.ts'
import type { Phase } from '#shared/contract/checks.ts'
import type { HeaderLine } from '#shared/contract/evidence.ts'
import type { Connection } from '../network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf, type Stage } from '../network/failure.ts'

export interface HttpRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface HttpAnswer {
  readonly status: number
  readonly statusText: string
  /** `1.1` or `1.0`. */
  readonly version: string
  readonly headers: readonly HeaderLine[]
  /** Decompressed; all of it when `complete`, else what came before the failure. */
  readonly body: Buffer
  /** As it came over the wire. */
  readonly receivedBytes: number
  readonly complete: boolean
}

export interface Exchange {
  readonly answer: HttpAnswer | null
  readonly failure: Failure | null
  /** processing, transfer: those that were begun. */
  readonly phases: readonly Phase[]
}

const maxHeaderBytes = 65_536

/** Never rejects. The connection is used up: no second exchange can follow. */
export function exchange(
  { socket }: Connection,
  request: HttpRequest,
  maxBodyBytes: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const subject = request.url.host
    const phases: Phase[] = []
    let stage: Stage = 'processing'
    let stageMs = clock.monotonicMs()
    let message: IncomingMessage | null = null
    let body: BodyReader | null = null
    let over = false

    const endStage = () => {
      const nowMs = clock.monotonicMs()
      phases.push({ name: stage, durationMs: nowMs - stageMs })
      stageMs = nowMs
    }
    const end = (failure: Failure | null) => {
      if (over) return
      over = true
      endStage()
      signal.removeEventListener('abort', abort)
      body?.stop()
      socket.once('close', () => letGo(socket))
      // After a whole answer node:http closes the connection itself, in an orderly way, which costs half as much.
      if (failure !== null) socket.destroy()
      resolve({ answer: message && answerOf(message, body, failure === null), failure, phases })
    }
    const fail = (error: unknown) => end(failureOf(error, stage, subject))
    const abort = () => end(deadlineFailure(stage, subject))

    const sent = startRequest({
      createConnection: () => socket,
      method: request.method,
      path: `${request.url.pathname}${request.url.search}`,
      headers: { ...request.headers, connection: 'close' },
      setHost: false,
      maxHeaderSize: maxHeaderBytes,
    })
    const answered = (received: IncomingMessage) => {
      endStage()
      stage = 'transfer'
      message = received
      body = readBody(received, maxBodyBytes, (problem) => {
        if (problem === 'too-large') {
          end(down('body-too-large', `${subject} sent a body of more than ${maxBodyBytes} bytes.`))
        } else if (problem instanceof Error) {
          end(
            'code' in problem && String(problem.code).startsWith('Z_')
              ? down('body-encoding', `The body from ${subject} cannot be decompressed: ${problem.message}.`)
              : failureOf(problem, stage, subject),
          )
        } else end(null)
      })
    }
    sent.on('error', fail)
    sent.on('response', answered)
    // An answer such as 101 hands the socket over: nothing more is to be read as HTTP.
    sent.on('upgrade', (received) => {
      message = received
      end(null)
      socket.destroy()
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    sent.end(request.body === '' ? undefined : request.body)
  })
}

/**
 * A closed socket outlives the young generation, and what it refers to does with it: request, answer and all of this
 * exchange, 4 KB a probe that only a full collection would take away. Nothing is told by a socket once it has closed.
 */
function letGo(socket: Socket & { _httpMessage?: unknown }): void {
  socket.removeAllListeners()
  socket._httpMessage = null
}

interface BodyReader {
  readonly bytes: () => Buffer
  readonly receivedBytes: () => number
  readonly stop: () => void
}

/** `done` is called once: with nothing at the end, with what went wrong otherwise. */
function readBody(
  message: IncomingMessage,
  maxBytes: number,
  done: (problem?: Error | 'too-large') => void,
): BodyReader {
  const chunks: Buffer[] = []
  let size = 0
  let received = 0
  const decoder = decoderFor(message.headers['content-encoding'])
  const take = (chunk: Buffer) => {
    if (size >= maxBytes && chunk.length > 0) return done('too-large')
    chunks.push(chunk.subarray(0, maxBytes - size))
    size += chunk.length
    if (size > maxBytes) done('too-large')
  }
  message.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (decoder === null) take(chunk)
    else if (!decoder.write(chunk)) message.pause()
  })
  message.on('error', done)
  message.on('end', () => (decoder === null ? done() : decoder.end()))
  decoder?.on('drain', () => message.resume())
  decoder?.on('data', take)
  decoder?.on('error', done)
  decoder?.on('end', () => done())
  return {
    bytes: () => Buffer.concat(chunks),
    receivedBytes: () => received,
    stop: () => decoder?.destroy(),
  }
}

/** Nothing is asked to compress, but some servers do all the same. */
function decoderFor(encoding: string | undefined) {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress()
    default:
      return null
  }
}

function answerOf(message: IncomingMessage, body: BodyReader | null, complete: boolean): HttpAnswer {
  const headers: HeaderLine[] = []
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    headers.push({ name: message.rawHeaders[index] ?? '', value: message.rawHeaders[index + 1] ?? '' })
  }
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    version: message.httpVersion,
    headers,
    body: body?.bytes() ?? Buffer.alloc(0),
    receivedBytes: body?.receivedBytes() ?? 0,
    complete,
  }
}
