import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { Expr } from '#shared/promql/ast.ts'
import { parsePromql } from '#shared/promql/parse.ts'

/** The tree as a fully parenthesised text, so that precedence can be seen. */
function shape(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return String(expr.value)
    case 'string':
      return JSON.stringify(expr.value)
    case 'vector-selector': {
      const matchers = expr.matchers.map(({ label, op, value }) => `${label}${op}${value}`).join(',')
      return `{${matchers}}${expr.offsetMs ? `@-${expr.offsetMs}` : ''}`
    }
    case 'matrix-selector':
      return `${shape(expr.selector)}[${expr.rangeMs}]`
    case 'paren':
      return shape(expr.inner)
    case 'unary':
      return `(${expr.op}${shape(expr.operand)})`
    case 'call':
      return `${expr.name}(${expr.args.map(shape).join(', ')})`
    case 'aggregation': {
      const { mode, labels } = expr.grouping
      const parameter = expr.parameter ? `${shape(expr.parameter)}; ` : ''
      return `${expr.op} ${mode}[${labels}](${parameter}${shape(expr.operand)})`
    }
    case 'binary': {
      const { mode, labels, group, include } = expr.matching
      const matching = `${mode === 'on' || labels.length ? ` ${mode}[${labels}]` : ''}${group ? ` ${group}[${include}]` : ''}`
      return `(${shape(expr.left)} ${expr.op}${expr.bool ? ' bool' : ''}${matching} ${shape(expr.right)})`
    }
  }
}

describe('parsing', () => {
  it.each([
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['-2 ^ 2', '(-(2 ^ 2))'],
    ['2 ^ -1 ^ 2', '(2 ^ (-(1 ^ 2)))'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['a - 1 - 2', '(({__name__=a} - 1) - 2)'],
    ['a -1', '({__name__=a} - 1)'],
    ['a or b and c', '({__name__=a} or ({__name__=b} and {__name__=c}))'],
    ['a == bool 1 + 1', '({__name__=a} == bool (1 + 1))'],
    ['x{a="b",c!~"d.*",}', '{__name__=x,a=b,c!~d.*}'],
    ['{"foo.bar", "a b"=\'c\'}', '{__name__=foo.bar,a b=c}'],
    ['x offset 1h30m', '{__name__=x}@-5400000'],
    ['x offset -5m', '{__name__=x}@--300000'],
    ['rate(x[5m] offset 1m)', 'rate({__name__=x}@-60000[300000])'],
    ['x{a="\\"\\u00e9\\n"}', '{__name__=x,a="é\n}'],
    ['sum by (a, b) (x)', 'sum by[a,b]({__name__=x})'],
    ['SUM(x) WITHOUT (a)', 'sum without[a]({__name__=x})'],
    ['topk(3, x)', 'topk by[](3; {__name__=x})'],
    ['a / on(i) group_left(n) b', '({__name__=a} / on[i] left[n] {__name__=b})'],
    ['a > ignoring(i) b', '({__name__=a} > ignoring[i] {__name__=b})'],
    ['0x1F + 1e3 + .5 + 1_000', '(((31 + 1000) + 0.5) + 1000)'],
    ['x > 5m', '({__name__=x} > 300)'],
    ['sum', '{__name__=sum}'],
    ['# why\nx # there', '{__name__=x}'],
  ])('reads %s', (text, expected) => {
    expect(shape(parsePromql(text).expr)).toBe(expected)
  })

  it.each([
    ['', '1:1', 'the expression ends here'],
    ['1 +', '1:4', 'the expression ends here'],
    ['sum(x', '1:6', 'the expression ends here'],
    ['x{a="b"}}', '1:9', 'unexpected "}"'],
    ['x >\n  )', '2:3', 'unexpected ")"'],
    ['nope(x)', '1:1', 'there is no function named "nope"'],
    ['rate(x)', '1:6', 'rate needs a range vector such as x[5m], got an instant vector'],
    ['abs(x[5m])', '1:5', 'abs needs an instant vector, got a range vector'],
    ['rate(x[5m], 1)', '1:1', 'rate takes one argument, got 2'],
    ['histogram_quantile(0.9, x)', '1:1', 'the function histogram_quantile is not supported yet'],
    ['stddev(x)', '1:1', 'the aggregation stddev is not supported yet'],
    ['quantile(x)', '1:1', 'quantile needs a number and a vector'],
    ['rate(x[5m:1m])', '1:6', 'subqueries'],
    ['1 + x @ 5', '1:7', 'the @ modifier is not supported yet'],
    ['1 < 2', '1:1', 'a comparison of two numbers needs bool'],
    ['x and 1', '1:1', 'and works between instant vectors only'],
    ['x + bool y', '1:1', 'bool belongs to comparisons only'],
    ['{}', '1:1', 'expected a metric name or a matcher'],
    ['{a=~".*"}', '1:1', 'expected a metric name or a matcher'],
    ['topk(x)', '1:1', 'topk needs a number and a vector'],
    ['x[0s]', '1:3', 'expected a range such as 5m above zero'],
    ['-"a"', '1:1', '- needs a number or an instant vector, got a string'],
    ['x + on(a) 1', '1:1', 'on, ignoring and group need an instant vector on both sides'],
    ['sum(x) offset 5m', '1:1', 'directly after a selector'],
    ['x{a="\\q"}', '1:5', 'expected a string with valid escapes'],
    ['a / on(i) group_left(i) b', '1:1', 'the label i stands in both'],
  ])('refuses %s at %s', (text, position, message) => {
    let caught: unknown = null
    try {
      parsePromql(text)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(AppError)
    if (!(caught instanceof AppError)) return
    expect(caught.code).toBe('invalid')
    expect(caught.message).toContain(message)
    expect(caught.issues[0]?.path).toBe(position)
  })

  it('refuses what would exhaust the stack, with a message', () => {
    expect(() => parsePromql(`${'('.repeat(1000)}1${')'.repeat(1000)}`)).toThrow(/nested/)
    expect(() => parsePromql(`${'('.repeat(9000)}1${')'.repeat(9000)}`)).toThrow(/unexpected/)
    expect(() => parsePromql('x'.repeat(30_000))).toThrow(/at most 20000 characters/)
  })

  it('is not fooled by names that every object has', () => {
    expect(() => parsePromql('constructor(x)')).toThrow(/no function named "constructor"/)
    expect(shape(parsePromql('sum by (__proto__, constructor) (toString)').expr)).toBe(
      'sum by[__proto__,constructor]({__name__=toString})',
    )
  })
})
