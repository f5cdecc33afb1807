/**
 * A column of float64 in few bytes, bit for bit. Nearly all that is measured was once a short decimal: values become
 * whole numbers at the smallest decimal scale that gives each of them back exactly, and the few that none gives back (NaN
 * and its payloads, infinities, -0) are listed beside. Where too many would be listed, or the whole numbers are long,
 * the XOR with the value before is written without its zero bytes.
 */
import { type ByteReader, type ByteWriter, createByteWriter } from './bytes.ts'
import { largestInteger, readIntegers, writeIntegers } from './integers.ts'

/** The leading byte: 0 .. largestScale is decimal with that scale; then decimal with exceptions; then XOR. */
const largestScale = 15
const exceptionsFlag = 16
const xorKind = 32

const powersOfTen = Float64Array.from({ length: largestScale + 1 }, (_, exponent) => 10 ** exponent)

/** Beyond one exception in eight values, XOR is smaller. */
const exceptionShare = 1 / 8

/** Beyond this many bytes a value, decimal is compared with XOR. */
const longDecimalBytes = 4

const trial = createByteWriter()

export function writeValues(writer: ByteWriter, values: Float64Array): void {
  const decimal = decimalBytes(values)
  const isShort = decimal !== null && decimal.length <= values.length * longDecimalBytes
  writer.bytes(isShort ? decimal : shorterOf(decimal, xorBytes(values)))
}

/** Fills `into`. */
export function readValues(reader: ByteReader, into: Float64Array): void {
  const kind = reader.byte()
  if (kind === xorKind) readXor(reader, into)
  else readDecimal(kind, reader, into)
}

const shorterOf = (a: Uint8Array | null, b: Uint8Array) => (a && a.length <= b.length ? a : b)

function readDecimal(kind: number, reader: ByteReader, into: Float64Array): void {
  const power = powersOfTen[kind & ~exceptionsFlag]
  if (kind > largestScale + exceptionsFlag || power === undefined) throw new RangeError(`unknown value codec ${kind}`)
  readIntegers(reader, into, into.length)
  if (power !== 1) for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) / power
  if (kind & exceptionsFlag) readExceptions(reader, into)
}

let whole = new Float64Array(1024)
let exceptions = new Uint32Array(1024)

/** `null` when too many values have no decimal scale. */
function decimalBytes(values: Float64Array): Uint8Array | null {
  const count = values.length
  if (whole.length < count) {
    whole = new Float64Array(count * 2)
    exceptions = new Uint32Array(count * 2)
  }
  const scale = scaleOf(values)
  const power = powersOfTen[scale] ?? 1
  let exceptionCount = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0
    const integer = Math.round(value * power)
    if (integer / power === value && Math.abs(integer) <= largestInteger && !isNegativeZero(value)) before = integer
    else exceptions[exceptionCount++] = i
    // + 0 makes the -0 that rounding gives an ordinary one.
    whole[i] = before + 0
  }
  if (exceptionCount > count * exceptionShare && exceptionCount > 1) return null
  // Leading exceptions would otherwise begin the column with a jump from 0.
  for (let i = 0; i < exceptionCount && exceptions[i] === i; i++) whole[i] = whole[exceptionCount] ?? 0
  trial.byte(scale | (exceptionCount > 0 ? exceptionsFlag : 0))
  writeIntegers(trial, whole, count)
  if (exceptionCount > 0) writeExceptions(trial, values, exceptionCount)
  return trial.take()
}

/** The smallest scale at which every value that has one comes back exactly. */
function scaleOf(values: Float64Array): number {
  let scale = 0
  let power = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (Math.round(value * power) / power === value) continue
    for (let next = scale + 1; next <= largestScale; next++) {
      const nextPower = powersOfTen[next] ?? 1
      const integer = Math.round(value * nextPower)
      if (Math.abs(integer) > largestInteger) break
      if (integer / nextPower !== value) continue
      scale = next
      power = nextPower
      break
    }
  }
  return scale
}

const isNegativeZero = (value: number) => value === 0 && 1 / value < 0

const bitsOf = (values: Float64Array) => new Uint32Array(values.buffer, values.byteOffset, values.length * 2)

function writeExceptions(writer: ByteWriter, values: Float64Array, count: number): void {
  const bits = bitsOf(values)
  writer.varint(count)
  for (let i = 0, before = 0; i < count; i++) {
    const index = exceptions[i] ?? 0
    writer.varint(index - before)
    writer.uint32(bits[index * 2] ?? 0)
    writer.uint32(bits[index * 2 + 1] ?? 0)
    before = index
  }
}

function readExceptions(reader: ByteReader, into: Float64Array): void {
  const bits = bitsOf(into)
  const count = reader.varint()
  for (let i = 0, index = 0; i < count; i++) {
    index += reader.varint()
    if (index >= into.length) throw new RangeError(`exception ${index} of ${into.length} values`)
    bits[index * 2] = reader.uint32()
    bits[index * 2 + 1] = reader.uint32()
  }
}

/** A control byte says how many of the eight bytes lead and trail as zeros; the others follow, lowest first. */
function xorBytes(values: Float64Array): Uint8Array {
  const bits = bitsOf(values)
  const bytes = new Uint8Array(8)
  const pair = new Uint32Array(bytes.buffer)
  trial.byte(xorKind)
  for (let i = 0; i < bits.length; i += 2) {
    pair[0] = (bits[i] ?? 0) ^ (i > 0 ? (bits[i - 2] ?? 0) : 0)
    pair[1] = (bits[i + 1] ?? 0) ^ (i > 0 ? (bits[i - 1] ?? 0) : 0)
    let end = 8
    while (end > 0 && bytes[end - 1] === 0) end--
    let start = 0
    while (start < end && bytes[start] === 0) start++
    trial.byte((start << 4) | end)
    for (let at = start; at < end; at++) trial.byte(bytes[at] ?? 0)
  }
  return trial.take()
}

function readXor(reader: ByteReader, into: Float64Array): void {
  const bits = bitsOf(into)
  const bytes = new Uint8Array(8)
  const pair = new Uint32Array(bytes.buffer)
  for (let i = 0; i < bits.length; i += 2) {
    const control = reader.byte()
    const end = control & 15
    if (end > 8) throw new RangeError(`unknown XOR control ${control}`)
    bytes.fill(0)
    for (let at = control >> 4; at < end; at++) bytes[at] = reader.byte()
    bits[i] = (pair[0] ?? 0) ^ (i > 0 ? (bits[i - 2] ?? 0) : 0)
    bits[i + 1] = (pair[1] ?? 0) ^ (i > 0 ? (bits[i - 1] ?? 0) : 0)
  }
}
