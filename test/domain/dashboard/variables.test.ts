import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Variable } from '#shared/domain/dashboard/variable.ts'
import {
  ownOptions,
  parseVariableQuery,
  queryOptions,
  resultLine,
  variableValue,
  variableWaves,
} from '#shared/domain/dashboard/variables.ts'

const query = (name: string, text: string, more: object = {}) => {
  const variable = Variable.parse({ type: 'query', name, query: text, ...more })
  if (variable.type !== 'query') throw new Error('expected a query')
  return variable
}
const range = { from: 0, to: 3_600_000 }
const names = (waves: readonly (readonly Variable[])[]) => waves.map((wave) => wave.map(({ name }) => name))

describe('variables that need each other', () => {
  it('are asked for in waves', () => {
    const variables = [
      query('pod', 'label_values(up{job="$job", host=~"$host"}, pod)'),
      query('host', 'label_values(up{job="$job"}, host)'),
      query('job', 'label_values(up, job)'),
      Variable.parse({ type: 'textbox', name: 'text' }),
    ]
    expect(names(variableWaves(variables).waves)).toEqual([['job', 'text'], ['host'], ['pod']])
  })

  it('are refused in a circle, which is named', () => {
    const variables = [
      query('start', 'label_values(up{a="$a"}, x)'),
      query('a', 'label_values(up{b="$b"}, x)'),
      query('b', 'label_values(up{a="$a"}, x)'),
    ]
    expect(variableWaves(variables)).toEqual({ waves: [], cycle: ['a', 'b', 'a'] })
    expect(variableWaves([query('me', 'label_values(up{a="$me"}, x)')]).cycle).toEqual(['me', 'me'])
  })

  it('each come once and after what they need, or there is a circle', () => {
    const edges = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 12 })
    fc.assert(
      fc.property(edges, (needs) => {
        const variables = Array.from({ length: 7 }, (_, i) => {
          const needed = needs.filter(([from]) => from === i).map(([, to]) => `$v${to}`)
          return query(`v${i}`, `label_values(up{a="${needed.join('')}"}, x)`)
        })
        const { waves, cycle } = variableWaves(variables)
        if (cycle) {
          expect(cycle.at(-1)).toBe(cycle[0])
          for (const [i, name] of cycle.slice(0, -1).entries()) {
            expect(variables.find((one) => one.name === name)?.query).toContain(`$${cycle[i + 1]}`)
          }
          return
        }
        const order = names(waves).flat()
        expect(order.toSorted()).toEqual(variables.map(({ name }) => name))
        for (const [from, to] of needs) expect(order.indexOf(`v${to}`)).toBeLessThan(order.indexOf(`v${from}`))
      }),
    )
  })
})

describe('the query of a variable', () => {
  it.each([
    ['label_values(job)', { kind: 'label-values', label: 'job', selector: '' }],
    ['label_values(up, job)', { kind: 'label-values', label: 'job', selector: 'up' }],
    [
      ' label_values(up{a="x, y", b=~"(1|2)"},job) ',
      { kind: 'label-values', label: 'job', selector: 'up{a="x, y", b=~"(1|2)"}' },
    ],
    ['label_values(up, $label)', { kind: 'label-values', label: '$label', selector: 'up' }],
    ['label_names()', { kind: 'label-names', selector: '' }],
    ['metrics(node_.*)', { kind: 'metrics', regex: 'node_.*' }],
    ['query_result(topk(5, sum by (a) (up)))', { kind: 'query-result', expr: 'topk(5, sum by (a) (up))' }],
  ])('%s is understood', (text, parsed) => {
    expect(parseVariableQuery(text)).toEqual(parsed)
  })

  it.each([['up'], ['label_values()'], ['query_result()'], ['']])('%j is refused', (text) => {
    expect(() => parseVariableQuery(text)).toThrow(/^expected label_values\(label\), .* came "/)
  })
})

describe('what a query variable offers', () => {
  it.each([
    ['none', ['b10', 'b2', 'a']],
    ['alphabetical', ['a', 'b10', 'b2']],
    ['alphabetical-descending', ['b2', 'b10', 'a']],
    ['numerical', ['b2', 'b10', 'a']],
    ['numerical-descending', ['a', 'b10', 'b2']],
    ['natural', ['a', 'b2', 'b10']],
  ])('is sorted: %s', (sort, values) => {
    expect(queryOptions(query('v', 'metrics()', { sort }), ['b10', 'b2', 'a', 'b2']).map(({ value }) => value)).toEqual(
      values,
    )
  })

  it('is cut by its regular expression', () => {
    const lines = [resultLine({ __name__: 'up', instance: 'web-1:9100', job: 'node' }, 1, 5), 'nothing of it']
    expect(lines[0]).toBe('up{instance="web-1:9100",job="node"} 1 5')
    expect(queryOptions(query('v', 'metrics()', { regex: 'instance="([^":]*)' }), lines)).toEqual([
      { value: 'web-1', text: 'web-1' },
    ])
    const named = 'instance="(?P<text>[^":]*):(?P<value>\\d+)'
    expect(queryOptions(query('v', 'metrics()', { regex: named }), lines)).toEqual([{ value: '9100', text: 'web-1' }])
    expect(queryOptions(query('v', 'metrics()', { regex: 'nothing' }), lines)).toEqual([
      { value: 'nothing of it', text: 'nothing of it' },
    ])
  })

  it('needs a regular expression that is one', () => {
    expect(Variable.safeParse({ type: 'query', name: 'v', query: 'metrics()', regex: '(' }).success).toBe(false)
    expect(() => queryOptions({ ...query('v', 'metrics()'), regex: '(' }, ['a'])).toThrow(
      /needs a regular expression as RE2/,
    )
  })
})

describe('the value of a variable', () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, text: value.toUpperCase() }))
  const multi = query('v', 'metrics()', { isMulti: true, includesAll: true })

  it.each<[string, Variable, readonly string[] | null, unknown]>([
    ['what is chosen', multi, ['c', 'a'], { values: ['a', 'c'], texts: ['A', 'C'], isMulti: true, all: null }],
    ['all', multi, ['$__all'], { values: ['a', 'b', 'c'], texts: ['All'], isMulti: true, all: null }],
    [
      'all where what is chosen is gone',
      multi,
      ['x'],
      { values: ['a', 'b', 'c'], texts: ['All'], isMulti: true, all: null },
    ],
    [
      'the first option where nothing is chosen',
      query('v', 'metrics()'),
      null,
      { values: ['a'], texts: ['A'], isMulti: false, all: null },
    ],
    [
      'one where only one may be chosen',
      query('v', 'metrics()'),
      ['b', 'c'],
      { values: ['b'], texts: ['B'], isMulti: false, all: null },
    ],
    [
      'what the author wrote for all',
      { ...multi, allValue: '.+' },
      ['$__all'],
      { values: ['a', 'b', 'c'], texts: ['All'], isMulti: true, all: '.+' },
    ],
  ])('is %s', (_, variable, chosen, value) => {
    expect(variableValue(variable, options, chosen, range)).toEqual(value)
  })

  it('is a round step where an interval is automatic', () => {
    const interval = Variable.parse({
      type: 'interval',
      name: 'i',
      options: ['1m', '5m'],
      hasAuto: true,
      autoSteps: 30,
    })
    expect(ownOptions(interval).map(({ value }) => value)).toEqual(['auto', '1m', '5m'])
    expect(variableValue(interval, [], ['auto'], range).values).toEqual(['2m'])
    expect(variableValue(interval, [], ['5m'], range).values).toEqual(['5m'])
    expect(variableValue(interval, [], ['7m'], range).values).toEqual(['1m'])
  })

  it('is the text of a text box and of a constant', () => {
    expect(variableValue(Variable.parse({ type: 'textbox', name: 't', current: 'x' }), [], null, range).values).toEqual(
      ['x'],
    )
    expect(variableValue(Variable.parse({ type: 'constant', name: 'c', value: 'y' }), [], ['z'], range).values).toEqual(
      ['y'],
    )
  })
})
