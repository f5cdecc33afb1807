/** The concrete tree of the published grammar, as the parser's parts walk it. */
import type { SyntaxNode } from '@lezer/common'
import type { Span } from './ast.ts'
import { parseNumber, parseString } from './literals.ts'
import { problemAt } from './problem.ts'

const expressionNodes = new Set([
  ...['NumberDurationLiteral', 'StringLiteral', 'VectorSelector', 'MatrixSelector', 'OffsetExpr', 'ParenExpr'],
  ...['UnaryExpr', 'FunctionCall', 'AggregateExpr', 'BinaryExpr', 'SubqueryExpr', 'StepInvariantExpr'],
  ...['AnchoredExpr', 'SmoothedExpr'],
])

const nodeNames: Readonly<Record<string, string>> = {
  LabelMatchers: 'label matchers',
  MatrixSelector: 'a range selector',
  SubqueryExpr: 'a subquery',
  FunctionCallBody: 'the arguments',
  FunctionCall: 'a function call',
  AggregateExpr: 'an aggregation',
  BinaryExpr: 'a binary operation',
  ParenExpr: 'parentheses',
  GroupingLabels: 'a list of labels',
  OffsetExpr: 'an offset',
  StepInvariantExpr: 'an @ modifier',
}

export const nameOf = (node: SyntaxNode) => nodeNames[node.name] ?? 'the expression'

export const textOf = (node: SyntaxNode, text: string) => text.slice(node.from, node.to)

export function children(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) found.push(child)
  return found
}

export function need(node: SyntaxNode, name: string, text: string): SyntaxNode {
  const child = node.getChild(name)
  if (!child) throw problemAt(text, node.from, `expected a complete expression, got "${textOf(node, text)}"`)
  return child
}

export const expressions = (node: SyntaxNode) => children(node).filter((child) => expressionNodes.has(child.name))

export function firstExpressionIn(node: SyntaxNode, text: string): SyntaxNode {
  const [first] = expressions(node)
  if (!first) throw problemAt(text, node.from, `expected an expression in ${nameOf(node)}`)
  return first
}

export function numberAt({ from, to }: Span, text: string): number {
  const value = parseNumber(text.slice(from, to))
  if (value === null) throw problemAt(text, from, `expected a number, got "${text.slice(from, to)}"`)
  return value
}

export function stringOf(node: SyntaxNode, text: string): string {
  const value = parseString(textOf(node, text))
  if (value === null)
    throw problemAt(text, node.from, `expected a string with valid escapes, got ${textOf(node, text)}`)
  return value
}

export function labelsIn(node: SyntaxNode | null | undefined, text: string): string[] {
  return children(node).flatMap((label) => {
    if (label.name === 'LabelName') return [textOf(label, text)]
    return label.name === 'QuotedLabelName' ? [stringOf(need(label, 'StringLiteral', text), text)] : []
  })
}
