/**
 * Reads Prometheus's remote-write request (version 1), series by series in steps. Knows nothing of what becomes of them.
 * Source: https://github.com/prometheus/prometheus/blob/main/prompb/{remote,types}.proto.
 */
import { PbfReader } from 'pbf'
import { AppError } from '#shared/contract/errors.ts'
import { staleNaNBits } from '#shared/domain/series.ts'
import type { Steps } from '#shared/promql/steps.ts'

export interface WrittenSample {
  /** Epoch ms. */
  readonly at: number
  readonly value: number
  /** The series ends here; as a number the marker would lose its bits. */
  readonly isStale: boolean
}

export interface WrittenSeries {
  /** Name and value after each other, in the order they came. */
  readonly labels: readonly string[]
  readonly samples: readonly WrittenSample[]
  /** Native ones, which Belfry does not store. */
  readonly histograms: number
}

export interface WrittenMetadata {
  readonly metric: string
  readonly type: string
  readonly help: string
  readonly unit: string
}

export interface WriteVisitor {
  series(series: WrittenSeries): void
  metadata(metadata: WrittenMetadata): void
}

/** A tenth of a millisecond or so. */
const seriesInStep = 32

/** Throws AppError `invalid` for what is no such request; what was visited before stays visited. */
export function* readWriteRequest(bytes: Uint8Array, visitor: WriteVisitor): Steps<void> {
  const reader = new PbfReader(bytes)
  let visited = 0
  for (let field = next(reader, bytes.length); field > 0; field = next(reader, bytes.length)) {
    if (field === 1) visitor.series(message(reader, bytes.length, seriesOf))
    else if (field === 3) visitor.metadata(message(reader, bytes.length, metadataOf))
    if (++visited % seriesInStep === 0) yield
  }
}

function seriesOf(reader: PbfReader, end: number): WrittenSeries {
  const labels: string[] = []
  const samples: WrittenSample[] = []
  let histograms = 0
  for (let field = next(reader, end); field > 0; field = next(reader, end)) {
    if (field === 1) message(reader, end, (_, labelEnd) => readLabel(reader, labelEnd, labels))
    else if (field === 2) samples.push(message(reader, end, sampleOf))
    else if (field === 4) histograms++
  }
  return { labels, samples, histograms }
}

function readLabel(reader: PbfReader, end: number, labels: string[]): void {
  let [name, value] = ['', '']
  for (let field = next(reader, end); field > 0; field = next(reader, end)) {
    if (field === 1) name = text(reader, end)
    else if (field === 2) value = text(reader, end)
  }
  labels.push(name, value)
}

function sampleOf(reader: PbfReader, end: number): WrittenSample {
  let [at, value, isStale] = [0, 0, false]
  for (let field = next(reader, end); field > 0; field = next(reader, end)) {
    if (field === 1) {
      expectWire(reader, wire.fixed64)
      if (reader.pos + 8 > end) throw broken()
      isStale = reader.dataView.getBigUint64(reader.pos, true) === staleNaNBits
      value = reader.readDouble()
    } else if (field === 2) {
      expectWire(reader, wire.varint)
      at = varint(reader, end, true)
    }
  }
  return { at, value, isStale }
}

const types = ['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset']

function metadataOf(reader: PbfReader, end: number): WrittenMetadata {
  let [type, metric, help, unit] = ['unknown', '', '', '']
  for (let field = next(reader, end); field > 0; field = next(reader, end)) {
    if (field === 1) {
      expectWire(reader, wire.varint)
      type = types[varint(reader, end)] ?? 'unknown'
    } else if (field === 2) metric = text(reader, end)
    else if (field === 4) help = text(reader, end)
    else if (field === 5) unit = text(reader, end)
  }
  return { metric, type, help, unit }
}

const wire = { varint: 0, fixed64: 1, bytes: 2 } as const

/** The next field's number, 0 at the end. What the last one held and was not read is skipped. */
function next(reader: PbfReader, end: number): number {
  const field = guarded(() => reader.nextField(end))
  if (reader.pos > end || (field === 0 && reader.pos < end)) throw broken()
  return field
}

function message<T>(reader: PbfReader, outerEnd: number, read: (reader: PbfReader, end: number) => T): T {
  const end = lengthEnd(reader, outerEnd)
  const result = read(reader, end)
  if (reader.pos !== end) throw broken()
  return result
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function text(reader: PbfReader, outerEnd: number): string {
  const end = lengthEnd(reader, outerEnd)
  const bytes = reader.buf.subarray(reader.pos, end)
  reader.pos = end
  return guarded(() => utf8.decode(bytes))
}

/** Where the value of a field that tells its length ends. */
function lengthEnd(reader: PbfReader, outerEnd: number): number {
  expectWire(reader, wire.bytes)
  const end = varint(reader, outerEnd) + reader.pos
  if (!(end <= outerEnd)) throw broken()
  return end
}

function varint(reader: PbfReader, end: number, isSigned = false): number {
  const value = guarded(() => reader.readVarint(isSigned))
  if (reader.pos > end) throw broken()
  return value
}

function expectWire(reader: PbfReader, expected: number): void {
  if (reader.type !== expected) throw broken()
}

/** What the reader throws of broken bytes is an answer to whoever sent them. */
function guarded<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw broken()
  }
}

const broken = () =>
  new AppError(
    'invalid',
    "The body is no remote-write request: its protobuf is broken. Expected Prometheus's version 1 (prometheus.WriteRequest).",
  )
