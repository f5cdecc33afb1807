/**
 * The newest hours in memory: what was appended and is not sealed yet. Holds nothing that a durable frame does not hold
 * as well, so it may be lost at any instant. One buffer per series and hour; twelve bytes a sample.
 */
import type { Samples } from '#shared/domain/series.ts'
import { hourMs, hourOf } from './calendar.ts'
import { clipSamples, lastWins, mergeSamples, noSamples } from './merge-samples.ts'
import type { SampleBatch } from './messages.ts'

/** Per sample: milliseconds into the hour, then the value's two halves. Values move as bits: some NaNs must survive. */
const wordsPerSample = 3

interface Buffer {
  words: Uint32Array
  count: number
  /** Instants ascend without doubles. */
  isOrdered: boolean
}

interface Hour {
  /** Sparse: indexed by series id. What was dropped is undefined: deleting would make the list slow. */
  readonly buffers: (Buffer | undefined)[]
  /** How many there are. */
  held: number
}

export interface Head {
  /** Takes the samples in order; of two at one instant of a series the later one stays. `skip` leaves some out. */
  put(batch: SampleBatch, skip?: (id: number, hour: number) => boolean): void
  /** What is held of a series in `[from, to)`. */
  read(id: number, from: number, to: number): Samples
  /** Series that hold something in hours before `hour`, ascending. */
  idsBefore(hour: number): number[]
  /** What is held of the series in hours before `hour`, oldest hour first. */
  hoursBefore(id: number, hour: number): { hour: number; samples: Samples }[]
  /** Forgets these hours of the series. */
  drop(id: number, hours: readonly number[]): void
  /** The newest sample of each series. */
  newest(): SampleBatch
  oldestHour(): number | null
  newestHour(): number | null
  sampleCount(): number
}

export function createHead(): Head {
  const hours = new Map<number, Hour>()
  let sampleCount = 0

  const hoursAscending = () => [...hours.keys()].sort((a, b) => a - b)

  const bufferOf = (id: number, hour: number): Buffer => {
    let of = hours.get(hour)
    if (!of) {
      of = { buffers: [], held: 0 }
      hours.set(hour, of)
    }
    let buffer = of.buffers[id]
    if (!buffer) {
      buffer = { words: new Uint32Array(firstCapacity(hours.get(hour - 1)?.buffers[id])), count: 0, isOrdered: true }
      of.buffers[id] = buffer
      of.held++
    }
    return buffer
  }

  const ordered = (buffer: Buffer, hour: number): Samples => {
    const samples = unpack(buffer, hour * hourMs)
    if (buffer.isOrdered) return samples
    const sorted = lastWins(samples)
    sampleCount += sorted.times.length - buffer.count
    pack(sorted, hour * hourMs, buffer)
    return sorted
  }

  return {
    put({ ids, times, values }, skip) {
      const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] ?? 0
        const at = times[i] ?? 0
        const hour = hourOf(at)
        if (skip?.(id, hour)) continue
        const buffer = bufferOf(id, hour)
        sampleCount += store(buffer, at - hour * hourMs, halves[i * 2] ?? 0, halves[i * 2 + 1] ?? 0)
      }
    },
    read(id, from, to) {
      const parts: Samples[] = []
      for (const [hour, { buffers }] of hours) {
        const buffer = buffers[id]
        if (!buffer || (hour + 1) * hourMs <= from || hour * hourMs >= to) continue
        parts.push(ordered(buffer, hour))
      }
      return parts.length === 0 ? noSamples : clipSamples(mergeSamples(parts), from, to)
    },
    idsBefore(hour) {
      const ids = new Set<number>()
      for (const [held, { buffers }] of hours) {
        if (held >= hour) continue
        for (const [id, buffer] of buffers.entries()) if (buffer) ids.add(id)
      }
      return [...ids].sort((a, b) => a - b)
    },
    hoursBefore(id, hour) {
      return hoursAscending().flatMap((held) => {
        const buffer = held < hour ? hours.get(held)?.buffers[id] : undefined
        return buffer ? [{ hour: held, samples: ordered(buffer, held) }] : []
      })
    },
    drop(id, dropped) {
      for (const hour of dropped) {
        const of = hours.get(hour)
        const buffer = of?.buffers[id]
        if (!of || !buffer) continue
        sampleCount -= buffer.count
        of.buffers[id] = undefined
        if (--of.held === 0) hours.delete(hour)
      }
    },
    newest() {
      const found = new Map<number, Samples>()
      for (const hour of hoursAscending()) {
        const { buffers = [] } = hours.get(hour) ?? {}
        for (const [id, buffer] of buffers.entries()) if (buffer) found.set(id, ordered(buffer, hour))
      }
      return lastOfEach(found)
    },
    oldestHour: () => hoursAscending()[0] ?? null,
    newestHour: () => hoursAscending().at(-1) ?? null,
    sampleCount: () => sampleCount,
  }
}

/** As many as the hour before had, and a little more: most series keep their pace. */
function firstCapacity(before: Buffer | undefined): number {
  return wordsPerSample * (before ? before.count + 2 : 16)
}

/** Returns by how many samples the buffer grew. */
function store(buffer: Buffer, offsetMs: number, low: number, high: number): number {
  const lastOffset = buffer.count > 0 ? (buffer.words[(buffer.count - 1) * wordsPerSample] ?? 0) : -1
  const isRepeated = offsetMs === lastOffset
  const at = (isRepeated ? buffer.count - 1 : buffer.count) * wordsPerSample
  if (at >= buffer.words.length) {
    const larger = new Uint32Array(wordsPerSample * Math.ceil(buffer.count * 1.5))
    larger.set(buffer.words)
    buffer.words = larger
  }
  buffer.words[at] = offsetMs
  buffer.words[at + 1] = low
  buffer.words[at + 2] = high
  if (isRepeated) return 0
  if (offsetMs < lastOffset) buffer.isOrdered = false
  buffer.count++
  return 1
}

function unpack(buffer: Buffer, hourAt: number): Samples {
  const times = new Float64Array(buffer.count)
  const values = new Float64Array(buffer.count)
  const halves = new Uint32Array(values.buffer)
  for (let i = 0, at = 0; i < buffer.count; i++, at += wordsPerSample) {
    times[i] = hourAt + (buffer.words[at] ?? 0)
    halves[i * 2] = buffer.words[at + 1] ?? 0
    halves[i * 2 + 1] = buffer.words[at + 2] ?? 0
  }
  return { times, values }
}

function pack({ times, values }: Samples, hourAt: number, buffer: Buffer): void {
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  for (let i = 0; i < times.length; i++) {
    buffer.words[i * wordsPerSample] = (times[i] ?? 0) - hourAt
    buffer.words[i * wordsPerSample + 1] = halves[i * 2] ?? 0
    buffer.words[i * wordsPerSample + 2] = halves[i * 2 + 1] ?? 0
  }
  buffer.count = times.length
  buffer.isOrdered = true
}

function lastOfEach(found: ReadonlyMap<number, Samples>): SampleBatch {
  const newest = {
    ids: new Uint32Array(found.size),
    times: new Float64Array(found.size),
    values: new Float64Array(found.size),
  }
  let i = 0
  for (const [id, { times, values }] of found) {
    newest.ids[i] = id
    newest.times.set(times.subarray(-1), i)
    newest.values.set(values.subarray(-1), i)
    i++
  }
  return newest
}
