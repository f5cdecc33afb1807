/** How a series changes over a range: counters with resets, gauges, and straight lines through them. */
import { addTo, newSum, totalOf } from '../kahan.ts'
import type { RangeSeries, RangeWindow } from '../values.ts'
import { overRange, type PromqlFunction } from './function.ts'

export const changeFunctions: Readonly<Record<string, PromqlFunction>> = {
  rate: overRange((series, window) => extrapolated(series, window, { counter: true, perSecond: true })),
  increase: overRange((series, window) => extrapolated(series, window, { counter: true, perSecond: false })),
  delta: overRange((series, window) => extrapolated(series, window, { counter: false, perSecond: false })),
  irate: overRange((series) => lastChange(series, true)),
  idelta: overRange((series) => lastChange(series, false)),
  deriv: overRange((series) => (series.times.length < 2 ? null : lineThrough(series, series.times[0] ?? 0).slope)),
  predict_linear: overRange(
    (series, _window, seconds, at) => {
      if (series.times.length < 2) return null
      const { slope, intercept } = lineThrough(series, at)
      return slope * seconds + intercept
    },
    { parameter: true },
  ),
  resets: overRange((series) => countPairs(series, (before, after) => after < before)),
  changes: overRange((series) =>
    countPairs(series, (before, after) => after !== before && !(Number.isNaN(after) && Number.isNaN(before))),
  ),
}

/** A gap at an end of the range longer than this many average distances is not the scrape's rhythm any more. */
const extrapolationFactor = 1.1

/**
 * The change over the range as if samples reached to both of its ends, but never below zero for a counter. Null for
 * fewer than two samples. Source: prometheus/promql/functions.go (3.x), extrapolatedRate.
 */
function extrapolated(
  { times, values }: RangeSeries,
  window: RangeWindow,
  { counter, perSecond }: { counter: boolean; perSecond: boolean },
): number | null {
  const last = times.length - 1
  if (last < 1) return null
  const first = values[0] ?? 0
  let change = (values[last] ?? 0) - first
  if (counter) {
    for (let index = 1; index <= last; index++) {
      const before = values[index - 1] ?? 0
      if ((values[index] ?? 0) < before) change += before
    }
  }
  const sampledSeconds = ((times[last] ?? 0) - (times[0] ?? 0)) / 1000
  const meanDistance = sampledSeconds / last
  const limit = meanDistance * extrapolationFactor
  let toStart = ((times[0] ?? 0) - window.from) / 1000
  let toEnd = (window.to - (times[last] ?? 0)) / 1000
  if (toStart >= limit) toStart = meanDistance / 2
  if (counter && change > 0 && first >= 0) toStart = Math.min(toStart, sampledSeconds * (first / change))
  if (toEnd >= limit) toEnd = meanDistance / 2
  const factor = (sampledSeconds + toStart + toEnd) / sampledSeconds
  return change * (perSecond ? factor / ((window.to - window.from) / 1000) : factor)
}

function lastChange({ times, values }: RangeSeries, perSecond: boolean): number | null {
  const last = times.length - 1
  if (last < 1) return null
  const [before, after] = [values[last - 1] ?? 0, values[last] ?? 0]
  if (!perSecond) return after - before
  return (after < before ? after : after - before) / (((times[last] ?? 0) - (times[last - 1] ?? 0)) / 1000)
}

function countPairs({ values }: RangeSeries, counts: (before: number, after: number) => boolean): number {
  let count = 0
  for (let index = 1; index < values.length; index++) {
    if (counts(values[index - 1] ?? 0, values[index] ?? 0)) count++
  }
  return count
}

/** Least squares; the slope per second and the value at `interceptAt`. A constant series has no slope, exactly. */
function lineThrough({ times, values }: RangeSeries, interceptAt: number): { slope: number; intercept: number } {
  const first = values[0] ?? 0
  if (values.every((value) => value === first)) {
    return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: Number.NaN, intercept: Number.NaN }
  }
  const [sumX, sumY, sumXY, sumXX] = [newSum(), newSum(), newSum(), newSum()]
  for (let index = 0; index < times.length; index++) {
    const x = ((times[index] ?? 0) - interceptAt) / 1000
    const y = values[index] ?? 0
    addTo(sumX, x)
    addTo(sumY, y)
    addTo(sumXY, x * y)
    addTo(sumXX, x * x)
  }
  const count = times.length
  const covariance = totalOf(sumXY) - (totalOf(sumX) * totalOf(sumY)) / count
  const variance = totalOf(sumXX) - (totalOf(sumX) * totalOf(sumX)) / count
  const slope = covariance / variance
  return { slope, intercept: totalOf(sumY) / count - (slope * totalOf(sumX)) / count }
}
