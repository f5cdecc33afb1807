/**
 * Which operator takes which operand. The published grammar is for highlighting: it lets `offset`, `@` and ranges behind
 * `a + b` belong to the sum, and reads the sign of `-2 ^ 2` into the number. Here what it found is laid out in the order
 * of the text again and put together by Prometheus's own precedence.
 * Source: prometheus/promql/parser/generated_parser.y.
 */
import type { SyntaxNode } from '@lezer/common'
import { type BinaryExpr, type Expr, isArithmetic, isComparison, isSetOperator, type Matching } from './ast.ts'
import { problemAt } from './problem.ts'
import { children, expressions, firstExpressionIn, labelsIn, need, textOf } from './tree.ts'

export type Item =
  | { readonly type: 'sign'; readonly op: '-' | '+'; readonly from: number }
  | { readonly type: 'operand'; readonly node: SyntaxNode; readonly from: number }
  /** An offset, an @ modifier, a range or a subquery's range: all bind tighter than any operator. */
  | { readonly type: 'behind'; readonly node: SyntaxNode }
  | { readonly type: 'operator'; readonly node: SyntaxNode; readonly op: BinaryExpr['op'] }

const standingBehind = new Set(['OffsetExpr', 'StepInvariantExpr', 'MatrixSelector', 'SubqueryExpr'])

/** In the order of the text. */
export function itemsOf(node: SyntaxNode, text: string): Item[] {
  const items: Item[] = []
  layOut(node, text, items)
  return items
}

function layOut(node: SyntaxNode, text: string, items: Item[]): void {
  if (node.name === 'BinaryExpr') {
    const [left, right] = expressions(node)
    const op = operatorIn(node, text)
    if (!left || !right || !op) throw problemAt(text, node.from, 'expected two operands and an operator')
    layOut(left, text, items)
    items.push({ type: 'operator', node, op })
    layOut(right, text, items)
  } else if (node.name === 'UnaryExpr') {
    items.push({ type: 'sign', op: signOf(textOf(need(node, 'UnaryOp', text), text)), from: node.from })
    layOut(firstExpressionIn(node, text), text, items)
  } else if (standingBehind.has(node.name)) {
    layOut(firstExpressionIn(node, text), text, items)
    items.push({ type: 'behind', node })
  } else {
    const sign = node.name === 'NumberDurationLiteral' ? /^[+-]\s*/.exec(textOf(node, text))?.[0] : undefined
    if (sign !== undefined) items.push({ type: 'sign', op: signOf(sign), from: node.from })
    items.push({ type: 'operand', node, from: node.from + (sign?.length ?? 0) })
  }
}

const signOf = (text: string) => (text.startsWith('-') ? '-' : '+')

function operatorIn(node: SyntaxNode, text: string): BinaryExpr['op'] | null {
  const experiment = ['FillModifier', 'TrimUpper', 'TrimLower'].map((name) => node.getChild(name)).find((one) => one)
  if (experiment) {
    throw problemAt(
      text,
      experiment.from,
      `${textOf(experiment, text)} is experimental in Prometheus and not supported`,
    )
  }
  const operands = expressions(node)
  for (const child of children(node)) {
    // Operands may be long; operators are not.
    const word = child.to - child.from > longestOperator ? '' : textOf(child, text).toLowerCase()
    const isOperand = operands.some(({ from }) => from === child.from)
    if (!isOperand && (isArithmetic(word) || isComparison(word) || isSetOperator(word))) return word
  }
  return null
}

const longestOperator = 'unless'.length

const precedences: Readonly<Record<BinaryExpr['op'], number>> = {
  or: 1,
  ...{ and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3 },
  ...{ '+': 4, '-': 4 },
  ...{ '*': 5, '/': 5, '%': 5, atan2: 5 },
  '^': 6,
}
/** A sign binds as multiplication does: `-2 ^ 2` is -4. */
const signPrecedence = 5

export interface Makers {
  operand(item: Item & { type: 'operand' }): Expr
  behind(item: Item & { type: 'behind' }, operand: Expr): Expr
}

/** One expression out of all items. */
export function assembled(items: readonly Item[], text: string, make: Makers): Expr {
  let next = 0
  const operation = (least: number): Expr => {
    let left = operand()
    for (;;) {
      const item = items[next]
      if (item?.type !== 'operator' || precedences[item.op] < least) return left
      next++
      // Powers group to the right, all others to the left.
      const right = operation(precedences[item.op] + (item.op === '^' ? 0 : 1))
      left = binaryOf(item, left, right, text)
    }
  }
  const operand = (): Expr => {
    const item = items[next++]
    if (item?.type === 'sign') {
      const inner = operation(signPrecedence + 1)
      const span = { from: item.from, to: inner.span.to }
      if (inner.type === 'number') return { ...inner, value: item.op === '-' ? -inner.value : inner.value, span }
      return { type: 'unary', op: item.op, operand: inner, span }
    }
    if (item?.type !== 'operand') throw problemAt(text, 0, 'expected an operand')
    let expr = make.operand(item)
    for (let behind = items[next]; behind?.type === 'behind'; behind = items[next]) {
      expr = make.behind(behind, expr)
      next++
    }
    return expr
  }
  return operation(0)
}

function binaryOf({ node, op }: Item & { type: 'operator' }, left: Expr, right: Expr, text: string): Expr {
  return {
    type: 'binary',
    op,
    bool: node.getChild('BoolModifier') !== null,
    matching: matchingOf(node, text),
    left,
    right,
    span: { from: left.span.from, to: right.span.to },
  }
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
