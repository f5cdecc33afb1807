import { AppError } from '../contract/errors.ts'

/**
 * What is wrong with an expression, as an AppError `invalid` whose message begins with `line:column` (both from 1) and
 * whose issue path is the same.
 */
export function problemAt(text: string, offset: number, message: string): AppError {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const position = `${line}:${offset - before.lastIndexOf('\n')}`
  return new AppError('invalid', `${position}: ${message}`, [{ path: position, message }])
}
