/**
 * A frame: all samples of one tick as bytes, in order of arrival. Frames are the durable log that the head is rebuilt
 * from. Samples of one instant come together in practice, so an instant is written once for a run of them; ids are
 * written as differences, values as they are.
 */
import { crc32 } from 'node:zlib'
import { hourOf } from './calendar.ts'
import { createByteReader, createByteWriter, unzigzag, zigzag } from './codec/bytes.ts'
import { CorruptBytes } from './codec/chunk.ts'
import type { SampleBatch } from './messages.ts'

const checksumBytes = 4
const writer = createByteWriter(1 << 16)

/** The batch must not be empty. `newestHour` is the latest hour any of its samples lies in. */
export function encodeFrame({ ids, times, values }: SampleBatch): {
  bytes: Uint8Array<ArrayBuffer>
  newestHour: number
} {
  let newestAt = Number.NEGATIVE_INFINITY
  writer.uint32(0)
  writer.varint(ids.length)
  for (let start = 0, id = 0; start < ids.length; ) {
    const at = times[start] ?? 0
    let end = start + 1
    while (end < ids.length && times[end] === at) end++
    if (at > newestAt) newestAt = at
    writer.varint(at)
    writer.varint(end - start)
    for (let i = start; i < end; i++) {
      writer.varint(zigzag((ids[i] ?? 0) - id))
      id = ids[i] ?? 0
    }
    start = end
  }
  writer.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const bytes = writer.take()
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(checksumBytes)), true)
  return { bytes, newestHour: hourOf(newestAt) }
}

/** Throws CorruptBytes. */
export function decodeFrame(bytes: Uint8Array): SampleBatch {
  try {
    const reader = createByteReader(bytes)
    if (reader.uint32() !== crc32(bytes.subarray(checksumBytes))) throw new RangeError('the checksum does not fit')
    const count = reader.varint()
    const batch = { ids: new Uint32Array(count), times: new Float64Array(count), values: new Float64Array(count) }
    for (let i = 0, id = 0; i < count; ) {
      const at = reader.varint()
      const end = i + reader.varint()
      for (; i < end; i++) {
        id += unzigzag(reader.varint())
        batch.ids[i] = id
        batch.times[i] = at
      }
    }
    new Uint8Array(batch.values.buffer).set(reader.bytes(count * 8))
    return batch
  } catch (error) {
    if (error instanceof RangeError) throw new CorruptBytes(error.message)
    throw error
  }
}
