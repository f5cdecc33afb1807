/**
 * A column of whole numbers in few bytes. Their common step is divided out (memory comes in pages, a grid of instants in
 * seconds), then whichever is smallest of the distance to the first, the difference to the one before, or the difference
 * of differences is written as varints, with runs of zeros folded where that pays.
 */
import { type ByteReader, type ByteWriter, unzigzag, varintBytes, zigzag } from './bytes.ts'

/** Magnitudes beyond it would not survive the difference of differences in a varint. */
export const largestInteger = 2 ** 50

const transforms = ['distance', 'difference', 'second difference'] as const

/** Set in the leading byte when runs of zeros are folded: a 0 is then followed by the run's length. */
const foldedFlag = 4

/** Writes the first `count` of `column`: whole, magnitude at most `largestInteger`. Overwrites nothing. */
export function writeIntegers(writer: ByteWriter, column: Float64Array, count: number): void {
  if (count === 0) return
  const first = column[0] ?? 0
  const step = commonStep(column, count)
  const plan = cheapest(column, count, step)
  writer.byte(plan.transform | (plan.folded ? foldedFlag : 0))
  writer.varint(step)
  writer.varint(zigzag(first))
  let before = 0
  let beforeDifference = 0
  let zeros = 0
  for (let i = 1; i < count; i++) {
    const distance = ((column[i] ?? 0) - first) / step
    const difference = distance - before
    const token = plan.transform === 0 ? distance : plan.transform === 1 ? difference : difference - beforeDifference
    before = distance
    beforeDifference = difference
    if (plan.folded && token === 0) {
      zeros++
      continue
    }
    if (zeros > 0) writeZeros(writer, zeros)
    zeros = 0
    writer.varint(zigzag(token))
  }
  if (zeros > 0) writeZeros(writer, zeros)
}

/** Fills `into[0 .. count)`. */
export function readIntegers(reader: ByteReader, into: Float64Array, count: number): void {
  if (count === 0) return
  const lead = reader.byte()
  const transform = lead & 3
  const folded = (lead & foldedFlag) !== 0
  if (lead > 7 || transform >= transforms.length) throw new RangeError(`unknown way ${lead} to write integers`)
  const step = reader.varint()
  const first = unzigzag(reader.varint())
  into[0] = first
  let distance = 0
  let difference = 0
  let zeros = 0
  for (let i = 1; i < count; i++) {
    let token = 0
    if (zeros > 0) zeros--
    else {
      const raw = reader.varint()
      if (raw !== 0) token = unzigzag(raw)
      else if (folded) zeros = reader.varint() - 1
    }
    if (transform === 0) distance = token
    else {
      difference = transform === 1 ? token : difference + token
      distance += difference
    }
    into[i] = first + distance * step
  }
}

function writeZeros(writer: ByteWriter, count: number): void {
  writer.byte(0)
  writer.varint(count)
}

/** Greatest common divisor of all distances to the first; 1 when they are all equal. */
function commonStep(column: Float64Array, count: number): number {
  const first = column[0] ?? 0
  let step = 0
  for (let i = 1; i < count && step !== 1; i++) {
    let rest = Math.abs((column[i] ?? 0) - first)
    while (rest !== 0) {
      const remainder = step % rest
      step = rest
      rest = remainder
    }
  }
  return step || 1
}

/** Counts the bytes each way would take, in one pass. */
function cheapest(column: Float64Array, count: number, step: number): { transform: number; folded: boolean } {
  const first = column[0] ?? 0
  const plain = [0, 0, 0]
  const saved = [0, 0, 0]
  const run = [0, 0, 0]
  let before = 0
  let beforeDifference = 0
  const tally = (transform: number, token: number) => {
    if (token === 0) {
      plain[transform] = (plain[transform] ?? 0) + 1
      run[transform] = (run[transform] ?? 0) + 1
      return
    }
    plain[transform] = (plain[transform] ?? 0) + varintBytes(zigzag(token))
    settle(transform)
  }
  const settle = (transform: number) => {
    const length = run[transform] ?? 0
    if (length === 0) return
    saved[transform] = (saved[transform] ?? 0) + length - 1 - varintBytes(length)
    run[transform] = 0
  }
  for (let i = 1; i < count; i++) {
    const distance = ((column[i] ?? 0) - first) / step
    const difference = distance - before
    tally(0, distance)
    tally(1, difference)
    tally(2, difference - beforeDifference)
    before = distance
    beforeDifference = difference
  }
  let best = { transform: 1, folded: false, bytes: Number.POSITIVE_INFINITY }
  for (let transform = 0; transform < transforms.length; transform++) {
    settle(transform)
    const bytes = plain[transform] ?? 0
    const folded = bytes - (saved[transform] ?? 0)
    if (bytes < best.bytes) best = { transform, folded: false, bytes }
    if (folded < best.bytes) best = { transform, folded: true, bytes: folded }
  }
  return best
}
