/**
 * A day's buckets of one series as bytes. Columns that repeat another are left out: a counter's maximum is its last
 * value, a constant's minimum its maximum. The increase is kept for series that behave like counters; for a gauge it
 * means nothing and would only cost.
 */
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Bucket, StepColumns } from '#shared/domain/rollup.ts'
import { createByteReader, createByteWriter } from './bytes.ts'
import { CorruptBytes } from './chunk.ts'
import { readIntegers, writeIntegers } from './integers.ts'
import { readValues, writeValues } from './values.ts'

const maxIsLast = 1
const minIsMax = 2
const hasNoIncrease = 4

const checksumBytes = 4
const writer = createByteWriter()

/** `null` when nothing was observed. `isCounter`: whether the increase is worth keeping. */
export function encodeBuckets(columns: StepColumns, isCounter: boolean): Uint8Array | null {
  const steps = indexesOf(columns.count)
  if (steps.length === 0) return null
  const take = (column: Float64Array) => steps.map((step) => column[step] ?? Number.NaN)
  const [min, max, last] = [take(columns.min), take(columns.max), take(columns.last)]
  const flags =
    (isSame(max, last) ? maxIsLast : 0) | (isSame(min, max) ? minIsMax : 0) | (isCounter ? 0 : hasNoIncrease)
  writer.uint32(0)
  writer.byte(flags)
  writer.varint(steps.length)
  writeIntegers(writer, steps, steps.length)
  writeIntegers(writer, take(columns.count), steps.length)
  writeValues(writer, take(columns.sum))
  writeValues(writer, last)
  if (!(flags & maxIsLast)) writeValues(writer, max)
  if (!(flags & minIsMax)) writeValues(writer, min)
  if (isCounter) {
    writeValues(writer, take(columns.increase))
    writeIntegers(writer, take(columns.increaseMs), steps.length)
  }
  const bytes = writer.take()
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(checksumBytes)), true)
  return zstdCompressSync(bytes)
}

/** Buckets with something observed, ascending. Throws CorruptBytes. */
export function decodeBuckets(data: Uint8Array, dayAt: number, stepMs: number): Bucket[] {
  try {
    const bytes = zstdDecompressSync(data, { maxOutputLength: largestBytes })
    const reader = createByteReader(bytes)
    if (reader.uint32() !== crc32(bytes.subarray(checksumBytes))) throw new RangeError('the checksum does not fit')
    const flags = reader.byte()
    const length = reader.varint()
    const integers = () => {
      const column = new Float64Array(length)
      readIntegers(reader, column, length)
      return column
    }
    const values = () => {
      const column = new Float64Array(length)
      readValues(reader, column)
      return column
    }
    const steps = integers()
    const count = integers()
    const sum = values()
    const last = values()
    const max = flags & maxIsLast ? last : values()
    const min = flags & minIsMax ? max : values()
    const increase = flags & hasNoIncrease ? null : values()
    const increaseMs = flags & hasNoIncrease ? null : integers()
    const at = (column: Float64Array | null, i: number) => column?.[i] ?? Number.NaN
    return Array.from(steps, (step, i) => ({
      at: dayAt + step * stepMs,
      count: at(count, i),
      sum: at(sum, i),
      min: at(min, i),
      max: at(max, i),
      last: at(last, i),
      increase: at(increase, i),
      increaseMs: at(increaseMs, i),
    }))
  } catch (error) {
    throw new CorruptBytes(error instanceof Error ? error.message : String(error))
  }
}

const largestBytes = 1 << 20

function indexesOf(count: Float64Array): Float64Array {
  const indexes: number[] = []
  count.forEach((value, step) => {
    if (value > 0) indexes.push(step)
  })
  return Float64Array.from(indexes)
}

const isSame = (a: Float64Array, b: Float64Array) => a.every((value, i) => Object.is(value, b[i]))
