/** The tree of an expression as Prometheus's `parse_query` gives it. Source: prometheus/web/api/v1/translate_ast.go. */
import type { Expr, Moment, VectorSelector } from './ast.ts'
import { isFunctionName, signatures } from './signatures.ts'

type Tree = Readonly<Record<string, unknown>>

export function prometheusTree(expr: Expr): Tree {
  switch (expr.type) {
    case 'number':
      return { type: 'numberLiteral', val: String(expr.value) }
    case 'string':
      return { type: 'stringLiteral', val: expr.value }
    case 'paren':
      return { type: 'parenExpr', expr: prometheusTree(expr.inner) }
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: prometheusTree(expr.operand) }
    case 'vector-selector':
      return { type: 'vectorSelector', ...selected(expr) }
    case 'matrix-selector':
      return { type: 'matrixSelector', range: expr.rangeMs, ...selected(expr.selector) }
    case 'subquery':
      return {
        type: 'subquery',
        expr: prometheusTree(expr.inner),
        range: expr.rangeMs,
        step: expr.stepMs ?? 0,
        ...momentOf(expr),
      }
    case 'call': {
      if (!isFunctionName(expr.name)) throw new Error(`${expr.name} was parsed as a function`)
      const { args, isVariadic, returns } = signatures[expr.name]
      const func = { name: expr.name, argTypes: args, variadic: isVariadic ? -1 : 0, returnType: returns }
      return { type: 'call', func, args: expr.args.map(prometheusTree) }
    }
    case 'aggregation':
      return {
        type: 'aggregation',
        op: expr.op,
        expr: prometheusTree(expr.operand),
        param: expr.parameter && prometheusTree(expr.parameter),
        grouping: expr.grouping.labels,
        without: expr.grouping.mode === 'without',
      }
    case 'binary': {
      const { mode, labels, group, include } = expr.matching
      const card = group === 'left' ? 'many-to-one' : group === 'right' ? 'one-to-many' : 'one-to-one'
      return {
        type: 'binaryExpr',
        op: expr.op,
        lhs: prometheusTree(expr.left),
        rhs: prometheusTree(expr.right),
        matching: { card, labels, on: mode === 'on', include },
        bool: expr.bool,
      }
    }
  }
}

function selected(selector: VectorSelector): Tree {
  const { matchers } = selector
  const name = matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value ?? ''
  return {
    name,
    matchers: matchers.map(({ label, op, value }) => ({ name: label, type: op, value })),
    ...momentOf(selector),
  }
}

function momentOf({ at, offsetMs }: Moment): Tree {
  return {
    offset: offsetMs,
    timestamp: typeof at === 'number' ? at : null,
    startOrEnd: typeof at === 'string' ? at : null,
  }
}
