/**
 * The least that a general compressor at its strongest makes of the same samples: each series as one column of a whole
 * day, laid out in whichever of four ways suits it best, zstd at level 19. It can answer no question without undoing
 * all of it, and takes seconds where the store takes milliseconds: a floor, not a competitor.
 */
import { constants, zstdCompressSync } from 'node:zlib'
import type { Recording } from './chunk-store-recording.ts'

const strongest = { params: { [constants.ZSTD_c_compressionLevel]: 19 } }

/** Bytes a sample. */
export function compressionFloor({ times, columns }: Recording): number {
  const timeBytes = compressed(bytesOf(differences(times)))
  const bytes = columns.reduce((sum, values) => sum + timeBytes + smallest(values), 0)
  return bytes / (times.length * columns.length)
}

function smallest(values: Float64Array): number {
  const steps = differences(values)
  return Math.min(...[values, steps].flatMap((column) => [bytesOf(column), planesOf(column)]).map(compressed))
}

const compressed = (bytes: Uint8Array) => zstdCompressSync(bytes, strongest).length

const bytesOf = (column: Float64Array) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)

/** All first bytes, then all second ones: bytes of a kind compress better side by side. */
function planesOf(column: Float64Array): Uint8Array {
  const bytes = bytesOf(column)
  const planes = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) planes[(i % 8) * column.length + Math.floor(i / 8)] = bytes[i] ?? 0
  return planes
}

/** The first value stays. Rounding makes it a little lossy, which only lowers the floor. */
const differences = (column: Float64Array) => column.map((value, i) => (i === 0 ? value : value - (column[i - 1] ?? 0)))
