import { type Expr, type FunctionCall, isComparison, unwrapped } from './ast.ts'
import type { Parsed } from './parse.ts'

/** No series is called so: nobody can write an empty line into a name. */
const nothing = 'belfry:no such series'

/**
 * The text of an expression whose result holds every set of labels that this one looks at, whether its condition lets it
 * through or not: `x > 1` becomes `x > bool 1`, and `absent` speaks always. What presenceOf is for trees, for where an
 * expression is asked as text.
 */
export function lookedText({ text, expr }: Parsed): string {
  const write = (node: Expr): string => {
    const between = (left: Expr, right: Expr) => text.slice(left.span.to, right.span.from)
    switch (node.type) {
      case 'paren':
        return `(${write(node.inner)})`
      case 'binary': {
        const { left, right, op } = node
        if (op === 'and' || op === 'unless') return write(left)
        if (op === 'or') return `${write(left)}${between(left, right)}${write(right)}`
        if (!isComparison(op) || node.bool) return text.slice(node.span.from, node.span.to)
        const operator = between(left, right).replace(/^((?:\s|#.*\n)*)(==|!=|<=|>=|<|>)/, '$1$2 bool ')
        return `${write(left)}${operator}${write(right)}`
      }
      case 'call':
        return node.name.startsWith('absent') ? absentText(node) : text.slice(node.span.from, node.span.to)
      default:
        return text.slice(node.span.from, node.span.to)
    }
  }
  return write(expr)
}

/** It gives the labels of its selector's equality matchers. */
function absentText(call: FunctionCall): string {
  const arg = call.args[0] ? unwrapped(call.args[0]) : undefined
  const selector = arg?.type === 'matrix-selector' ? arg.selector : arg
  if (selector?.type !== 'vector-selector') return 'vector(1)'
  const matchers = selector.matchers
    .filter(({ label, op }) => label !== '__name__' && op === '=')
    .map(({ label, value }) => `, ${label}=${JSON.stringify(value)}`)
  return `absent({__name__=${JSON.stringify(nothing)}${matchers.join('')}})`
}
