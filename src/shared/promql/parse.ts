/**
 * Text to tree. The grammar is Prometheus's own published one; this file turns its concrete tree into ours, and refuses
 * with a position what is no PromQL and what Belfry does not evaluate. Types are checked in check.ts.
 */
import type { PartialParse, SyntaxNode, Tree } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import type { Expr } from './ast.ts'
import { checkTypes } from './check.ts'
import { assembled, itemsOf } from './parse-operators.ts'
import { rangedBy, selectorOf, subqueryOf, withAt, withOffset } from './parse-selector.ts'
import { problemAt } from './problem.ts'
import { isAggregationName, isFunctionName, unsupportedAggregations } from './signatures.ts'
import { expressions, firstExpressionIn, labelsIn, nameOf, need, numberAt, stringOf, textOf } from './tree.ts'

/** Longer expressions are refused before they are parsed. */
const maxExpressionLength = 100_000
/** Longer chains are refused, for a + b + c is a tree as deep as it is long, and evaluation recurses. */
const maxChained = 1000
/** Parentheses and arguments within each other: reading them takes several calls each. */
const maxNested = 200

/** A checked expression with the text it came from. */
export interface Parsed {
  readonly text: string
  readonly expr: Expr
}

/**
 * The typed tree of an expression. Throws AppError `invalid` with `line:column` where the text is no PromQL, where types
 * do not fit, and where something is not supported.
 */
export function parsePromql(text: string): Parsed {
  if (text.length > maxExpressionLength) {
    throw problemAt(text, 0, `expected at most ${maxExpressionLength} characters, got ${text.length}`)
  }
  const tree = treeOf(withKnownNames(text))
  refuseSyntaxErrors(text, tree.topNode)
  const [root] = expressions(tree.topNode)
  if (!root) throw problemAt(text, 0, 'expected an expression, got nothing')
  const expr = exprOf(root, text, { chained: 0, nested: 0 })
  checkTypes(expr, text)
  return { text, expr }
}

/**
 * The grammar knows holt_winters by its new name only. It is parsed under another function's name of the same length, so
 * that every position stays; what is written is read from the original.
 */
function withKnownNames(text: string): string {
  const quotedOrCalled = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|\bholt_winters(?=\s*\()/gs
  return text.replace(quotedOrCalled, (found) => (found === 'holt_winters' ? 'day_of_month' : found))
}

/** Recovering from errors costs long texts seconds: it is done for the beginning, up to the first of them. */
function treeOf(text: string): Tree {
  try {
    return advanced(strictParser.startParse(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const at = Number(/No parse at (\d+)/.exec(error.message)?.[1] ?? text.length)
    if (openIn(text.slice(0, at)) > maxNested) throw tooNested(text, at)
    return advanced(parser.startParse(text.slice(0, at + shownCharacters)))
  }
}

/** How many parentheses are open at the end of a text. */
function openIn(text: string): number {
  let open = 0
  for (const [sign] of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[()]/gs)) {
    if (sign === '(') open++
    else if (sign === ')') open--
  }
  return open
}

/**
 * The parser gives up chains of operators that are longer than 2,000 characters and a few hundred terms, which it counts
 * in a field of this name. Its count begins anew here until the chain is too deep for us as well.
 */
function advanced(started: PartialParse): Tree {
  const parse = Object.assign(started, { bigReductionCount: 0 })
  let reductions = 0
  for (;;) {
    const tree = parse.advance()
    if (tree) return tree
    reductions += parse.bigReductionCount
    if (reductions < 3 * maxChained) parse.bigReductionCount = 0
  }
}

const strictParser = parser.configure({ strict: true })

/** How much of an unexpected text a message shows. */
const shownCharacters = 20

function refuseSyntaxErrors(text: string, top: SyntaxNode): void {
  const cursor = top.cursor()
  do {
    if (!cursor.type.isError) continue
    if (depthOf(cursor.node) >= maxChained) throw tooLong(text, cursor.from)
    const start = wordStart(text, cursor.from)
    const called = /^([a-zA-Z_]\w*)\s*\(/.exec(text.slice(start, start + maxNameLength))?.[1]
    if (called !== undefined && !isKnownWord(called)) {
      throw problemAt(text, start, `there is no function named "${called}"`)
    }
    const came = text.slice(cursor.from).trimStart()
    const shown = came.length === 0 ? 'the expression ends here' : `unexpected "${came.slice(0, shownCharacters)}"`
    const within = cursor.node.parent && cursor.node.parent.name !== 'PromQL' ? ` in ${nameOf(cursor.node.parent)}` : ''
    throw problemAt(text, cursor.from, `${shown}${within}`)
  } while (cursor.next())
}

/** How deep the tree is around an error: above it, or where a chain that was given up hangs to its left. */
function depthOf(node: SyntaxNode): number {
  let depth = 0
  for (let parent = node.parent; parent; parent = parent.parent) depth++
  for (let left = node.parent?.firstChild; left; left = left.firstChild) depth++
  return depth
}

const tooLong = (text: string, offset: number) =>
  problemAt(text, offset, `expected at most ${maxChained} operators in a chain`)
const tooNested = (text: string, offset: number) =>
  problemAt(text, offset, `expected at most ${maxNested} expressions within each other`)

/** Names of functions are far shorter. */
const maxNameLength = 200

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

function isKnownWord(word: string): boolean {
  const lower = word.toLowerCase()
  return (
    keywords.has(lower) || isAggregationName(lower) || unsupportedAggregations.includes(lower) || isFunctionName(word)
  )
}

/** Where the identifier that ends just before `offset` begins. */
function wordStart(text: string, offset: number): number {
  const from = Math.max(0, offset - maxNameLength)
  const before = /[a-zA-Z_]\w*\s*$/.exec(text.slice(from, offset))
  return before ? from + before.index : offset
}

/** How much stands around an expression. */
interface Depth {
  readonly chained: number
  readonly nested: number
}

function exprOf(node: SyntaxNode, text: string, depth: Depth): Expr {
  if (depth.nested > maxNested) throw tooNested(text, node.from)
  const items = itemsOf(node, text)
  const chained = depth.chained + items.filter(({ type }) => type !== 'operand').length
  if (chained > maxChained) throw tooLong(text, node.from)
  return assembled(items, text, {
    operand: (item) => operandOf(item.node, item.from, text, { chained, nested: depth.nested }),
    behind: (item, operand) => modified(item.node, operand, text),
  })
}

function modified(node: SyntaxNode, operand: Expr, text: string): Expr {
  switch (node.name) {
    case 'MatrixSelector':
      return rangedBy(node, operand, text)
    case 'SubqueryExpr':
      return subqueryOf(node, operand, text)
    case 'OffsetExpr':
      return withOffset(node, operand, text)
    default:
      return withAt(node, operand, text)
  }
}

/** `from`: behind the sign of a number. */
function operandOf(node: SyntaxNode, from: number, text: string, { chained, nested }: Depth): Expr {
  const span = { from, to: node.to }
  const inner = (of: SyntaxNode) => exprOf(of, text, { chained, nested: nested + 1 })
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { type: 'number', value: numberAt(span, text), span }
    case 'StringLiteral':
      return { type: 'string', value: stringOf(node, text), span }
    case 'VectorSelector':
      return selectorOf(node, text)
    case 'ParenExpr':
      return { type: 'paren', inner: inner(firstExpressionIn(node, text)), span }
    case 'FunctionCall':
      return {
        type: 'call',
        name: textOf(need(node, 'FunctionIdentifier', text), text),
        args: expressions(need(node, 'FunctionCallBody', text)).map(inner),
        span,
      }
    case 'AggregateExpr':
      return aggregationOf(node, text, inner)
    case 'AnchoredExpr':
    case 'SmoothedExpr': {
      const word = node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed'
      throw problemAt(text, node.from, `${word} is experimental in Prometheus and not supported`)
    }
    default:
      throw problemAt(text, node.from, `"${textOf(node, text).slice(0, 40)}" is not supported`)
  }
}

function aggregationOf(node: SyntaxNode, text: string, inner: (node: SyntaxNode) => Expr): Expr {
  const op = textOf(need(node, 'AggregateOp', text), text).toLowerCase()
  if (unsupportedAggregations.includes(op)) {
    throw problemAt(text, node.from, `${op} is experimental in Prometheus and not supported`)
  }
  if (!isAggregationName(op)) throw problemAt(text, node.from, `there is no aggregation named "${op}"`)
  const args = expressions(need(node, 'FunctionCallBody', text)).map(inner)
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
