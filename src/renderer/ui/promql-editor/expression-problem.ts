/** Something wrong with an expression, at its place in the text. */
export interface ExpressionProblem {
  readonly message: string
  /** Half-open, in UTF-16 units from the start of the text. Both the same: something is missing there. */
  readonly from: number
  readonly to: number
}

/** Where a problem begins, as people count: `1:14`, line and column from 1. */
export function placeWords(text: string, { from }: Pick<ExpressionProblem, 'from'>): string {
  const before = text.slice(0, Math.max(0, from))
  const line = before.split('\n').length
  const column = before.length - (before.lastIndexOf('\n') + 1) + 1
  return `${line}:${column}`
}
