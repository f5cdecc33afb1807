import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInValues } from '#shared/domain/dashboard/built-in.ts'
import {
  interpolate,
  interpolatePromql,
  interpolateUrl,
  plainValue,
  type Scope,
  type VariableValue,
  variablesIn,
} from '#shared/domain/dashboard/interpolate.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import { parsePromql } from '#shared/promql/parse.ts'

const several = (...values: string[]): VariableValue => ({ values, texts: values, isMulti: true, all: null })
const everything: VariableValue = { values: ['a', 'b'], texts: ['All'], isMulti: true, all: '.*' }
const scope: Scope = new Map([
  ['job', plainValue('node')],
  ['host', several('web-1', 'web.2')],
  ['one', several('10.0.0.1:9100')],
  ['quote', plainValue('say "hi" \\ \'there\'')],
  ['none', several()],
  ['any', everything],
  ['metric', plainValue('up')],
])

describe('interpolatePromql', () => {
  it.each([
    ['up{job="$job"}', 'up{job="node"}'],
    [`up{job="\${job}"}`, 'up{job="node"}'],
    ['$metric{job=~"$job"}', 'up{job=~"node"}'],
    ['up{instance=~"$host"}', 'up{instance=~"(web-1|web\\\\.2)"}'],
    ["up{instance=~'$host'}", "up{instance=~'(web-1|web\\\\.2)'}"],
    ['up{instance=~`$host`}', 'up{instance=~`(web-1|web\\.2)`}'],
    ['up{instance="$one"}', 'up{instance="10.0.0.1:9100"}'],
    ['up{instance=~"$one"}', 'up{instance=~"10\\\\.0\\\\.0\\\\.1:9100"}'],
    ['up{instance!~"$any"}', 'up{instance!~".*"}'],
    ['up{instance=~"$none"}', 'up{instance=~"([^\\\\s\\\\S])"}'],
    ['up{a="$quote"}', 'up{a="say \\"hi\\" \\\\ \'there\'"}'],
    ["up{a='$quote'}", "up{a='say \"hi\" \\\\ \\'there\\''}"],
    ['sum by ($host) (up)', 'sum by (web-1,web.2) (up)'],
    [`up{a=~"\${host:pipe}"}`, 'up{a=~"web-1|web.2"}'],
    [`up{a=~"\${host:regex}"}`, 'up{a=~"(web-1|web\\\\.2)"}'],
    [`sum by (\${host:csv}) (up)`, 'sum by (web-1,web.2) (up)'],
    [`f(\${host:doublequote})`, 'f("web-1","web.2")'],
    [`up{a="$unknown"} > \${alsoUnknown}`, `up{a="$unknown"} > \${alsoUnknown}`],
    [`up{a="\${job:nonsense}"}`, `up{a="\${job:nonsense}"}`],
    ['up # "$job is said\n', 'up # "node is said\n'],
  ])('makes of %s %s', (expr, made) => {
    expect(interpolatePromql(expr, scope)).toBe(made)
  })

  it('lets no value leave the string it stands in', () => {
    const values = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(values, fc.constantFrom('"', "'"), fc.constantFrom('=', '=~', '!=', '!~'), (chosen, quote, op) => {
        const value = { values: chosen, texts: chosen, isMulti: chosen.length > 1 || op.endsWith('~'), all: null }
        const { expr } = parsePromql(
          interpolatePromql(`up{a=${quote}b${quote},c${op}${quote}$v${quote}}`, new Map([['v', value]])),
        )
        expect(expr.type).toBe('vector-selector')
        const matchers = expr.type === 'vector-selector' ? expr.matchers : []
        expect(matchers.map(({ label }) => label).toSorted()).toEqual(['__name__', 'a', 'c'])
      }),
    )
  })

  it('matches exactly the chosen values', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 8 })
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), text, (chosen, other) => {
        const value = { values: chosen, texts: chosen, isMulti: true, all: null }
        const { expr } = parsePromql(interpolatePromql('up{c=~"$v"}', new Map([['v', value]])))
        const matcher = expr.type === 'vector-selector' ? expr.matchers.find(({ label }) => label === 'c') : undefined
        if (!matcher) throw new Error('expected a matcher')
        const matches = compileMatcher(matcher)
        for (const one of chosen) expect(matches(one)).toBe(true)
        expect(matches(other)).toBe(chosen.includes(other))
      }),
    )
  })
})

describe('interpolate', () => {
  it.each([
    ['Requests of $host', 'Requests of web-1, web.2'],
    [`\${host:text}`, 'web-1 + web.2'],
    ['$any hosts, $$5', 'All hosts, $$5'],
    [`\${host:json} \${job:json}`, '["web-1","web.2"] "node"'],
    [`\${host:glob} \${job:glob} \${quote:sqlstring}`, "{web-1,web.2} node 'say \"hi\" \\ ''there'''"],
    [`\${constructor} $__proto__`, `\${constructor} $__proto__`],
  ])('makes of %s %s', (text, made) => {
    expect(interpolate(text, scope)).toBe(made)
  })

  it('keeps values within their part of an address', () => {
    const hostile = new Map([['v', plainValue("a/../b?x=1&y='#\ud800")]])
    expect(interpolateUrl('/d/$v', hostile)).toBe('/d/a%2F..%2Fb%3Fx%3D1%26y%3D%27%23%EF%BF%BD')
    expect(interpolateUrl(`/d?\${host:queryparam}`, scope)).toBe('/d?var-host=web-1&var-host=web.2')
  })

  it('finds each name once', () => {
    expect(variablesIn(`$a \${b:csv} $a $__interval`)).toEqual(['a', 'b', '__interval'])
  })
})

describe('built-in variables', () => {
  it('tell the step and the range', () => {
    const values = builtInValues({ from: 0, to: 3_600_000, stepMs: 30_000 })
    expect(interpolatePromql('rate(x[$__interval]) + increase(x[$__range]) + $__range_s', values)).toBe(
      'rate(x[30s]) + increase(x[1h]) + 3600',
    )
  })

  it.each([
    [5000, 15_000, '1m'],
    [60_000, 15_000, '1m15s'],
    [1000, 1000, '4s'],
  ])('a rate over a step of %d ms with samples every %d ms goes over %s', (stepMs, scrapeMs, interval) => {
    const values = builtInValues({ from: 0, to: 1, stepMs, scrapeMs })
    expect(interpolatePromql('$__rate_interval', values)).toBe(interval)
  })
})
