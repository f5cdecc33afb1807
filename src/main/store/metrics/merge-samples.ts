/** Several stretches of one series become one. */
import type { Samples } from '#shared/domain/series.ts'

export const noSamples: Samples = { times: new Float64Array(), values: new Float64Array() }

/**
 * Parts in order of precedence: of samples of the same instant the one from the later part stays. Each part ascends;
 * parts may overlap, though they hardly ever do. Values move by their bits.
 */
export function mergeSamples(parts: readonly Samples[]): Samples {
  const filled = parts.filter((part) => part.times.length > 0)
  if (filled.length <= 1) return filled[0] ?? noSamples
  const inOrder = [...filled].sort((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0))
  const isDisjoint = inOrder.every((part, i) => i === 0 || lastTime(inOrder[i - 1]) < (part.times[0] ?? 0))
  return isDisjoint ? concatenate(inOrder) : lastWins(concatenate(filled))
}

/** The samples in `[from, to)`: views, not copies. */
export function clipSamples({ times, values }: Samples, from: number, to: number): Samples {
  const start = lowerBound(times, from)
  const end = lowerBound(times, to)
  if (start === 0 && end === times.length) return { times, values }
  return { times: times.subarray(start, end), values: values.subarray(start, end) }
}

/** Sorts by time; of equal instants the one that came later stays. */
export function lastWins({ times, values }: Samples): Samples {
  const order = Uint32Array.from(times, (_, i) => i)
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
  const kept = order.filter((index, i) => times[index] !== times[order[i + 1] ?? -1])
  const sorted = { times: new Float64Array(kept.length), values: new Float64Array(kept.length) }
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const to = new Uint32Array(sorted.values.buffer)
  kept.forEach((index, i) => {
    sorted.times[i] = times[index] ?? 0
    to[i * 2] = from[index * 2] ?? 0
    to[i * 2 + 1] = from[index * 2 + 1] ?? 0
  })
  return sorted
}

function concatenate(parts: readonly Samples[]): Samples {
  const length = parts.reduce((sum, part) => sum + part.times.length, 0)
  const all = { times: new Float64Array(length), values: new Float64Array(length) }
  let at = 0
  for (const part of parts) {
    all.times.set(part.times, at)
    all.values.set(part.values, at)
    at += part.times.length
  }
  return all
}

const lastTime = (part: Samples | undefined) => part?.times[part.times.length - 1] ?? Number.NEGATIVE_INFINITY

/** Index of the first time that is not before `at`. */
function lowerBound(times: Float64Array, at: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low
}
