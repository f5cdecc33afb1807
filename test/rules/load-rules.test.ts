import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRules } from '#main/rules/load-rules.ts'
import type { Rule } from '#main/rules/rule.ts'

const load = (text: string) => loadRules('rules/test.yml', text, 'file')
const problems = (text: string) => load(text).problems.map(({ line, message }) => `${line}: ${message}`)

describe('rule files', () => {
  it('load as Prometheus reads them', () => {
    const { groups, problems: none } = load(`
groups:
  - name: a
    interval: 1m
    rules:
      - record: job:up:avg
        expr: avg by (job) (up)
        labels: { team: ops }
      - alert: Down
        expr: |
          up == 0
        for: 1h30m
        keep_firing_for: 5m
        labels: { severity: page }
        annotations:
          summary: "{{ $labels.instance }} is down"
          belfry_cooldown: 1h
          belfry_no_data: alert
          belfry_on_error: alert
      - alert: Down
        expr: up == 2
  - name: b
    rules: []
`)
    expect(none).toEqual([])
    expect(groups.map(({ name, everyMs, file }) => [name, everyMs, file])).toEqual([
      ['a', 60_000, 'rules/test.yml'],
      ['b', 15_000, 'rules/test.yml'],
    ])
    const [record, alert, second] = groups[0]?.rules ?? []
    expect(record).toMatchObject({ type: 'record', name: 'job:up:avg', labels: { team: 'ops' } })
    expect(alert).toMatchObject({
      id: 'rules/test.yml;a;Down',
      draft: { expr: 'up == 0', forMs: 5_400_000, keepFiringForMs: 300_000, labels: { severity: 'page' } },
      ...{ cooldownMs: 3_600_000, noData: 'alert', onError: 'alert' },
    })
    const annotations = alert?.type === 'alert' ? alert.annotations : {}
    expect(Object.keys(annotations)).toEqual(['summary'])
    expect(annotations['summary']?.({ labels: { instance: 'a:1' }, value: 0 })).toEqual({
      type: 'text',
      text: 'a:1 is down',
    })
    expect(second?.id).toBe('rules/test.yml;a;Down;2')
  })

  it.each<[string, string, string]>([
    ['no YAML', 'groups: [', '1: no valid YAML'],
    ['a tab', 'groups:\n\t- name: a', '2: no valid YAML'],
    ['a list at the top', '- a', '1: expected the file to be a mapping, got a list'],
    ['an unknown field', 'group: []', '1: expected groups in a rule file, got "group"'],
    ['a group without a name', 'groups:\n  - rules: []', '2: expected a group to have a name'],
    [
      'a group twice',
      'groups:\n  - { name: a, rules: [] }\n  - { name: a, rules: [] }',
      '3: expected group names to differ',
    ],
    ['a limit in words', 'groups:\n  - { name: a, limit: many, rules: [] }', '2: expected limit to be a whole number'],
    [
      'an offset without a unit',
      'groups:\n  - { name: a, query_offset: 5, rules: [] }',
      '2: expected query_offset to be a duration',
    ],
    ['a wrong label', 'groups:\n  - { name: a, labels: { a-b: c }, rules: [] }', '2: labels.a-b: expected a name'],
    ['groups that are no list', 'groups: 5', '1: expected groups to be a list, got 5'],
  ])('that hold %s are told with the line', (_name, text, problem) => {
    expect(problems(text).join('\n')).toContain(problem)
  })

  const withRule = (rule: string) =>
    `groups:\n  - name: a\n    rules:\n      - alert: Good\n        expr: up == 0\n${rule}`

  it.each<[string, string, string]>([
    ['no expression', '      - alert: X', '6: expected a rule to have an "expr"'],
    [
      'a wrong expression',
      '      - alert: X\n        expr: up ==',
      '7: no valid expression, 1:6: the expression ends here',
    ],
    [
      'a wrong for',
      '      - { alert: X, expr: up, for: soon }',
      '6: expected for to be a duration such as 5m, got "soon"',
    ],
    ['neither alert nor record', '      - expr: up', '6: expected a rule to have either "alert" or "record"'],
    ['both', '      - { alert: X, record: y, expr: up }', '6: expected a rule to have either'],
    ['a wrong name', '      - { alert: "a b", expr: up }', '6: alert: expected letters, digits and _ only'],
    ['a wrong metric name', '      - { record: "1x", expr: up }', '6: expected a metric name'],
    ['an unknown field', '      - { alert: X, expr: up, when: now }', '6: expected alert, expr, for'],
    [
      'a belfry map',
      '      - { alert: X, expr: up, belfry: { cooldown: 1h } }',
      'write annotations such as belfry_cooldown',
    ],
    [
      'a template with code',
      '      - alert: X\n        expr: up\n        annotations:\n          a: "{{ exec \\"up\\" }}"',
      '9: annotations.a: expected $value',
    ],
    [
      'a wrong option',
      '      - { alert: X, expr: up, annotations: { belfry_no_data: maybe } }',
      '6: expected belfry_no_data to be keep, alert, ok, got "maybe"',
    ],
    [
      'an unknown option',
      '      - { alert: X, expr: up, annotations: { belfry_colour: red } }',
      '6: expected belfry_no_data',
    ],
    [
      'a reserved label',
      '      - { alert: X, expr: up, labels: { alertname: y } }',
      '6: labels.alertname: is set by Belfry',
    ],
    [
      'labels that are a list',
      '      - { alert: X, expr: up, labels: [a] }',
      '6: expected labels to be a mapping, got a list',
    ],
    ['a rule that is text', '      - hello', '6: expected a rule to be a mapping, got hello'],
    ['a prototype', '      - { alert: X, expr: up, __proto__: { a: 1 } }', '6: expected alert, expr, for'],
  ])('keep the good rules beside one with %s', (_name, rule, problem) => {
    const { groups } = load(withRule(rule))
    expect(problems(withRule(rule)).join('\n')).toContain(problem)
    expect(groups.flatMap((group) => group.rules.map(({ name }: Rule) => name))).toEqual(['Good'])
  })

  it('do not explode through aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 9; level++)
      bomb.push(`b${level}: &b${level} [${Array(9).fill(level === 1 ? '*a' : `*b${level - 1}`)}]`)
    bomb.push('groups: *b8')
    const startedAt = performance.now()
    const { groups } = load(bomb.join('\n'))
    expect(groups).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('may use anchors', () => {
    const text = `groups:\n  - name: a\n    rules:\n      - { alert: X, expr: up, labels: &l { severity: info } }\n      - { alert: Y, expr: up, labels: *l }\n`
    expect(load(text)).toMatchObject({
      problems: [],
      groups: [{ rules: [{ name: 'X' }, { name: 'Y', draft: { labels: { severity: 'info' } } }] }],
    })
  })

  it('are refused beyond a megabyte', () => {
    expect(problems(`# ${'x'.repeat(1_100_000)}`)).toEqual(['null: expected at most 1048576 characters, got 1100002'])
  })

  it('with a thousand rules load, each of them', () => {
    const rules = Array.from(
      { length: 1000 },
      (_, index) =>
        `      - { alert: Rule${index}, expr: 'sum by (a) (rate(x{i="${index}"}[5m])) / on(a) group_left() y > ${index}', for: 5m }`,
    )
    const { groups, problems: none } = load(`groups:\n  - name: many\n    rules:\n${rules.join('\n')}\n`)
    expect(none).toEqual([])
    expect(groups[0]?.rules).toHaveLength(1000)
  })

  it('never throw, whatever stands in them', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void load(text)))
    const parts = [
      'groups:',
      '\n  - ',
      'name: a',
      'rules:',
      '\n      - ',
      'alert: X',
      'expr: ',
      'up[5m',
      '{{',
      '*a',
      '&a ',
      '? ',
      '!!js ',
      '\t',
      '"',
    ]
    fc.assert(fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), (words) => void load(words.join(''))))
  })
})

describe('the shipped rules', () => {
  const directory = resolve(import.meta.dirname, '../../resources/rules')
  it.each(readdirSync(directory))('load without a complaint: %s', (file) => {
    const { groups, problems: none } = loadRules(file, readFileSync(resolve(directory, file), 'utf8'), 'preset')
    expect(none).toEqual([])
    for (const rule of groups.flatMap((group) => group.rules)) {
      if (rule.type !== 'alert') continue
      expect(Object.keys(rule.annotations)).toEqual(expect.arrayContaining(['summary', 'description']))
      expect(['warning', 'error', 'critical']).toContain(rule.draft.labels['severity'])
    }
  })

  it('have names of their own', () => {
    const names = readdirSync(directory).flatMap((file) =>
      loadRules(file, readFileSync(resolve(directory, file), 'utf8'), 'preset').groups.flatMap((group) =>
        group.rules.map(({ name }) => name),
      ),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(15)
  })
})
