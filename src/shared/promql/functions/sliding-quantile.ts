/** Quantiles of windows that overlap: the window's values are kept in order, and only what comes and goes is moved. */
import { overWindows, type PromqlFunction } from './function.ts'
import { put } from './sliding.ts'

export function slidingQuantile(): PromqlFunction {
  return overWindows(({ parameters: [quantiles] }) => {
    let room = new Float64Array(0)
    return ({ values }, target) => {
      if (room.length < values.length) room = new Float64Array(values.length)
      const window = orderedWindow(room)
      let [start, end] = [0, 0]
      return (step, from, to) => {
        // Where most of it is new, sorting is cheaper than moving.
        if (from - start + (to - end) > (to - from) / 2) window.replace(values, from, to)
        else {
          for (let index = start; index < from; index++) window.remove(values[index] ?? Number.NaN)
          for (let index = end; index < to; index++) window.add(values[index] ?? Number.NaN)
        }
        start = from
        end = to
        put(target, step, window.quantile(quantiles?.[step] ?? Number.NaN))
      }
    }
  })
}

/** The numbers of a window in `room`, ascending; those that are none are counted and come first. */
function orderedWindow(room: Float64Array) {
  let size = 0
  let nans = 0

  /** The first place whose number is not less. */
  const placeOf = (value: number): number => {
    let [low, high] = [0, size]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((room[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
  const at = (rank: number) => (rank < nans ? Number.NaN : (room[rank - nans] ?? Number.NaN))

  return {
    replace(values: Float64Array, from: number, to: number): void {
      size = 0
      nans = 0
      for (let index = from; index < to; index++) {
        const value = values[index] ?? Number.NaN
        if (Number.isNaN(value)) nans++
        else room[size++] = value
      }
      room.subarray(0, size).sort()
    },
    add(value: number): void {
      if (Number.isNaN(value)) {
        nans++
        return
      }
      const place = placeOf(value)
      room.copyWithin(place + 1, place, size)
      room[place] = value
      size++
    },
    remove(value: number): void {
      if (Number.isNaN(value)) {
        nans--
        return
      }
      const place = placeOf(value)
      room.copyWithin(place, place + 1, size)
      size--
    },
    /** As quantileOf. */
    quantile(q: number): number {
      const count = size + nans
      if (count === 0 || Number.isNaN(q)) return Number.NaN
      if (q < 0) return Number.NEGATIVE_INFINITY
      if (q > 1) return Number.POSITIVE_INFINITY
      const rank = q * (count - 1)
      const lower = Math.floor(rank)
      const weight = rank - lower
      return at(lower) * (1 - weight) + at(Math.min(count - 1, lower + 1)) * weight
    },
  }
}
