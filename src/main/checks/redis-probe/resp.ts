/** Redis' wire format, version 2: commands as bytes, replies from bytes. Source: redis.io, RESP protocol specification. */
import { ProtocolError } from '../network/failure.ts'
import { line, type Take } from '../network/reader.ts'
import { shorten } from '../network/text.ts'

export type Reply =
  | { readonly type: 'text'; readonly text: string }
  /** `code` is its first word, such as WRONGPASS. */
  | { readonly type: 'error'; readonly code: string; readonly text: string }
  | { readonly type: 'other' }

export const mostReplyBytes = 262_144

export function commandBytes(words: readonly string[]): Buffer {
  const parts = words.flatMap((word) => [`$${Buffer.byteLength(word)}\r\n`, word, '\r\n'])
  return Buffer.from([`*${words.length}\r\n`, ...parts].join(''))
}

/** One reply. Only what the commands of a probe are answered with is understood: texts, errors, numbers, no lists. */
export const reply: Take<Reply> = (received) => {
  const first = line(received)
  if (first === null) return looksForeign(received)
  const { value: head, usedBytes } = first
  const rest = head.slice(1)
  switch (head[0]) {
    case '+':
      return { value: { type: 'text', text: rest }, usedBytes }
    case '-':
      return { value: { type: 'error', code: rest.split(' ', 1)[0] ?? '', text: shorten(rest, 300) }, usedBytes }
    case ':':
      return { value: { type: 'other' }, usedBytes }
    case '$':
      return bulk(received, usedBytes, rest)
    default:
      throw new ProtocolError(`no reply of Redis but "${shorten(head, 100)}" came`)
  }
}

function bulk(received: Buffer, from: number, lengthText: string): ReturnType<Take<Reply>> {
  if (lengthText === '-1') return { value: { type: 'other' }, usedBytes: from }
  const length = /^\d{1,9}$/.test(lengthText) ? Number(lengthText) : Number.POSITIVE_INFINITY
  if (length > mostReplyBytes) throw new ProtocolError(`a reply of ${shorten(lengthText, 20)} bytes was announced`)
  const to = from + length
  if (received.length < to + 2) return null
  return { value: { type: 'text', text: received.toString('utf8', from, to) }, usedBytes: to + 2 }
}

/** Bytes no reply begins with need not be waited for. */
function looksForeign(received: Buffer): null {
  if (received.length === 0 || '+-:$'.includes(String.fromCharCode(received[0] ?? 0))) return null
  throw new ProtocolError(`no reply of Redis but bytes beginning with 0x${received.toString('hex', 0, 8)} came`)
}
