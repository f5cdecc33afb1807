/** Types: what goes into operators, aggregations and functions must be what they work on. Says so with a position. */
import { aggregators } from './aggregations.ts'
import {
  type Aggregation,
  type BinaryExpr,
  type Expr,
  type FunctionCall,
  isComparison,
  isSetOperator,
  type ValueType,
} from './ast.ts'
import { functions } from './functions/index.ts'
import { problemAt } from './problem.ts'

const shownTypes: Readonly<Record<ValueType, string>> = {
  scalar: 'a number',
  vector: 'an instant vector',
  matrix: 'a range vector such as x[5m]',
  string: 'a string',
}

/** The type of a well-typed expression. Throws AppError `invalid` at the first place that does not fit. */
export function checkTypes(expr: Expr, text: string): ValueType {
  switch (expr.type) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'vector-selector':
      return 'vector'
    case 'matrix-selector':
      return 'matrix'
    case 'paren':
      return checkTypes(expr.inner, text)
    case 'unary': {
      const type = checkTypes(expr.operand, text)
      if (type === 'scalar' || type === 'vector') return type
      throw problemAt(text, expr.span.from, `${expr.op} needs a number or an instant vector, got ${shownTypes[type]}`)
    }
    case 'call':
      return checkCall(expr, text)
    case 'aggregation':
      return checkAggregation(expr, text)
    case 'binary':
      return checkBinary(expr, text)
  }
}

function expectType(expr: Expr, expected: ValueType, of: string, text: string): void {
  const type = checkTypes(expr, text)
  if (type === expected) return
  throw problemAt(text, expr.span.from, `${of} needs ${shownTypes[expected]}, got ${shownTypes[type]}`)
}

function checkCall(expr: FunctionCall, text: string): ValueType {
  const known = Object.hasOwn(functions, expr.name) ? functions[expr.name] : undefined
  if (!known) throw problemAt(text, expr.span.from, `the function ${expr.name} is not supported yet`)
  if (expr.args.length !== known.args.length) {
    const wanted = known.args.length === 1 ? 'one argument' : `${known.args.length} arguments`
    throw problemAt(text, expr.span.from, `${expr.name} takes ${wanted}, got ${expr.args.length}`)
  }
  expr.args.forEach((arg, index) => {
    const type = known.args[index]
    if (type) expectType(arg, type, expr.name, text)
  })
  return known.returns
}

function checkAggregation(expr: Aggregation, text: string): ValueType {
  const aggregator = Object.hasOwn(aggregators, expr.op) ? aggregators[expr.op] : undefined
  if (!aggregator) throw problemAt(text, expr.span.from, `the aggregation ${expr.op} is not supported yet`)
  if (aggregator.parameterized !== (expr.parameter !== null)) {
    const wanted = aggregator.parameterized ? `a number and a vector, such as ${expr.op}(5, x)` : 'one vector'
    throw problemAt(text, expr.span.from, `${expr.op} needs ${wanted}`)
  }
  if (expr.parameter) expectType(expr.parameter, 'scalar', expr.op, text)
  expectType(expr.operand, 'vector', expr.op, text)
  return 'vector'
}

function checkBinary(expr: BinaryExpr, text: string): ValueType {
  const left = checkTypes(expr.left, text)
  const right = checkTypes(expr.right, text)
  for (const [operand, type] of [
    [expr.left, left],
    [expr.right, right],
  ] as const) {
    if (type === 'scalar' || type === 'vector') continue
    throw problemAt(text, operand.span.from, `${expr.op} needs numbers or instant vectors, got ${shownTypes[type]}`)
  }
  const scalars = Number(left === 'scalar') + Number(right === 'scalar')
  const { matching } = expr
  if (isSetOperator(expr.op)) {
    if (scalars > 0) throw problemAt(text, expr.span.from, `${expr.op} works between instant vectors only`)
    if (matching.group) throw problemAt(text, expr.span.from, `${expr.op} takes no group_${matching.group}`)
  }
  if (expr.bool && !isComparison(expr.op)) throw problemAt(text, expr.span.from, 'bool belongs to comparisons only')
  if (scalars === 2 && isComparison(expr.op) && !expr.bool) {
    throw problemAt(text, expr.span.from, `a comparison of two numbers needs bool, such as 1 ${expr.op} bool 2`)
  }
  if (scalars > 0 && (matching.mode === 'on' || matching.labels.length > 0 || matching.group)) {
    throw problemAt(text, expr.span.from, 'on, ignoring and group need an instant vector on both sides')
  }
  const doubled = matching.mode === 'on' ? matching.include.find((label) => matching.labels.includes(label)) : undefined
  if (doubled)
    throw problemAt(text, expr.span.from, `the label ${doubled} stands in both on and group_${matching.group}`)
  return scalars === 2 ? 'scalar' : 'vector'
}
