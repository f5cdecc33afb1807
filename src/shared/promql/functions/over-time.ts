/** `*_over_time`: a range becomes one value. Ranges are never empty. */

import { leastOf, mostOf } from '../aggregations.ts'
import { meanOf, sumOf } from '../kahan.ts'
import { quantileOf } from '../quantile.ts'
import { overRange, type PromqlFunction, scalarOf } from './function.ts'

/** The number comes first here. */
const quantileOverTime: PromqlFunction = {
  args: ['scalar', 'matrix'],
  returns: 'vector',
  call(args, expr, evaluation) {
    const q = scalarOf(args[0])
    return overRange(({ values }) => quantileOf(values, q)).call(args.slice(1), expr, evaluation)
  },
}

export const overTimeFunctions: Readonly<Record<string, PromqlFunction>> = {
  avg_over_time: overRange(({ values }) => meanOf(values)),
  min_over_time: overRange(({ values }) => leastOf([...values])),
  max_over_time: overRange(({ values }) => mostOf([...values])),
  sum_over_time: overRange(({ values }) => sumOf(values)),
  count_over_time: overRange(({ values }) => values.length),
  last_over_time: overRange(({ values }) => values.at(-1) ?? null, { keepsName: true }),
  quantile_over_time: quantileOverTime,
  present_over_time: overRange(() => 1),
}
