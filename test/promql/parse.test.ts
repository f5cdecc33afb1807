import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { Expr, Moment } from '#shared/promql/ast.ts'
import { parsePromql } from '#shared/promql/parse.ts'

const momentOf = ({ at, offsetMs }: Moment) => `${at === null ? '' : `@${at}`}${offsetMs === 0 ? '' : `-${offsetMs}`}`

/** The tree as a fully parenthesised text, so that precedence can be seen. */
function shape(expr: Expr): string {
  switch (expr.type) {
    case 'number':
      return String(expr.value)
    case 'string':
      return JSON.stringify(expr.value)
    case 'vector-selector': {
      const matchers = expr.matchers.map(({ label, op, value }) => `${label}${op}${value}`).join(',')
      return `{${matchers}}${momentOf(expr)}`
    }
    case 'matrix-selector':
      return `${shape(expr.selector)}[${expr.rangeMs}]`
    case 'subquery':
      return `${shape(expr.inner)}[${expr.rangeMs}:${expr.stepMs ?? ''}]${momentOf(expr)}`
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
    ['2 ^ -1 * 3', '((2 ^ -1) * 3)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['a - 1 - 2', '(({__name__=a} - 1) - 2)'],
    ['a -1', '({__name__=a} - 1)'],
    ['a or b and c', '({__name__=a} or ({__name__=b} and {__name__=c}))'],
    ['a == bool 1 + 1', '({__name__=a} == bool (1 + 1))'],
    ['x{a="b",c!~"d.*",}', '{__name__=x,a=b,c!~d.*}'],
    ['{"foo.bar", "a b"=\'c\'}', '{__name__=foo.bar,a b=c}'],
    ['x offset 1h30m', '{__name__=x}-5400000'],
    ['x offset -5m', '{__name__=x}--300000'],
    ['rate(x[5m] offset 1m)', 'rate({__name__=x}-60000[300000])'],
    ['x{a="\\"\\u00e9\\n"}', '{__name__=x,a="é\n}'],
    ['sum by (a, b) (x)', 'sum by[a,b]({__name__=x})'],
    ['SUM(x) WITHOUT (a)', 'sum without[a]({__name__=x})'],
    ['topk(3, x)', 'topk by[](3; {__name__=x})'],
    ['a / on(i) group_left(n) b', '({__name__=a} / on[i] left[n] {__name__=b})'],
    ['a > ignoring(i) b', '({__name__=a} > ignoring[i] {__name__=b})'],
    ['0x1F + 1e3 + .5 + 1_000', '(((31 + 1000) + 0.5) + 1000)'],
    ['x > 5m', '({__name__=x} > 300)'],
    ['sum', '{__name__=sum}'],
    ['x @ 5', '{__name__=x}@5000'],
    ['x @ -1.5 offset -5m', '{__name__=x}@-1500--300000'],
    ['x offset 5m @ start()', '{__name__=x}@start-300000'],
    ['sum_over_time(x[5m] @ end())', 'sum_over_time({__name__=x}@end[300000])'],
    ['x[300]', '{__name__=x}[300000]'],
    ['x[5m:]', '{__name__=x}[300000:]'],
    ['rate(x[5m])[1h:1m] @ 5 offset 1d', 'rate({__name__=x}[300000])[3600000:60000]@5000-86400000'],
    ['max_over_time((x > 1)[5m:10s])', 'max_over_time(({__name__=x} > 1)[300000:10000])'],
    ['holt_winters(x[5m], 0.5, 0.1)', 'holt_winters({__name__=x}[300000], 0.5, 0.1)'],
    ['x{a="holt_winters("}', '{__name__=x,a=holt_winters(}'],
    ['round(x) + round(x, 5)', '(round({__name__=x}) + round({__name__=x}, 5))'],
    ['hour() + day_of_year(x)', '(hour() + day_of_year({__name__=x}))'],
    ['label_join(x, "d", "-", "a", "b")', 'label_join({__name__=x}, "d", "-", "a", "b")'],
    ['count_values("v", x)', 'count_values by[]("v"; {__name__=x})'],
    ['a atan2 on(i) b', '({__name__=a} atan2 on[i] {__name__=b})'],
    ['start + end', '({__name__=start} + {__name__=end})'],
    ['a - a offset 5m', '({__name__=a} - {__name__=a}-300000)'],
    [
      'a + b offset 5m * c @ 5 > max_over_time(d[5m:])',
      '(({__name__=a} + ({__name__=b}-300000 * {__name__=c}@5000)) > max_over_time({__name__=d}[300000:]))',
    ],
    ['-a @ 5', '(-{__name__=a}@5000)'],
    ['-max_over_time(a[5m:])', '(-max_over_time({__name__=a}[300000:]))'],
    ['a @ 120 + b @ -2700', '({__name__=a}@120000 + {__name__=b}@-2700000)'],
    ['- 1 * -a ^ - 2', '(-1 * (-({__name__=a} ^ -2)))'],
    ['1 - -1', '(1 - -1)'],
    ['a * on(i) b offset 1h or c', '(({__name__=a} * on[i] {__name__=b}-3600000) or {__name__=c})'],
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
    ['histogram_quantile(x)', '1:1', 'histogram_quantile takes 2 arguments, got 1'],
    ['1 + histogram_count(x)', '1:5', 'works on native histograms, which Belfry does not keep: it is not supported'],
    ['info(x)', '1:1', 'the function info is experimental in Prometheus: it is not supported'],
    ['limitk(2, x)', '1:1', 'limitk is experimental in Prometheus and not supported'],
    ['x + fill(0) y', '1:5', 'fill(0) is experimental in Prometheus and not supported'],
    ['rate(x[5m] smoothed)', '1:6', 'smoothed is experimental in Prometheus and not supported'],
    ['x[5m + 1m]', '1:3', 'arithmetic on durations'],
    ['RATE(x[5m])', '1:1', 'there is no function named "RATE"'],
    ['round(x, 1, 2)', '1:1', 'round takes 1 to 2 arguments, got 3'],
    ['time(1)', '1:1', 'time takes no arguments, got 1'],
    ['label_join(x, "a")', '1:1', 'label_join takes at least 3 arguments, got 2'],
    ['count_values(1, x)', '1:14', 'count_values needs a string, got a number'],
    ['count_values(x)', '1:1', 'count_values needs a label and a vector'],
    ['quantile(x)', '1:1', 'quantile needs a number and a vector'],
    ['rate(x[5m:1m:1m])', '1:13', 'unexpected ":1m])" in a subquery'],
    ['1[5m:]', '1:1', 'a subquery needs an instant vector, got a number'],
    ['sum(x)[5m]', '1:1', 'another expression takes a subquery such as [5m:1m]'],
    ['x offset 5m [5m]', '1:1', 'expected the range directly behind the selector, before offset and @'],
    ['x[5m:-1m]', '1:6', 'expected a step such as 5m above zero'],
    ['x @ 5 @ 6', '1:1', 'expected one @ only, got two'],
    ['x offset 5m offset 6m', '1:1', 'expected one offset only, got two'],
    ['x @ Inf', '1:5', 'expected seconds since 1970 after @, got Inf'],
    ['sum(x) @ 5', '1:1', 'expected @ directly behind a selector or a subquery'],
    ['x{a=~"("}', '1:1', 'needs a regular expression as RE2 knows it'],
    ['1 < 2', '1:1', 'a comparison of two numbers needs bool'],
    ['x and 1', '1:1', 'and works between instant vectors only'],
    ['x + bool y', '1:1', 'bool belongs to comparisons only'],
    ['{}', '1:1', 'expected a metric name or a matcher'],
    ['{a=~".*"}', '1:1', 'expected a metric name or a matcher'],
    ['topk(x)', '1:1', 'topk needs a number and a vector'],
    ['x[0s]', '1:3', 'expected a range such as 5m above zero'],
    ['-"a"', '1:1', '- needs a number or an instant vector, got a string'],
    ['x + on(a) 1', '1:1', 'on, ignoring and group need an instant vector on both sides'],
    ['sum(x) offset 5m', '1:1', 'expected offset directly behind a selector or a subquery'],
    ['"open', '1:1', 'expected a string with valid escapes'],
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

  it.each([
    ['parentheses', `${'('.repeat(40_000)}1${')'.repeat(40_000)}`, /at most 200 expressions within each other/],
    ['signs', `${'-'.repeat(90_000)}1`, /at most 1000 operators in a chain/],
    ['calls', 'abs('.repeat(20_000), /at most 200 expressions within each other/],
    ['sums', `a${' + a'.repeat(20_000)}`, /at most 1000 operators in a chain/],
    [
      'alternatives',
      `long_name_of_a_metric{}${' or long_name_of_a_metric{}'.repeat(3000)}`,
      /at most 1000 operators in a chain/,
    ],
    ['braces', '{'.repeat(90_000), /unexpected "{{{/],
    ['words', 'a '.repeat(45_000), /unexpected "a a a/],
    ['an open string', `x{a="${'b'.repeat(90_000)}`, /the expression ends here/],
    ['more than that', 'x'.repeat(100_001), /at most 100000 characters/],
  ])('refuses a hundred kilobytes of %s quickly and clearly', (_what, text, message) => {
    const startedMs = performance.now()
    expect(() => parsePromql(text)).toThrow(message)
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })

  it('takes a hundred kilobytes that are no deeper than they are wide', () => {
    const labels = Array.from({ length: 5000 }, (_, index) => `label_${index}="${index}"`).join(',')
    expect(parsePromql(`sum(x{${labels}})`).expr.type).toBe('aggregation')
    expect(parsePromql(`long_name_of_a_metric{}${' or long_name_of_a_metric{}'.repeat(990)}`).expr.type).toBe('binary')
    expect(parsePromql(`a${' + a'.repeat(990)}`).expr.type).toBe('binary')
  })

  it('is not fooled by names that every object has', () => {
    expect(() => parsePromql('constructor(x)')).toThrow(/no function named "constructor"/)
    expect(shape(parsePromql('sum by (__proto__, constructor) (toString)').expr)).toBe(
      'sum by[__proto__,constructor]({__name__=toString})',
    )
  })
})
