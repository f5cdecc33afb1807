/** Bodies of any type as bytes, for routes whose senders are scripts: the beginning is kept, the rest is let pass. */
import type { FastifyInstance } from 'fastify'
import { AppError } from '#shared/contract/errors.ts'

/** A body longer than this is refused, so that a sender cannot keep us reading for ever, 1 MiB. */
const mostBytes = 1_048_576

/** For one route in a scope of its own. */
export function takeBodyBytes(scope: FastifyInstance, keptBytes: number): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, payload, done) => {
    const chunks: Buffer[] = []
    let received = 0
    let kept = 0
    payload.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (kept < keptBytes) chunks.push(chunk.subarray(0, keptBytes - kept))
      kept += Math.min(chunk.length, keptBytes - kept)
      if (received > mostBytes) {
        payload.removeAllListeners('data')
        payload.resume()
        done(new AppError('too-large', 'The body is too large; at most 1 MiB is read.'))
      }
    })
    payload.on('error', (error) => done(error))
    payload.on('end', () => {
      if (received <= mostBytes) done(null, Buffer.concat(chunks))
    })
  })
}

/** For one route in a scope of its own: all of the body, or AppError `too-large`. */
export function takeWholeBody(scope: FastifyInstance, mostBytes: number): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
    done(null, body),
  )
}
