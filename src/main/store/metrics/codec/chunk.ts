/** A chunk: the samples of one series in one hour as bytes that prove themselves by a checksum. */
import { crc32 } from 'node:zlib'
import type { Samples } from '#shared/domain/series.ts'
import { createByteReader, createByteWriter } from './bytes.ts'
import { readIntegers, writeIntegers } from './integers.ts'
import { readValues, writeValues } from './values.ts'

/** Stored bytes that cannot be what was written. Whoever knows which bytes they were adds that. */
export class CorruptBytes extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CorruptBytes'
  }
}

const checksumBytes = 4

/** More samples than milliseconds an hour would be a lie of the count field. */
const largestCount = 3_600_000

const writer = createByteWriter()
let offsets = new Float64Array(1024)

/** `times` are whole, ascending, at most a day from `originAt`. */
export function encodeChunk(samples: Samples, originAt: number): Uint8Array<ArrayBuffer> {
  const { times, values } = samples
  if (offsets.length < times.length) offsets = new Float64Array(times.length * 2)
  for (let i = 0; i < times.length; i++) offsets[i] = (times[i] ?? 0) - originAt
  writer.uint32(0)
  writer.varint(times.length)
  writeIntegers(writer, offsets, times.length)
  if (times.length > 0) writeValues(writer, values)
  const bytes = writer.take()
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(checksumBytes)), true)
  return bytes
}

/** Throws CorruptBytes. */
export function decodeChunk(bytes: Uint8Array, originAt: number): Samples {
  try {
    const reader = createByteReader(bytes)
    const checksum = reader.uint32()
    if (checksum !== crc32(bytes.subarray(checksumBytes))) throw new RangeError('the checksum does not fit')
    const count = reader.varint()
    if (count > largestCount) throw new RangeError(`${count} samples in a chunk`)
    const times = new Float64Array(count)
    const values = new Float64Array(count)
    readIntegers(reader, times, count)
    for (let i = 0; i < count; i++) times[i] = (times[i] ?? 0) + originAt
    if (count > 0) readValues(reader, values)
    if (reader.left() !== 0) throw new RangeError(`${reader.left()} bytes too many`)
    return { times, values }
  } catch (error) {
    if (error instanceof RangeError) throw new CorruptBytes(error.message)
    throw error
  }
}
