import { AppError } from '../contract/errors.ts'

/** `line:column`, both from 1, of an offset into an expression's text. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset)
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`
}

/**
 * What is wrong with an expression, as an AppError `invalid` whose message begins with `line:column` (both from 1) and
 * whose issue path is the same.
 */
export function problemAt(text: string, offset: number, message: string): AppError {
  return placed('invalid', text, offset, message)
}

/**
 * The expression is right and the data do not fit it: an AppError `unprocessable` of the same form. `words` are
 * Prometheus's own, which people look for; what to do about it stands behind them.
 */
export function failureAt(text: string, offset: number, words: string, advice?: string): AppError {
  return placed('unprocessable', text, offset, advice === undefined ? words : `${words}. ${advice}`)
}

function placed(code: 'invalid' | 'unprocessable', text: string, offset: number, message: string): AppError {
  const position = positionOf(text, offset)
  return new AppError(code, `${position}: ${message}`, [{ path: position, message }])
}
