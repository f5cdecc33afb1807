/** `*_over_time`: a range becomes one value. */
import type { Samples } from '../../domain/series.ts'
import { addTo, meanOf, meanOfSum, newSum, totalOf } from '../kahan.ts'
import { quantileOf } from '../quantile.ts'
import type { FunctionName } from '../signatures.ts'
import { type PromqlFunction, perWindow } from './function.ts'
import { noteQuantile } from './quantile-note.ts'
import { byEnds, slidingExtreme, slidingSum, sumOverTime } from './sliding.ts'
import { slidingQuantile } from './sliding-quantile.ts'

export const overTimeFunctions = {
  avg_over_time: slidingSum((sum, { values }, from, to) =>
    Number.isFinite(sum.sum) ? meanOfSum(sum, to - from) : meanOf(values, from, to),
  ),
  min_over_time: slidingExtreme((candidate, best) => candidate < best),
  max_over_time: slidingExtreme((candidate, best) => candidate > best),
  sum_over_time: sumOverTime,
  count_over_time: byEnds((_samples, from, to) => to - from),
  first_over_time: byEnds(({ values }, from) => values[from] ?? Number.NaN, { keepsName: true }),
  last_over_time: byEnds(({ values }, _from, to) => values[to - 1] ?? Number.NaN, { keepsName: true }),
  present_over_time: byEnds(() => 1),
  ts_of_first_over_time: byEnds(({ times }, from) => (times[from] ?? 0) / 1000),
  ts_of_last_over_time: byEnds(({ times }, _from, to) => (times[to - 1] ?? 0) / 1000),
  ts_of_max_over_time: instantOf((candidate, best) => candidate >= best),
  ts_of_min_over_time: instantOf((candidate, best) => candidate <= best),
  stddev_over_time: perWindow(({ values }, from, to) => Math.sqrt(varianceOf(values, from, to))),
  stdvar_over_time: perWindow(({ values }, from, to) => varianceOf(values, from, to)),
  mad_over_time: perWindow(({ values }, from, to) => {
    const window = values.subarray(from, to)
    const median = quantileOf(window, 0.5)
    return quantileOf(
      window.map((value) => Math.abs(value - median)),
      0.5,
    )
  }),
  quantile_over_time: quantileOverTime(),
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

/** When the extreme was last seen. */
function instantOf(isBetter: (candidate: number, best: number) => boolean): PromqlFunction {
  return perWindow(({ times, values }: Samples, from, to) => {
    let best = from
    for (let index = from; index < to; index++) {
      const bestValue = values[best] ?? Number.NaN
      if (isBetter(values[index] ?? Number.NaN, bestValue) || Number.isNaN(bestValue)) best = index
    }
    return (times[best] ?? 0) / 1000
  })
}

/** Source: B. P. Welford (1962), with compensated sums. */
function varianceOf(values: Float64Array, from: number, to: number): number {
  const mean = newSum()
  const squares = newSum()
  for (let index = from; index < to; index++) {
    const value = values[index] ?? Number.NaN
    const delta = value - totalOf(mean)
    addTo(mean, delta / (index - from + 1))
    addTo(squares, delta * (value - totalOf(mean)))
  }
  return totalOf(squares) / (to - from)
}

function quantileOverTime(): PromqlFunction {
  const compute = slidingQuantile()
  return (args, call, evaluation) => {
    const [q] = args
    if (q?.type === 'scalar') noteQuantile(q.values, call.span, evaluation)
    return compute(args, call, evaluation)
  }
}
