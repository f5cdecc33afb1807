import type { Span } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import { problemAt } from './problem.ts'
import { eachOf, type Steps } from './steps.ts'
import { labelKey, showLabels, type Vector } from './values.ts'

/** The vector itself; throws AppError `invalid` when two of its samples have the same labels. */
export function* refuseDoubles(vector: Vector, span: Span, evaluation: Evaluation): Steps<Vector> {
  if (vector.samples.length < 2) return vector
  const seen = new Set<string>()
  yield* eachOf(vector.samples, ({ labels }) => {
    const key = labelKey(labels)
    if (seen.has(key)) {
      const message = `the result would hold ${showLabels(labels)} twice; aggregate, or select one metric`
      throw problemAt(evaluation.text, span.from, message)
    }
    seen.add(key)
  })
  return vector
}
