/** How a series changes over a range: counters with resets, gauges, and straight lines through them. */
import type { Samples } from '../../domain/series.ts'
import { addTo, newSum, totalOf } from '../kahan.ts'
import type { Identity, Ranges } from '../operands.ts'
import { failureAt } from '../problem.ts'
import type { FunctionName } from '../signatures.ts'
import { overWindows, type PromqlFunction, perWindow } from './function.ts'
import { countingPairs, put, windowSums } from './sliding.ts'

export const changeFunctions = {
  rate: extrapolated({ counter: true, perSecond: true }),
  increase: extrapolated({ counter: true, perSecond: false }),
  delta: extrapolated({ counter: false, perSecond: false }),
  irate: lastChange(true),
  idelta: lastChange(false),
  deriv: perWindow((samples, from, to) =>
    to - from < 2 ? null : lineThrough(samples, from, to, samples.times[from] ?? 0).slope,
  ),
  predict_linear: perWindow((samples, from, to, seconds, _second, at) => {
    if (to - from < 2) return null
    const { slope, intercept } = lineThrough(samples, from, to, at)
    return slope * seconds + intercept
  }),
  resets: countingPairs((before, after) => after < before),
  changes: countingPairs((before, after) => after !== before && !(Number.isNaN(after) && Number.isNaN(before))),
  double_exponential_smoothing: smoothed(),
  holt_winters: smoothed(),
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

/** A gap at an end of the range longer than this many average distances is not the scrape's rhythm any more. */
const extrapolationFactor = 1.1

/** Names of counters end in one of these. Source: prometheus.io/docs/practices/naming. */
const counterName = /(_total|_sum|_count|_bucket)$/

/**
 * The change over the range as if samples reached to both of its ends, but never below zero for a counter. Nothing for
 * fewer than two samples. Source: prometheus/promql/functions.go, extrapolatedRate of 3.x; of 2.x where ranges are closed.
 */
function extrapolated({ counter, perSecond }: { counter: boolean; perSecond: boolean }): PromqlFunction {
  const compute = overWindows(({ windows: { rangeMs, isClosed } }) => ({ times, values }, target) => {
    const lostBefore = counter ? lostInResets(values) : null
    return (step, from, to, end) => {
      const last = to - 1
      if (last <= from) return
      const first = values[from] ?? Number.NaN
      let change = (values[last] ?? Number.NaN) - first
      if (lostBefore) change += lostBefore(from, last)
      const sampledSeconds = ((times[last] ?? 0) - (times[from] ?? 0)) / 1000
      const meanDistance = sampledSeconds / (last - from)
      const limit = meanDistance * extrapolationFactor
      const toZero = counter && change > 0 && first >= 0 ? sampledSeconds * (first / change) : Number.POSITIVE_INFINITY
      let toStart = ((times[from] ?? 0) - (end - rangeMs)) / 1000
      let toEnd = (end - (times[last] ?? 0)) / 1000
      if (isClosed && toZero < toStart) toStart = toZero
      if (toStart >= limit) toStart = meanDistance / 2
      if (!isClosed && toZero < toStart) toStart = toZero
      if (toEnd >= limit) toEnd = meanDistance / 2
      const factor = (sampledSeconds + toStart + toEnd) / sampledSeconds
      put(target, step, change * (perSecond ? factor / (rangeMs / 1000) : factor))
    }
  })
  return (args, call, evaluation) => {
    const [ranges] = args
    const odd = counter && ranges?.type === 'matrix' ? oddCounterIn(ranges) : undefined
    if (odd) {
      const message = `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "${odd.name}"`
      evaluation.notes.inform(call.span, message)
    }
    return compute(args, call, evaluation)
  }
}

/** A series that has a rate and a name that is no counter's. */
function oddCounterIn({ rows, samples }: Ranges): Identity | undefined {
  return rows.find(({ name }, row) => name !== '' && !counterName.test(name) && (samples[row]?.times.length ?? 0) > 1)
}

/** What a counter lost in its resets behind one sample and up to another. Windows only move on; null: it had none. */
function lostInResets(values: Float64Array): ((from: number, last: number) => number) | null {
  const resets: number[] = []
  const lost: number[] = []
  for (let index = 1; index < values.length; index++) {
    const before = values[index - 1] ?? Number.NaN
    if (!((values[index] ?? Number.NaN) < before)) continue
    resets.push(index)
    lost.push(before)
  }
  if (resets.length === 0) return null
  const sumOf = windowSums()(lost)
  let [first, end] = [0, 0]
  return (from, last) => {
    while (first < resets.length && (resets[first] ?? 0) <= from) first++
    while (end < resets.length && (resets[end] ?? 0) <= last) end++
    return first < end ? totalOf(sumOf(first, end)) : 0
  }
}

function lastChange(perSecond: boolean): PromqlFunction {
  return overWindows(() => ({ times, values }, target) => (step, from, to) => {
    if (to - from < 2) return
    const [before, after] = [values[to - 2] ?? Number.NaN, values[to - 1] ?? Number.NaN]
    const seconds = ((times[to - 1] ?? 0) - (times[to - 2] ?? 0)) / 1000
    put(target, step, perSecond ? (after < before ? after : after - before) / seconds : after - before)
  })
}

/** Least squares; the slope per second and the value at `interceptAt`. A constant series has no slope, exactly. */
function lineThrough({ times, values }: Samples, from: number, to: number, interceptAt: number) {
  const first = values[from] ?? Number.NaN
  let isConstant = true
  const [sumX, sumY, sumXY, sumXX] = [newSum(), newSum(), newSum(), newSum()]
  for (let index = from; index < to; index++) {
    const x = ((times[index] ?? 0) - interceptAt) / 1000
    const y = values[index] ?? Number.NaN
    if (index > from && y !== first) isConstant = false
    addTo(sumX, x)
    addTo(sumY, y)
    addTo(sumXY, x * y)
    addTo(sumXX, x * x)
  }
  if (isConstant) {
    return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: Number.NaN, intercept: Number.NaN }
  }
  const count = to - from
  const covariance = totalOf(sumXY) - (totalOf(sumX) * totalOf(sumY)) / count
  const variance = totalOf(sumXX) - (totalOf(sumX) * totalOf(sumX)) / count
  const slope = covariance / variance
  return { slope, intercept: totalOf(sumY) / count - (slope * totalOf(sumX)) / count }
}

/** Holt's smoothing of level and trend. Source: prometheus/promql/functions.go, double_exponential_smoothing. */
function smoothed(): PromqlFunction {
  const compute = perWindow(({ values }, from, to, smoothing, trending) => {
    if (to - from < 2) return null
    let before = 0
    let level = values[from] ?? Number.NaN
    let trend = (values[from + 1] ?? Number.NaN) - level
    for (let index = from + 1; index < to; index++) {
      if (index > from + 1) trend = trending * (level - before) + (1 - trending) * trend
      const next = smoothing * (values[index] ?? Number.NaN) + (1 - smoothing) * (level + trend)
      before = level
      level = next
    }
    return level
  })
  return (args, call, evaluation) => {
    for (const [index, what, short] of [[1, 'smoothing', 'sf'] as const, [2, 'trend', 'tf'] as const]) {
      const factors = args[index]
      const odd = factors?.type === 'scalar' ? factors.values.find((factor) => !(factor > 0 && factor < 1)) : undefined
      const [ranges] = args
      if (odd === undefined || (ranges?.type === 'matrix' && ranges.rows.length === 0)) continue
      const words = `invalid ${what} factor. Expected: 0 < ${short} < 1, got: ${odd.toFixed(6)}`
      throw failureAt(evaluation.text, call.span.from, words)
    }
    return compute(args, call, evaluation)
  }
}
