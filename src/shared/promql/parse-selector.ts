/** Selectors, and what stands behind them: ranges, offsets, `@`. */
import type { SyntaxNode } from '@lezer/common'
import { AppError } from '../contract/errors.ts'
import { compileMatcher } from '../domain/matchers.ts'
import type { Matcher } from '../domain/series.ts'
import type { At, Expr, MatrixSelector, Moment, Span, Subquery, VectorSelector } from './ast.ts'
import { parseNumber } from './literals.ts'
import { problemAt } from './problem.ts'
import { children, need, stringOf, textOf } from './tree.ts'

export function selectorOf(node: SyntaxNode, text: string): VectorSelector {
  const identifier = node.getChild('Identifier')
  const matchers: Matcher[] = []
  if (identifier) matchers.push({ label: '__name__', op: '=', value: textOf(identifier, text) })
  for (const matcher of children(node.getChild('LabelMatchers'))) {
    if (matcher.name === 'QuotedLabelName') {
      matchers.push({ label: '__name__', op: '=', value: stringOf(need(matcher, 'StringLiteral', text), text) })
    } else if (matcher.name === 'UnquotedLabelMatcher' || matcher.name === 'QuotedLabelMatcher') {
      matchers.push(matcherOf(matcher, text))
    }
  }
  if (matchers.filter(({ label, op }) => label === '__name__' && op === '=').length > 1) {
    throw problemAt(text, node.from, 'expected one metric name, got two')
  }
  const accepting = matchers.map((matcher) => acceptsEmpty(matcher, node, text))
  if (!accepting.includes(false)) {
    throw problemAt(text, node.from, 'expected a metric name or a matcher that does not match the empty string')
  }
  return { type: 'vector-selector', matchers, offsetMs: 0, at: null, span: { from: node.from, to: node.to } }
}

/** Compiles regular expressions for that, so that one that is none is refused here. */
function acceptsEmpty(matcher: Matcher, node: SyntaxNode, text: string): boolean {
  try {
    return compileMatcher(matcher)('')
  } catch (error) {
    if (error instanceof AppError) throw problemAt(text, node.from, error.message)
    throw error
  }
}

function matcherOf(node: SyntaxNode, text: string): Matcher {
  const quoted = node.getChild('QuotedLabelName')
  const values = node.getChildren('StringLiteral')
  const value = values.at(-1)
  const label = quoted
    ? stringOf(need(quoted, 'StringLiteral', text), text)
    : textOf(need(node, 'LabelName', text), text)
  const op = textOf(need(node, 'MatchOp', text), text)
  if (!value) throw problemAt(text, node.from, 'expected a quoted value')
  if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') {
    throw problemAt(text, node.from, `expected =, !=, =~ or !~, got ${op}`)
  }
  return { label, op, value: stringOf(value, text) }
}

/** A selector with the range behind it. */
export function rangedBy(node: SyntaxNode, operand: Expr, text: string): MatrixSelector {
  if (operand.type !== 'vector-selector') {
    const message = 'expected a selector before the range; another expression takes a subquery such as [5m:1m]'
    throw problemAt(text, operand.span.from, message)
  }
  if (operand.at !== null || operand.offsetMs !== 0) {
    throw problemAt(text, operand.span.from, 'expected the range directly behind the selector, before offset and @')
  }
  const rangeMs = lengthOf(need(node, 'DurationExpr', text), 'range', text)
  return { type: 'matrix-selector', selector: operand, rangeMs, span: { from: operand.span.from, to: node.to } }
}

export function subqueryOf(node: SyntaxNode, inner: Expr, text: string): Subquery {
  const [range, step] = node.getChildren('DurationExpr')
  if (!range) throw problemAt(text, node.from, 'expected a range such as [5m:1m]')
  return {
    type: 'subquery',
    inner,
    rangeMs: lengthOf(range, 'range', text),
    stepMs: step ? lengthOf(step, 'step', text) : null,
    offsetMs: 0,
    at: null,
    span: { from: inner.span.from, to: node.to },
  }
}

function lengthOf(node: SyntaxNode, what: 'range' | 'step', text: string): number {
  const ms = durationMs(node, what, text)
  if (!(ms > 0)) throw problemAt(text, node.from, `expected a ${what} such as 5m above zero, got ${textOf(node, text)}`)
  return ms
}

/** Whole milliseconds; a number without unit is seconds. */
function durationMs(node: SyntaxNode, what: string, text: string): number {
  const written = textOf(node, text)
  const seconds = parseNumber(written.replace(/[\s()]/g, ''))
  if (seconds !== null && Number.isFinite(seconds)) return Math.round(seconds * 1000)
  const message = /[a-z0-9)]\s*[-+*/%^]|_of|step|range/.test(written)
    ? `arithmetic on durations, such as ${written}, is experimental in Prometheus and not supported`
    : `expected a duration such as 5m as the ${what}, got ${written}`
  throw problemAt(text, node.from, message)
}

/** The operand of `offset`, with the offset on its selector or subquery. */
export function withOffset(node: SyntaxNode, operand: Expr, text: string): Expr {
  const offsetMs = durationMs(need(node, 'OffsetDurationExpr', text), 'offset', text)
  return moved(operand, node, 'offset', text, (moment) => (moment.offsetMs === 0 ? { ...moment, offsetMs } : null))
}

/** The operand of `@`, with the instant on its selector or subquery. */
export function withAt(node: SyntaxNode, operand: Expr, text: string): Expr {
  const at = atOf(node, text)
  return moved(operand, node, '@', text, (moment) => (moment.at === null ? { ...moment, at } : null))
}

function atOf(node: SyntaxNode, text: string): At {
  const end = node.getChild('AtModifierPreprocessors')
  if (end) return textOf(end, text).trim().toLowerCase().startsWith('start') ? 'start' : 'end'
  const literal = need(node, 'NumberDurationLiteral', text)
  const atMs = Math.round((parseNumber(textOf(literal, text).replace(/\s/g, '')) ?? Number.NaN) * 1000)
  if (Number.isSafeInteger(atMs)) return atMs
  throw problemAt(text, literal.from, `expected seconds since 1970 after @, got ${textOf(literal, text)}`)
}

function moved(
  operand: Expr,
  node: SyntaxNode,
  modifier: 'offset' | '@',
  text: string,
  move: (moment: Moment) => Moment | null,
): Expr {
  const span: Span = { from: operand.span.from, to: node.to }
  const holder = operand.type === 'matrix-selector' ? operand.selector : operand
  if (holder.type !== 'vector-selector' && holder.type !== 'subquery') {
    throw problemAt(text, operand.span.from, `expected ${modifier} directly behind a selector or a subquery`)
  }
  const moment = move({ at: holder.at, offsetMs: holder.offsetMs })
  if (!moment) throw problemAt(text, operand.span.from, `expected one ${modifier} only, got two`)
  if (operand.type === 'matrix-selector') return { ...operand, selector: { ...operand.selector, ...moment }, span }
  return { ...holder, ...moment, span }
}
