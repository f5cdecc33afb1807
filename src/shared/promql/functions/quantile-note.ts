import type { Span } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { shownNumber } from '../shown-number.ts'

/** Warns of quantiles that are none. */
export function noteQuantile(quantiles: Float64Array, span: Span, { notes }: Evaluation): void {
  const odd = quantiles.find((q) => !(q >= 0 && q <= 1))
  if (odd !== undefined) notes.warn(span, `quantile value should be between 0 and 1, got ${shownNumber(odd)}`)
}
