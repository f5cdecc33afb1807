/** Remote-write requests as bytes, as a Prometheus makes them. */
import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'
import { staleNaNBits } from '#shared/domain/series.ts'

export interface Written {
  /** In the order they are written. */
  readonly labels: readonly (readonly [string, string])[]
  /** A value of `stale` is Prometheus's marker. */
  readonly samples: readonly (readonly [at: number, value: number | 'stale'])[]
}

export function writeRequest(series: readonly Written[], metadata: readonly { metric: string; help: string }[] = []) {
  const out = new PbfWriter()
  for (const one of series) out.writeMessage(1, writeSeries, one)
  for (const one of metadata) out.writeMessage(3, writeMetadata, one)
  return out.finish()
}

export const packed = (bytes: Uint8Array): Uint8Array => compress(new Uint8Array(bytes))

function writeSeries({ labels, samples }: Written, out: PbfWriter) {
  for (const label of labels) out.writeMessage(1, writeLabel, label)
  for (const sample of samples) out.writeMessage(2, writeSample, sample)
}

function writeLabel([name, value]: readonly [string, string], out: PbfWriter) {
  out.writeStringField(1, name)
  out.writeStringField(2, value)
}

function writeSample([at, value]: readonly [number, number | 'stale'], out: PbfWriter) {
  if (value === 'stale') {
    out.writeTag(1, 1)
    out.writeFixed32(Number(staleNaNBits & 0xffffffffn))
    out.writeFixed32(Number(staleNaNBits >> 32n))
  } else out.writeDoubleField(1, value)
  out.writeVarintField(2, at)
}

function writeMetadata({ metric, help }: { metric: string; help: string }, out: PbfWriter) {
  out.writeVarintField(1, 1)
  out.writeStringField(2, metric)
  out.writeStringField(4, help)
}
