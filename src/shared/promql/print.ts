/** An expression as text again: in one line where it is short, else a part a line, as Prometheus formats it. */
import type { Aggregation, BinaryExpr, Expr, MatrixSelector, Moment, Subquery, VectorSelector } from './ast.ts'
import { formatDurationMs } from './duration.ts'

/** Longer parts are broken into lines. Prometheus's own limit. */
const longestLine = 100
const indent = '  '

/** Reads back as the same expression. */
export function printExpr(expr: Expr): string {
  return printed(expr, 0)
}

function printed(expr: Expr, depth: number): string {
  const line = inLine(expr)
  const margin = indent.repeat(depth)
  if (margin.length + line.length <= longestLine) return margin + line
  const inner = (part: Expr) => printed(part, depth + 1)
  switch (expr.type) {
    case 'paren':
      return `${margin}(\n${inner(expr.inner)}\n${margin})`
    case 'unary':
      return `${margin}${expr.op}${printed(expr.operand, depth).trimStart()}`
    case 'binary':
      return `${inner(expr.left)}\n${margin}${operatorOf(expr)}\n${inner(expr.right)}`
    case 'subquery':
      return `${printed(expr.inner, depth)}${rangeOfSubquery(expr)}`
    case 'aggregation': {
      const args = [...(expr.parameter ? [expr.parameter] : []), expr.operand].map(inner)
      return `${margin}${headOf(expr)}(\n${args.join(',\n')}\n${margin})`
    }
    case 'call':
      return `${margin}${expr.name}(\n${expr.args.map(inner).join(',\n')}\n${margin})`
    default:
      return margin + line
  }
}

function inLine(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return numberText(expr.value)
    case 'string':
      return JSON.stringify(expr.value)
    case 'paren':
      return `(${inLine(expr.inner)})`
    case 'unary':
      return `${expr.op}${inLine(expr.operand)}`
    case 'binary':
      return `${inLine(expr.left)} ${operatorOf(expr)} ${inLine(expr.right)}`
    case 'vector-selector':
      return `${selectorText(expr)}${momentText(expr)}`
    case 'matrix-selector':
      return matrixText(expr)
    case 'subquery':
      return `${inLine(expr.inner)}${rangeOfSubquery(expr)}`
    case 'aggregation': {
      const args = [...(expr.parameter ? [expr.parameter] : []), expr.operand].map(inLine)
      return `${headOf(expr)}(${args.join(', ')})`
    }
    case 'call':
      return `${expr.name}(${expr.args.map(inLine).join(', ')})`
  }
}

function matrixText({ selector, rangeMs }: MatrixSelector): string {
  return `${selectorText(selector)}[${formatDurationMs(rangeMs)}]${momentText(selector)}`
}

const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

function selectorText({ matchers }: VectorSelector): string {
  const named = matchers.find(({ label, op, value }) => label === '__name__' && op === '=' && plainName.test(value))
  const rest = matchers.filter((matcher) => matcher !== named)
  const texts = rest.map(({ label, op, value }) => {
    const name = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : JSON.stringify(label)
    return `${name}${op}${JSON.stringify(value)}`
  })
  return `${named?.value ?? ''}${texts.length > 0 || !named ? `{${texts.join(',')}}` : ''}`
}

function momentText({ at, offsetMs }: Moment): string {
  const instant = at === null ? '' : typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`
  if (offsetMs === 0) return instant
  return `${instant} offset ${offsetMs < 0 ? '-' : ''}${formatDurationMs(Math.abs(offsetMs))}`
}

function rangeOfSubquery(expr: Subquery): string {
  const step = expr.stepMs === null ? '' : formatDurationMs(expr.stepMs)
  return `[${formatDurationMs(expr.rangeMs)}:${step}]${momentText(expr)}`
}

function headOf({ op, grouping: { mode, labels } }: Aggregation): string {
  return mode === 'by' && labels.length === 0 ? op : `${op} ${mode} (${labels.join(', ')}) `
}

function operatorOf({ op, bool, matching }: BinaryExpr): string {
  const { mode, labels, group, include } = matching
  const isTold = mode === 'on' || labels.length > 0 || group !== null
  return [
    op,
    ...(bool ? ['bool'] : []),
    ...(isTold ? [`${mode} (${labels.join(', ')})`] : []),
    ...(group ? [`group_${group} (${include.join(', ')})`] : []),
  ].join(' ')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
