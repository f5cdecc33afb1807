/** Bytes written and read in order: fixed-width numbers little-endian, whole numbers as LEB128 varints. */

export interface ByteWriter {
  byte(value: number): void
  uint32(value: number): void
  /** `value` whole, 0 .. 2^53 - 1. */
  varint(value: number): void
  bytes(source: Uint8Array): void
  /** Bytes written so far. */
  size(): number
  /** A copy of all that was written since the last `take`; the writer starts anew and keeps its memory. */
  take(): Uint8Array<ArrayBuffer>
}

export function createByteWriter(initialBytes = 1 << 14): ByteWriter {
  let buffer = new Uint8Array(initialBytes)
  let at = 0
  const reserve = (count: number) => {
    if (at + count <= buffer.length) return
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + count))
    larger.set(buffer)
    buffer = larger
  }
  return {
    byte(value) {
      reserve(1)
      buffer[at++] = value
    },
    uint32(value) {
      reserve(4)
      buffer[at++] = value
      buffer[at++] = value >>> 8
      buffer[at++] = value >>> 16
      buffer[at++] = value >>> 24
    },
    varint(value) {
      reserve(8)
      let rest = value
      while (rest > 0x7fff_ffff) {
        buffer[at++] = (rest % 128) | 128
        rest = Math.floor(rest / 128)
      }
      while (rest > 127) {
        buffer[at++] = (rest & 127) | 128
        rest >>>= 7
      }
      buffer[at++] = rest
    },
    bytes(source) {
      reserve(source.length)
      buffer.set(source, at)
      at += source.length
    },
    size: () => at,
    take() {
      const taken = buffer.slice(0, at)
      at = 0
      return taken
    },
  }
}

export interface ByteReader {
  byte(): number
  uint32(): number
  varint(): number
  /** A view, not a copy. */
  bytes(count: number): Uint8Array
  left(): number
}

/** Reads past the end throw a RangeError: whoever reads stored bytes converts it to an error that names them. */
export function createByteReader(source: Uint8Array): ByteReader {
  let at = 0
  const next = () => {
    const value = source[at++]
    if (value === undefined) throw new RangeError(`expected more than the ${source.length} bytes that are there`)
    return value
  }
  return {
    byte: next,
    uint32: () => (next() | (next() << 8) | (next() << 16) | (next() << 24)) >>> 0,
    varint() {
      let value = next()
      if (value < 128) return value
      value &= 127
      // Up to 28 bits stay small integers, which is most of what is stored and several times as fast.
      for (let shift = 7; shift < 28; shift += 7) {
        const byte = next()
        value |= (byte & 127) << shift
        if (byte < 128) return value
      }
      for (let factor = 2 ** 28; ; factor *= 128) {
        const byte = next()
        value += (byte & 127) * factor
        if (byte < 128) return value
        if (factor > 2 ** 49) throw new RangeError('expected a number of at most 53 bits')
      }
    },
    bytes(count) {
      if (count > source.length - at) throw new RangeError(`expected ${count} bytes, ${source.length - at} are left`)
      at += count
      return source.subarray(at - count, at)
    },
    left: () => source.length - at,
  }
}

/** Bytes a varint takes. */
export function varintBytes(value: number): number {
  if (value < 2 ** 7) return 1
  if (value < 2 ** 14) return 2
  if (value < 2 ** 21) return 3
  if (value < 2 ** 28) return 4
  if (value < 2 ** 35) return 5
  if (value < 2 ** 42) return 6
  return value < 2 ** 49 ? 7 : 8
}

/** Signed to unsigned with small magnitudes first: 0, -1, 1, -2, 2 ... becomes 0, 1, 2, 3, 4 ... */
export const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1)
export function unzigzag(value: number): number {
  if (value <= 0x7fff_ffff) return (value >>> 1) ^ -(value & 1)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
