/** Types: what goes into operators, aggregations and functions must be what they work on. Says so with a position. */
import {
  type Aggregation,
  type BinaryExpr,
  type Expr,
  type FunctionCall,
  isComparison,
  isSetOperator,
  type ValueType,
} from './ast.ts'
import { problemAt } from './problem.ts'
import {
  aggregationParameters,
  isFunctionName,
  type Signature,
  signatures,
  unsupportedFunctions,
} from './signatures.ts'

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
    case 'subquery':
      expectType(expr.inner, 'vector', 'a subquery', text)
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
  if (!isFunctionName(expr.name)) {
    const why = Object.hasOwn(unsupportedFunctions, expr.name) ? unsupportedFunctions[expr.name] : undefined
    const message = why
      ? `the function ${expr.name} ${why}: it is not supported`
      : `there is no function named "${expr.name}"`
    throw problemAt(text, expr.span.from, message)
  }
  const signature: Signature = signatures[expr.name]
  const count = expr.args.length
  if (count < signature.atLeast || (count > signature.args.length && !signature.isVariadic)) {
    throw problemAt(text, expr.span.from, `${expr.name} takes ${shownCount(signature)}, got ${count}`)
  }
  expr.args.forEach((arg, index) => {
    const type = signature.args[index] ?? signature.args.at(-1)
    if (type) expectType(arg, type, expr.name, text)
  })
  return signature.returns
}

function shownCount({ args, atLeast, isVariadic }: Signature): string {
  const arguments_ = (count: number) =>
    count === 0 ? 'no arguments' : count === 1 ? 'one argument' : `${count} arguments`
  if (isVariadic) return `at least ${arguments_(atLeast)}`
  return atLeast === args.length ? arguments_(atLeast) : `${atLeast} to ${arguments_(args.length)}`
}

function checkAggregation(expr: Aggregation, text: string): ValueType {
  const parameter = aggregationParameters[expr.op]
  if ((parameter === null) !== (expr.parameter === null)) {
    const example = parameter === 'string' ? `a label and a vector, such as ${expr.op}("version", x)` : null
    const wanted = parameter === null ? 'one vector' : (example ?? `a number and a vector, such as ${expr.op}(5, x)`)
    throw problemAt(text, expr.span.from, `${expr.op} needs ${wanted}`)
  }
  if (expr.parameter && parameter) expectType(expr.parameter, parameter, expr.op, text)
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
