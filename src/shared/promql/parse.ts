/**
 * Text to tree. The grammar is Prometheus's own published one; this file turns its concrete tree into ours, and refuses
 * with a position what is no PromQL and what Belfry does not evaluate yet. Types are checked in check.ts.
 */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import type { Matcher } from '../domain/series.ts'
import { aggregators } from './aggregations.ts'
import {
  type Expr,
  isArithmetic,
  isComparison,
  isSetOperator,
  type Matching,
  type Span,
  type VectorSelector,
} from './ast.ts'
import { checkTypes } from './check.ts'
import { functions } from './functions/index.ts'
import { parseNumber, parseString } from './literals.ts'
import { problemAt } from './problem.ts'

/** Longer expressions are refused before they are parsed. */
const maxExpressionLength = 20_000
/** Deeper trees are refused: evaluation recurses. */
const maxDepth = 200

/** A checked expression with the text it came from. */
export interface Parsed {
  readonly text: string
  readonly expr: Expr
}

/**
 * The typed tree of an expression. Throws AppError `invalid` with `line:column` where the text is no PromQL, where types
 * do not fit, and where something is not supported yet.
 */
export function parsePromql(text: string): Parsed {
  if (text.length > maxExpressionLength) {
    throw problemAt(text, 0, `expected at most ${maxExpressionLength} characters, got ${text.length}`)
  }
  const tree = parser.parse(text)
  refuseSyntaxErrors(text, tree.topNode)
  const root = tree.topNode.firstChild ? firstExpression(tree.topNode) : null
  if (!root) throw problemAt(text, 0, 'expected an expression, got nothing')
  const expr = exprOf(root, text, 0)
  checkTypes(expr, text)
  return { text, expr }
}

function refuseSyntaxErrors(text: string, top: SyntaxNode): void {
  const cursor = top.cursor()
  do {
    if (!cursor.type.isError) continue
    const start = wordStart(text, cursor.from)
    const called = /^([a-zA-Z_]\w*)\s*\(/.exec(text.slice(start))?.[1]
    if (called !== undefined && !isKnownWord(called.toLowerCase())) {
      throw problemAt(text, start, `there is no function named "${called}"`)
    }
    const came = text.slice(cursor.from).trimStart()
    const shown = came.length === 0 ? 'the expression ends here' : `unexpected "${came.slice(0, 20)}"`
    const within = cursor.node.parent && cursor.node.parent.name !== 'PromQL' ? ` in ${nameOf(cursor.node.parent)}` : ''
    throw problemAt(text, cursor.from, `${shown}${within}`)
  } while (cursor.next())
}

const keywords = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
])
const isKnownWord = (word: string) =>
  keywords.has(word) || [functions, aggregators].some((table) => Object.hasOwn(table, word))

/** Where the identifier that ends just before `offset` begins. */
function wordStart(text: string, offset: number): number {
  const before = /[a-zA-Z_]\w*\s*$/.exec(text.slice(0, offset))
  return before ? before.index : offset
}

const nodeNames: Readonly<Record<string, string>> = {
  LabelMatchers: 'label matchers',
  MatrixSelector: 'a range selector',
  FunctionCallBody: 'the arguments',
  FunctionCall: 'a function call',
  AggregateExpr: 'an aggregation',
  BinaryExpr: 'a binary operation',
  ParenExpr: 'parentheses',
  GroupingLabels: 'a list of labels',
  OffsetExpr: 'an offset',
}
const nameOf = (node: SyntaxNode) => nodeNames[node.name] ?? 'the expression'

function exprOf(node: SyntaxNode, text: string, depth: number): Expr {
  const span = { from: node.from, to: node.to }
  if (depth > maxDepth) throw problemAt(text, node.from, `expected at most ${maxDepth} nested expressions`)
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'number', value: numberOf(node, text), span }
    case 'StringLiteral':
      return { type: 'string', value: stringOf(node, text), span }
    case 'VectorSelector':
      return selectorOf(node, text)
    case 'MatrixSelector':
      return {
        type: 'matrix-selector',
        selector: selectorOf(need(node, 'VectorSelector', text), text),
        rangeMs: rangeOf(need(node, 'DurationExpr', text), text),
        span,
      }
    case 'OffsetExpr':
      return offsetOf(node, text, depth)
    case 'ParenExpr':
      return { type: 'paren', inner: exprOf(firstExpressionIn(node, text), text, depth + 1), span }
    case 'UnaryExpr':
      return {
        type: 'unary',
        op: textOf(need(node, 'UnaryOp', text), text) === '-' ? '-' : '+',
        operand: exprOf(firstExpressionIn(node, text), text, depth + 1),
        span,
      }
    case 'FunctionCall':
      return {
        type: 'call',
        name: textOf(need(node, 'FunctionIdentifier', text), text).toLowerCase(),
        args: expressions(need(node, 'FunctionCallBody', text)).map((arg) => exprOf(arg, text, depth + 1)),
        span,
      }
    case 'AggregateExpr':
      return aggregationOf(node, text, depth)
    case 'BinaryExpr':
      return binaryOf(node, text, depth)
    case 'SubqueryExpr':
      throw problemAt(text, node.from, 'subqueries such as x[5m:1m] are not supported yet')
    case 'StepInvariantExpr':
      throw problemAt(text, need(node, 'At', text).from, 'the @ modifier is not supported yet')
    default:
      throw problemAt(text, node.from, `"${textOf(node, text).slice(0, 40)}" is not supported yet`)
  }
}

function selectorOf(node: SyntaxNode, text: string): VectorSelector {
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
  if (!matchers.some(selectsSomething)) {
    throw problemAt(text, node.from, 'expected a metric name or a matcher that does not match the empty string')
  }
  return { type: 'vector-selector', matchers, offsetMs: 0, span: { from: node.from, to: node.to } }
}

const selectsSomething = ({ op, value }: Matcher) =>
  (op === '=' && value !== '') || (op === '!=' && value === '') || (op === '=~' && !/^(|\.\*|.*\|)$/.test(value))

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

function offsetOf(node: SyntaxNode, text: string, depth: number): Expr {
  const operand = exprOf(firstExpressionIn(node, text), text, depth + 1)
  const duration = textOf(need(node, 'OffsetDurationExpr', text), text).replace(/\s/g, '')
  const seconds = parseNumber(duration)
  if (seconds === null || !Number.isFinite(seconds)) {
    throw problemAt(text, node.from, `expected a duration such as 5m after offset, got ${duration}`)
  }
  const offsetMs = Math.round(seconds * 1000)
  const span: Span = { from: node.from, to: node.to }
  if (operand.type === 'vector-selector' && operand.offsetMs === 0) return { ...operand, offsetMs, span }
  if (operand.type === 'matrix-selector' && operand.selector.offsetMs === 0) {
    return { ...operand, selector: { ...operand.selector, offsetMs }, span }
  }
  throw problemAt(text, node.from, 'expected one offset, directly after a selector')
}

function rangeOf(node: SyntaxNode, text: string): number {
  const seconds = parseNumber(textOf(node, text).trim())
  if (seconds === null || !(seconds > 0) || !Number.isFinite(seconds)) {
    throw problemAt(text, node.from, `expected a range such as 5m above zero, got ${textOf(node, text)}`)
  }
  return Math.round(seconds * 1000)
}

function aggregationOf(node: SyntaxNode, text: string, depth: number): Expr {
  const op = textOf(need(node, 'AggregateOp', text), text).toLowerCase()
  const args = expressions(need(node, 'FunctionCallBody', text)).map((arg) => exprOf(arg, text, depth + 1))
  const modifier = node.getChild('AggregateModifier')
  const operand = args.at(-1)
  if (!operand || args.length > 2) throw problemAt(text, node.from, `expected one or two arguments for ${op}`)
  return {
    type: 'aggregation',
    op,
    grouping: {
      mode: modifier?.getChild('Without') ? 'without' : 'by',
      labels: labelsIn(modifier?.getChild('GroupingLabels'), text),
    },
    parameter: args.length === 2 ? (args[0] ?? null) : null,
    operand,
    span: { from: node.from, to: node.to },
  }
}

function binaryOf(node: SyntaxNode, text: string, depth: number): Expr {
  const [leftNode, rightNode] = expressions(node)
  const operator = children(node).find((one) => operatorOf(textOf(one, text)) && one !== leftNode && one !== rightNode)
  const op = operator ? operatorOf(textOf(operator, text)) : null
  if (!leftNode || !rightNode || !op) throw problemAt(text, node.from, 'expected two operands and an operator')
  const span = { from: node.from, to: node.to }
  const left = exprOf(leftNode, text, depth + 1)
  const right = exprOf(rightNode, text, depth + 1)
  const rest = { op, bool: node.getChild('BoolModifier') !== null, matching: matchingOf(node, text), right }
  // The grammar reads the sign of `-2 ^ 2` into the number; Prometheus raises first and negates then.
  if (op === '^' && left.type === 'number' && /^[+-]/.test(textOf(leftNode, text))) {
    const sign = textOf(leftNode, text).startsWith('-') ? '-' : '+'
    const base = { ...left, value: sign === '-' ? -left.value : left.value }
    return { type: 'unary', op: sign, operand: { type: 'binary', ...rest, left: base, span }, span }
  }
  return { type: 'binary', ...rest, left, span }
}

function operatorOf(word: string) {
  const op = word.toLowerCase()
  return isArithmetic(op) || isComparison(op) || isSetOperator(op) ? op : null
}

function matchingOf(node: SyntaxNode, text: string): Matching {
  const clause = node.getChild('MatchingModifierClause')
  const lists = clause?.getChildren('GroupingLabels') ?? []
  const group = clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : null
  return {
    mode: clause?.getChild('On') ? 'on' : 'ignoring',
    labels: labelsIn(lists[0], text),
    group,
    include: group ? labelsIn(lists[1], text) : [],
  }
}

function labelsIn(node: SyntaxNode | null | undefined, text: string): string[] {
  return children(node).flatMap((label) => {
    if (label.name === 'LabelName') return [textOf(label, text)]
    return label.name === 'QuotedLabelName' ? [stringOf(need(label, 'StringLiteral', text), text)] : []
  })
}

const expressionNodes = new Set([
  ...['NumberDurationLiteral', 'StringLiteral', 'VectorSelector', 'MatrixSelector', 'OffsetExpr', 'ParenExpr'],
  ...['UnaryExpr', 'FunctionCall', 'AggregateExpr', 'BinaryExpr', 'SubqueryExpr', 'StepInvariantExpr'],
])

const expressions = (node: SyntaxNode) => children(node).filter((child) => expressionNodes.has(child.name))
const firstExpression = (node: SyntaxNode) => expressions(node)[0] ?? null

function firstExpressionIn(node: SyntaxNode, text: string): SyntaxNode {
  const first = firstExpression(node)
  if (!first) throw problemAt(text, node.from, `expected an expression in ${nameOf(node)}`)
  return first
}

function children(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) found.push(child)
  return found
}

function need(node: SyntaxNode, name: string, text: string): SyntaxNode {
  const child = node.getChild(name)
  if (!child) throw problemAt(text, node.from, `expected a complete expression, got "${textOf(node, text)}"`)
  return child
}

const textOf = (node: SyntaxNode, text: string) => text.slice(node.from, node.to)

function numberOf(node: SyntaxNode, text: string): number {
  const value = parseNumber(textOf(node, text))
  if (value === null) throw problemAt(text, node.from, `expected a number, got "${textOf(node, text)}"`)
  return value
}

function stringOf(node: SyntaxNode, text: string): string {
  const value = parseString(textOf(node, text))
  if (value === null)
    throw problemAt(text, node.from, `expected a string with valid escapes, got ${textOf(node, text)}`)
  return value
}
