/** What an expression is, or what is wrong with it and where: for editors, which ask at every pause in typing. */
import { AppError } from '#shared/contract/errors.ts'
import type { Matcher } from '#shared/domain/series.ts'
import { unwrapped, type ValueType } from '#shared/promql/ast.ts'
import { checkTypes } from '#shared/promql/check.ts'
import { selectorsIn } from '#shared/promql/fetches.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import type { CheckedExpression } from './messages.ts'

export function checkExpression(text: string): CheckedExpression {
  try {
    const { expr } = parseExpression(text)
    return { type: checkTypes(expr, text), problems: [], metrics: metricsIn({ text, expr }) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { path = '', message = error.message } = error.issues[0] ?? {}
    const from = offsetOf(text, path)
    return { type: null, problems: [{ message, from, to: wordEnd(text, from) }], metrics: [] }
  }
}

/** As `parsePromql`, with an answer for texts that nest deeper than the stack. */
export function parseExpression(text: string): Parsed {
  try {
    return parsePromql(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new AppError('invalid', '1:1: expected an expression that nests less deeply', [])
  }
}

export const typeOf = ({ expr, text }: Parsed): ValueType => checkTypes(expr, text)

/** The matchers of a vector selector such as `{job="a"}`, as in `match[]`. AppError `invalid` for anything else. */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = unwrapped(parseExpression(text).expr)
  if (expr.type === 'vector-selector' && expr.offsetMs === 0) return expr.matchers
  throw new AppError('invalid', `expected a vector selector such as up{job="node"}, got "${text.slice(0, 60)}"`)
}

function metricsIn({ expr }: Parsed): string[] {
  const names = selectorsIn(expr).flatMap(({ selector }) =>
    selector.matchers.filter(({ label, op }) => label === '__name__' && op === '=').map(({ value }) => value),
  )
  return [...new Set(names)].sort()
}

/** Of `line:column`, both from 1; the beginning where there is no position. */
function offsetOf(text: string, position: string): number {
  const [line = 1, column = 1] = position.split(':').map(Number)
  const before = text.split('\n').slice(0, line - 1)
  const offset = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
  return Number.isFinite(offset) ? Math.min(Math.max(0, offset), text.length) : 0
}

/** What is marked: the word or sign that begins there. */
function wordEnd(text: string, from: number): number {
  const word = /^(?:[\w:.]+|\S)/.exec(text.slice(from))?.[0] ?? ''
  return Math.min(text.length, from + Math.max(1, word.length))
}
