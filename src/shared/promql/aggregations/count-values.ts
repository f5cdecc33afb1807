/** count_values: how often each value occurs in a group, with the value as a label. */
import type { Aggregation } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { merged, type Vector, vectorBuilder, withLabel } from '../operands.ts'
import { failureAt } from '../problem.ts'
import { shownDigits } from '../shown-number.ts'
import type { Steps } from '../steps.ts'
import type { Groups } from './grouping.ts'

export function* countValues(
  vector: Vector,
  { groups }: Groups,
  label: string,
  expr: Aggregation,
  evaluation: Evaluation,
): Steps<Vector> {
  if (label === '')
    throw failureAt(
      evaluation.text,
      expr.span.from,
      'invalid label name ""',
      'count_values needs a label for the values',
    )
  const { count } = evaluation.grid
  const builder = vectorBuilder(groups.length, evaluation)
  for (const { identity, rows } of groups) {
    const bases = new Map<string, number>()
    for (const row of rows) {
      for (let step = 0; step < count; step++) {
        if (vector.present[row * count + step] !== 1) continue
        const text = shownDigits(vector.values[row * count + step] ?? Number.NaN)
        const base = bases.get(text) ?? builder.add(withLabel(identity, label, text))
        bases.set(text, base)
        builder.values[base + step] = (builder.values[base + step] ?? 0) + 1
        builder.present[base + step] = 1
      }
      if (evaluation.effort.spend(20 * count)) yield
    }
  }
  return yield* merged(builder.build(), expr.span, evaluation)
}
