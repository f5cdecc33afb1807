/**
 * Sums, extremes and the like over windows that overlap: each sample is added twice at most, and none is ever taken
 * away, which would lose precision. The window is a front whose tails are summed up from its end, and a back that grows;
 * when the front is used up, the whole window becomes the front.
 */
import type { Samples } from '../../domain/series.ts'
import { addTo, newSum, type Running, totalOf } from '../kahan.ts'
import type { WindowVisitor } from '../windows.ts'
import { overWindows, type PromqlFunction, type Target } from './function.ts'

/** Sum with its compensation, of a window's samples; `finish` gets it once for each window. */
export function slidingSum(
  finish: (sum: Running, samples: Samples, from: number, to: number) => number,
): PromqlFunction {
  return overWindows(() => {
    const sums = windowSums()
    return (samples, target) => {
      const sumOf = sums(samples.values)
      return (step, from, to) => put(target, step, finish(sumOf(from, to), samples, from, to))
    }
  })
}

/**
 * Sums of `values[from, to)`, compensated, for windows that only move on. One array after the other; the sum is good
 * until the next is asked for.
 */
export function windowSums(): (values: ArrayLike<number>) => (from: number, to: number) => Running {
  let sums = new Float64Array(0)
  let compensations = new Float64Array(0)
  return (values) => {
    if (sums.length < values.length) {
      sums = new Float64Array(values.length)
      compensations = new Float64Array(values.length)
    }
    const back = newSum()
    const window = newSum()
    let frontEnd = 0
    let backEnd = 0
    return (from, to) => {
      if (from >= frontEnd) {
        clear(back)
        clear(window)
        for (let index = to - 1; index >= from; index--) {
          addTo(window, values[index] ?? Number.NaN)
          sums[index] = window.sum
          compensations[index] = window.compensation
        }
        frontEnd = to
      } else {
        for (let index = backEnd; index < to; index++) addTo(back, values[index] ?? Number.NaN)
        window.sum = sums[from] ?? Number.NaN
        window.compensation = compensations[from] ?? 0
        if (to > frontEnd) {
          addTo(window, back.sum)
          window.compensation += back.compensation
        }
      }
      backEnd = to
      return window
    }
  }
}

function clear(running: Running): void {
  running.sum = 0
  running.compensation = 0
}

export const sumOverTime = slidingSum((sum) => totalOf(sum))

/** The least or the greatest by `isBetter`; NaN counts only where there is nothing else. */
export function slidingExtreme(isBetter: (candidate: number, best: number) => boolean): PromqlFunction {
  const better = (candidate: number, best: number) =>
    isBetter(candidate, best) || Number.isNaN(best) ? candidate : best
  return overWindows(() => {
    let bests = new Float64Array(0)
    return ({ values }, target) => {
      if (bests.length < values.length) bests = new Float64Array(values.length)
      let frontEnd = 0
      let backEnd = 0
      let back = Number.NaN
      return (step, from, to) => {
        let window = Number.NaN
        if (from >= frontEnd) {
          for (let index = to - 1; index >= from; index--) {
            window = better(values[index] ?? Number.NaN, window)
            bests[index] = window
          }
          frontEnd = to
          back = Number.NaN
        } else {
          for (let index = backEnd; index < to; index++) back = better(values[index] ?? Number.NaN, back)
          window = better(back, bests[from] ?? Number.NaN)
        }
        backEnd = to
        put(target, step, window)
      }
    }
  })
}

/** A function of where a window begins and ends. */
export function byEnds(
  compute: (samples: Samples, from: number, to: number) => number,
  options: { keepsName?: boolean } = {},
): PromqlFunction {
  return overWindows(
    () =>
      (samples, target): WindowVisitor =>
      (step, from, to) =>
        put(target, step, compute(samples, from, to)),
    options,
  )
}

/** How many neighbours within a window `differ`: counted once for the series. */
export function countingPairs(differ: (before: number, after: number) => boolean): PromqlFunction {
  return overWindows(() => ({ values }, target) => {
    const counts = new Float64Array(values.length)
    for (let index = 1; index < values.length; index++) {
      const isCounted = differ(values[index - 1] ?? Number.NaN, values[index] ?? Number.NaN)
      counts[index] = (counts[index - 1] ?? 0) + (isCounted ? 1 : 0)
    }
    return (step, from, to) => put(target, step, (counts[to - 1] ?? 0) - (counts[from] ?? 0))
  })
}

export function put({ values, present, base }: Target, step: number, value: number): void {
  values[base + step] = value
  present[base + step] = 1
}
