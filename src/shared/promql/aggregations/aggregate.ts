/** Aggregations: many samples of a group become one, or the group's best are picked, at every step. */
import type { Aggregation } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { noteQuantile } from '../functions/quantile-note.ts'
import { type Operand, scalarOf, textOf, type Vector } from '../operands.ts'
import type { Steps } from '../steps.ts'
import { countValues } from './count-values.ts'
import { type Groups, groupsOf } from './grouping.ts'
import { averages, counts, extremes, quantiles, sums, variances } from './reduce.ts'
import { best } from './select.ts'

export function* aggregate(
  expr: Aggregation,
  vector: Vector,
  parameter: Operand | null,
  evaluation: Evaluation,
): Steps<Vector> {
  const groups = yield* groupsOf(vector, expr.grouping, evaluation)
  return yield* aggregated(expr, vector, groups, parameter, evaluation)
}

function aggregated(
  expr: Aggregation,
  vector: Vector,
  groups: Groups,
  parameter: Operand | null,
  evaluation: Evaluation,
): Steps<Vector> {
  switch (expr.op) {
    case 'sum':
      return sums(vector, groups, evaluation)
    case 'avg':
      return averages(vector, groups, evaluation)
    case 'count':
      return counts(vector, groups, evaluation, (count) => count)
    case 'group':
      return counts(vector, groups, evaluation, () => 1)
    case 'min':
      return extremes(vector, groups, evaluation, (candidate, least) => candidate < least)
    case 'max':
      return extremes(vector, groups, evaluation, (candidate, most) => candidate > most)
    case 'stddev':
      return variances(vector, groups, evaluation, Math.sqrt)
    case 'stdvar':
      return variances(vector, groups, evaluation, (variance) => variance)
    case 'quantile': {
      const q = scalarOf(parameter ?? undefined)
      noteQuantile(q, expr.span, evaluation)
      return quantiles(vector, groups, evaluation, q)
    }
    case 'topk':
      return best(vector, groups, scalarOf(parameter ?? undefined), (a, b) => b - a, expr, evaluation)
    case 'bottomk':
      return best(vector, groups, scalarOf(parameter ?? undefined), (a, b) => a - b, expr, evaluation)
    case 'count_values':
      return countValues(vector, groups, textOf(parameter ?? undefined), expr, evaluation)
  }
}
