/** `*_over_time`: a range becomes one value. Ranges are never empty. */

import { reductions } from '../aggregations.ts'
import { meanOf, sumOf } from '../kahan.ts'
import { overRange, type PromqlFunction } from './function.ts'

const reduced = (name: 'min' | 'max') => overRange(({ values }) => reductions[name]?.([...values]) ?? null)

export const overTimeFunctions: Readonly<Record<string, PromqlFunction>> = {
  avg_over_time: overRange(({ values }) => meanOf(values)),
  min_over_time: reduced('min'),
  max_over_time: reduced('max'),
  sum_over_time: overRange(({ values }) => sumOf(values)),
  count_over_time: overRange(({ values }) => values.length),
  last_over_time: overRange(({ values }) => values.at(-1) ?? null, { keepsName: true }),
  present_over_time: overRange(() => 1),
}
