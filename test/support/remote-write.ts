/** Samples as a remote-write request: protobuf in a snappy block. Stale markers keep their bits. */
import type { SelectedSeries } from '#shared/domain/series.ts'

/** The body of a POST to /api/v1/write. */
export function remoteWriteBody(
  series: readonly Pick<SelectedSeries, 'name' | 'labels' | 'times' | 'values'>[],
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(snappyBlock(Buffer.concat(series.map((one) => message(1, timeSeries(one))))))
}

export const remoteWriteHeaders = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

function timeSeries({
  name,
  labels,
  times,
  values,
}: Pick<SelectedSeries, 'name' | 'labels' | 'times' | 'values'>): Buffer {
  const named = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1))
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return Buffer.concat([
    ...named.map(([label, value]) => message(1, Buffer.concat([text(1, label), text(2, value)]))),
    ...Array.from(times, (at, index) => message(2, sample(at, bytes.subarray(index * 8, index * 8 + 8)))),
  ])
}

/** `double`: eight bytes, little-endian, as typed arrays have them on all machines that Belfry runs on. */
const sample = (at: number, double: Buffer) =>
  Buffer.concat([tag(1, 1), double, tag(2, 0), varint(BigInt.asUintN(64, BigInt(at)))])

const text = (field: number, value: string) => message(field, Buffer.from(value))

const message = (field: number, body: Buffer) => Buffer.concat([tag(field, 2), varint(BigInt(body.length)), body])

const tag = (field: number, wireType: number) => Buffer.of((field << 3) | wireType)

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

/** A literal may hold so many bytes when its length takes three. */
const longestLiteral = 1 << 24

/** Everything as literals, nothing compressed. Source: github.com/google/snappy/blob/main/format_description.txt. */
function snappyBlock(body: Buffer): Buffer {
  const parts = [varint(BigInt(body.length))]
  for (let from = 0; from < body.length; from += longestLiteral) {
    const literal = body.subarray(from, from + longestLiteral)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(literal.length - 1)
    parts.push(Buffer.of(62 << 2), length.subarray(0, 3), literal)
  }
  return Buffer.concat(parts)
}
