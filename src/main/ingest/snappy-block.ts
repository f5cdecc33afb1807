/**
 * Undoes Snappy's block format. How much comes out stands at its beginning, so too much is refused before anything is
 * unpacked; and what does come out must be exactly that much.
 * Source: https://github.com/google/snappy/blob/main/format_description.txt.
 */
import { AppError } from '#shared/contract/errors.ts'

/** Throws AppError `too-large` beyond `mostBytes`, `invalid` for what is no Snappy block. */
export function unpackSnappy(block: Uint8Array, mostBytes: number): Uint8Array {
  const { length, bodyAt } = lengthOf(block)
  if (length > mostBytes) {
    throw new AppError('too-large', `The body is ${length} bytes when unpacked; at most ${mostBytes} are taken.`)
  }
  const out = new Uint8Array(length)
  let at = bodyAt
  let filled = 0
  while (at < block.length) {
    const tag = byteAt(block, at++)
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >>> 2
      const extraBytes = Math.max(0, short - 59)
      const size = 1 + (extraBytes === 0 ? short : littleEndian(block, at, extraBytes))
      at += extraBytes
      if (at + size > block.length || filled + size > length) throw broken('a literal runs over the end')
      out.set(block.subarray(at, at + size), filled)
      at += size
      filled += size
      continue
    }
    const offsetBytes = kind === 1 ? 1 : kind === 2 ? 2 : 4
    const size = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    const offset = littleEndian(block, at, offsetBytes) + (kind === 1 ? (tag >>> 5) << 8 : 0)
    at += offsetBytes
    if (offset === 0 || offset > filled) throw broken('a copy reaches back before the beginning')
    if (filled + size > length) throw broken('a copy runs over the end')
    // Source and destination may overlap: then what was just written is repeated.
    if (offset >= size) out.copyWithin(filled, filled - offset, filled - offset + size)
    else for (let i = 0; i < size; i++) out[filled + i] = out[filled - offset + i] ?? 0
    filled += size
  }
  if (filled !== length) throw broken(`it ends after ${filled} of ${length} bytes`)
  return out
}

/** A varint of 32 bits. */
function lengthOf(block: Uint8Array): { length: number; bodyAt: number } {
  let length = 0
  for (let i = 0; i < 5; i++) {
    const byte = byteAt(block, i)
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { length, bodyAt: i + 1 }
  }
  throw broken('its length has no end')
}

function littleEndian(block: Uint8Array, at: number, bytes: number): number {
  let value = 0
  for (let i = 0; i < bytes; i++) value += byteAt(block, at + i) * 2 ** (8 * i)
  return value
}

function byteAt(block: Uint8Array, at: number): number {
  const byte = block[at]
  if (byte === undefined) throw broken('it ends in the middle')
  return byte
}

const broken = (how: string) =>
  new AppError('invalid', `Expected a body in Snappy's block format, and ${how}. Send it as remote write does.`)
