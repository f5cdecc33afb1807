/**
 * What a rule looks at, apart from its condition: the side of the outermost comparison that moves, the number it is
 * compared with, and the unit that its metrics' names promise. For charts with a threshold.
 */
import type { Labels } from '#shared/domain/series.ts'
import { type ComparisonOperator, type Expr, isComparison, unwrapped } from '#shared/promql/ast.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import type { Unit } from '../../format/unit.ts'

export interface Subject {
  /** An expression of its own. */
  readonly expr: string
  readonly unit: Unit
  /** Null where the rule compares with something that moves, or with nothing. */
  readonly threshold: { readonly op: ComparisonOperator; readonly value: number } | null
}

export function subjectOf({ text, expr }: Parsed): Subject {
  const { node, threshold } = comparisonOf(expr)
  return { expr: text.slice(node.span.from, node.span.to), unit: unitOf(node), threshold }
}

function comparisonOf(expr: Expr): { node: Expr; threshold: Subject['threshold'] } {
  const node = unwrapped(expr)
  if (node.type !== 'binary') return { node, threshold: null }
  if (node.op === 'and' || node.op === 'unless') return comparisonOf(node.left)
  if (!isComparison(node.op) || node.bool) return { node, threshold: null }
  const right = constantOf(node.right)
  if (right !== null) return { node: node.left, threshold: { op: node.op, value: right } }
  const left = constantOf(node.left)
  if (left !== null) return { node: node.right, threshold: { op: turned[node.op], value: left } }
  return { node: node.left, threshold: null }
}

/** `1 < x` is `x > 1`. */
const turned: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  ...{ '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' },
}

/** The value of what has no series in it, as far as arithmetic goes. */
function constantOf(expr: Expr): number | null {
  const node = unwrapped(expr)
  if (node.type === 'number') return node.value
  if (node.type === 'unary') {
    const value = constantOf(node.operand)
    return value === null ? null : node.op === '-' ? -value : value
  }
  if (node.type !== 'binary') return null
  const [left, right] = [constantOf(node.left), constantOf(node.right)]
  if (left === null || right === null) return null
  switch (node.op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    default:
      return null
  }
}

/** From the metrics' names, as Prometheus's conventions have it. Seconds counted per second are a share of time. */
function unitOf(expr: Expr): Unit {
  const node = unwrapped(expr)
  switch (node.type) {
    case 'vector-selector':
      return metricUnit(node, false)
    case 'call': {
      const inner = node.args.map((arg) => unwrapped(arg)).find((arg) => arg.type === 'matrix-selector')
      const isRate = node.name === 'rate' || node.name === 'irate'
      if (inner?.type === 'matrix-selector') {
        return node.name === 'count_over_time' ? 'none' : metricUnit(inner.selector, isRate)
      }
      if (node.name === 'time' || node.name === 'timestamp') return 'seconds'
      return node.args[0] ? unitOf(node.args[0]) : 'none'
    }
    case 'aggregation':
      return ['count', 'group', 'count_values'].includes(node.op) ? 'none' : unitOf(node.operand)
    case 'unary':
      return unitOf(node.operand)
    case 'binary': {
      const [left, right] = [unitOf(node.left), unitOf(node.right)]
      if (node.op === '/' && left === right && constantOf(node.right) === null) return 'ratio'
      if (node.op !== '+' && node.op !== '-') return 'none'
      if (constantOf(node.left) !== null) return right
      return constantOf(node.right) !== null || left === right ? left : 'none'
    }
    default:
      return 'none'
  }
}

function metricUnit({ matchers }: Extract<Expr, { type: 'vector-selector' }>, isRate: boolean): Unit {
  const metric = matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value ?? ''
  const name = metric.replace(/_total$/, '')
  if (name.endsWith('_ratio')) return 'ratio'
  if (name.endsWith('_celsius')) return 'celsius'
  if (name.endsWith('_bytes')) return isRate ? 'bytesPerSecond' : 'bytes'
  if (name.endsWith('_seconds')) return isRate ? 'ratio' : 'seconds'
  return isRate ? 'perSecond' : 'none'
}

/** The expression's series with these labels, and no others. */
export function restricted(expr: string, labels: Labels): string {
  const names = Object.keys(labels)
  const one = names.reduce(
    (inner, name) =>
      `label_replace(${inner}, ${JSON.stringify(name)}, ${quotedReplacement(labels[name] ?? '')}, "", "")`,
    'vector(1)',
  )
  return names.length === 0 ? expr : `(${expr}) and on (${names.join(', ')}) ${one}`
}

/** In a replacement `$` names a group. */
const quotedReplacement = (value: string) => JSON.stringify(value.replaceAll('$', '$$$$'))
