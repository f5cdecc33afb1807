/**
 * Variables are no PromQL. To say what is wrong with an expression, each is replaced by something that is, of the same
 * length where that is possible, so that the places of problems are those of the text as it is written. Pure.
 */
import type { ExpressionProblem } from '../../ui/promql-editor/expression-problem.ts'

export interface CheckedText {
  readonly text: string
  /** Replacements of another length: from there on, places are off by `by`. In the text that is checked. */
  readonly shifts: readonly { readonly at: number; readonly by: number }[]
}

const reference = /\$\{\w+(?::[\w-]+)?\}|\$\w+/g

export function checkedText(expr: string): CheckedText {
  const shifts: { at: number; by: number }[] = []
  let shift = 0
  const text = expr.replace(reference, (whole: string, offset: number) => {
    const stand = standIn(whole, expr, offset)
    const by = whole.length - stand.length
    shift += by
    if (by !== 0) shifts.push({ at: offset - (shift - by) + stand.length, by: shift })
    return stand
  })
  return { text, shifts }
}

/** In a range or after `offset` a duration; in a string and elsewhere a word of the same length. */
function standIn(reference: string, expr: string, offset: number): string {
  const before = expr.slice(0, offset)
  if (/\[[^\]"']*$/.test(before) || /\boffset\s+-?$/.test(before)) return '5m'
  if (/(?:topk|bottomk|quantile)\s*\($/.test(before) || /[-+*/%^<>=!]\s*$/.test(before))
    return '1'.repeat(Math.min(9, reference.length))
  return `v${'_'.repeat(reference.length - 1)}`
}

/** The same problems at their places in the text as it is written. */
export function problemsInText(
  { shifts }: CheckedText,
  problems: readonly ExpressionProblem[],
): readonly ExpressionProblem[] {
  const written = (at: number) => at + (shifts.findLast((shift) => shift.at <= at)?.by ?? 0)
  return problems.map((problem) => ({ ...problem, from: written(problem.from), to: written(problem.to) }))
}
