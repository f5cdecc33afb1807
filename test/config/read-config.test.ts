import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sourceOf, withEntry } from '#main/config/edit-config.ts'
import { maxConfigBytes } from '#main/config/parse-yaml.ts'
import { noReferences, readConfig } from '#main/config/read-config.ts'
import { fieldsOf, idFromName, plainDefaults } from '#shared/config/check-entry.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { Settings } from '#shared/contract/settings.ts'

const checks = [
  { kind: 'http', config: z.strictObject({ url: z.string(), headers: z.record(z.string(), z.string()).default({}) }) },
  { kind: 'any', config: z.record(z.string(), z.json()) },
]
const kinds = { checks, collectors: [] }
const read = (text: string) => readConfig([{ file: 'belfry.yaml', text }], kinds)
const told = (text: string) => read(text).problems.map(({ line, path, message }) => `${line} ${path}: ${message}`)

describe('readConfig', () => {
  it.each([
    ['an unknown section', 'chekcs: []', '1 chekcs: "chekcs" is not known here: did you mean "checks"?'],
    [
      'an unknown field',
      'appearance:\n  theme: dark\n  thme: x',
      '3 appearance.thme: "thme" is not known here: did you mean "theme"?',
    ],
    [
      'a wrong choice',
      '\nappearance: { theme: drak }',
      '2 appearance.theme: expected system, dark or light, came "drak": did you mean "dark"?',
    ],
    [
      'a duration without a unit',
      'collection:\n  fast: 5',
      '2 collection.fast: expected a duration such as 30s, came the number 5: add its unit.',
    ],
    [
      'a duration out of range',
      'collection: { fast: 100ms }',
      '1 collection.fast: expected between 1s and 1m, came "100ms".',
    ],
    [
      'a broken day',
      'storage: { retention: { raw: 36h } }',
      '1 storage.retention.raw: expected whole days such as 15d, came "1d12h".',
    ],
    ['a port out of range', 'console: {port: 70000}', '1 console.port: expected at most 65535, came the number 70000.'],
    ['a fraction', 'console: {port: 1.5}', '1 console.port: expected a whole number, came the number 1.5.'],
    [
      'a time zone',
      'appearance: {timeZone: Berlin}',
      '1 appearance.timeZone: expected local, UTC or a name such as Europe/Berlin, came "Berlin".',
    ],
    ['a section of the wrong shape', 'log: loud', '1 log: expected a group of fields, came "loud".'],
    ['checks that are no list', 'checks: {a: 1}', '1 checks: expected a list of checks, each beginning with a dash.'],
    [
      'a check without a name',
      'checks:\n  - kind: http\n',
      '2 checks[0].name: expected text, but it is missing: add it.',
    ],
    [
      'a name that YAML takes for a number',
      'checks:\n  - {kind: any,\n     name: 404}',
      '3 checks[0].name: expected text, came the number 404: put it in quotes.',
    ],
    [
      'an unknown kind',
      'checks: [{name: a, kind: htpp}]',
      '1 checks[0].kind: There is no such kind: "htpp" is not known here: did you mean "http"?',
    ],
    [
      "an unknown option of the check's kind",
      'checks:\n  - name: a\n    kind: http\n    config:\n      url: x\n      headrs: {}\n',
      '6 checks[0].config.headrs: "headrs" is not known here: did you mean "headers"?',
    ],
    ['a newer version', 'version: 2', '1 version'],
    ['a list at the top', '- a\n- b', '1 : expected sections'],
    ['two documents', 'version: 1\n---\nversion: 1\n', '2 : This is not YAML'],
    ['a tab', 'checks:\n\t- a', '2 : This is not YAML'],
    ['a doubled key', 'log: {}\nlog: {}', '2 : This is not YAML: Map keys must be unique'],
    ['a prototype', 'checks:\n  - name: a\n    labels: {__proto__: x}', '3 : "__proto__" cannot be'],
    ['an unknown tag', 'log: !!js/function "x"', '1 : Unresolved tag'],
  ])('names %s with line, place, reason', (_, text, expected) => {
    expect(told(text).join('\n')).toContain(expected.replace('1 version', '1 : expected version 1, came 2'))
  })

  it('uses everything that is good beside what is broken', () => {
    const { config, problems } = read(`
appearance: { theme: nope, density: compact }
storage: { retention: { raw: 5d, hour: soon }, maxActiveSeries: 500 }
checks:
  - { name: good, kind: http, every: 30s, config: { url: https://a.example } }
  - { name: bad, kind: http, every: 30, config: { url: https://a.example } }
  - { name: good, kind: http, config: { url: https://a.example } }
  - nonsense
  - { name: also good, kind: any }
`)
    expect(config.settings.appearance).toEqual({ theme: 'system', density: 'compact', timeZone: 'local' })
    expect(config.settings.storage).toEqual({
      rawDays: 5,
      fiveMinuteDays: 180,
      hourDays: 1095,
      maxActiveSeries: 500,
      maxBytes: 0,
    })
    expect(config.checks.map((check) => check.id)).toEqual(['good', 'also-good'])
    expect(problems.map((problem) => problem.line)).toEqual([2, 3, 6, 7, 8])
  })

  it('leaves out the broken entries of a list, and no others', () => {
    const { config, problems } = read('rules:\n  disabled: [A, 1, B, {}, C]\n  files: none\n')
    expect(config.rules).toEqual({ files: ['rules/*.yml'], disabled: ['A', 'B', 'C'] })
    expect(problems.map(({ path }) => path).sort()).toEqual(['rules.disabled[1]', 'rules.disabled[3]', 'rules.files'])
  })

  it.each([
    ['a billion laughs', bomb()],
    ['endless nesting', `checks: ${'['.repeat(50_000)}`],
    ['too large a file', `# ${'x'.repeat(maxConfigBytes)}`],
    ['a cycle', 'checks: &a\n  - *a\n'],
    ['control characters', 'log: {level: "\0"}\u0000'],
  ])('survives %s with defaults and one reason', (_, text) => {
    const { config, problems } = read(text)
    expect(config).toEqual(read('').config)
    expect(problems.length).toBeGreaterThan(0)
  })

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(...' \n\t-:{}[]&*!|>"\'#%@`,?~', 'a', '1', 'checks', 'log', '<<', 'é')
    const yamlish = fc.string({ unit: pieces, maxLength: 60 })
    fc.assert(
      fc.property(yamlish, (text) => {
        expect(Settings.safeParse(read(text).config.settings).success).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('accepts a byte order mark and merge keys', () => {
    const { config, problems } = read(`\uFEFFchecks:
  - &web { name: a, kind: http, every: 30s, config: { url: https://a.example } }
  - { <<: *web, name: b }
`)
    expect(problems).toEqual([])
    expect(config.checks.map((check) => check.draft.everyMs)).toEqual([30_000, 30_000])
  })
})

describe('withEntry', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  const drafts = fc
    .record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => name.trim() !== ''),
      enabled: fc.boolean(),
      everyMs: fc.integer({ min: 1000, max: 86_400_000 }),
      timeoutMs: fc.integer({ min: 100, max: 300_000 }),
      slowMs: fc.option(fc.integer({ min: 1, max: 86_400_000 })),
      labels: fc.dictionary(key(), fc.string()),
      config: fc.dictionary(key(), json),
    })
    .map((values) => CheckDraft.parse({ ...values, kind: 'any' }))

  it('reads back as what was written, also over another check', () => {
    fc.assert(
      fc.property(drafts, drafts, (first, second) => {
        const once = withEntry(sourceOf('', noReferences), 'checks', null, 'x', fieldsOf(first, plainDefaults))
        expect(plain(read(once).config.checks)).toEqual([{ id: 'x', draft: plain(first) }])
        const twice = withEntry(sourceOf(once, noReferences), 'checks', 0, 'x', fieldsOf(second, plainDefaults))
        expect(plain(read(twice).config.checks)).toEqual([{ id: 'x', draft: plain(second) }])
      }),
      { numRuns: 50 },
    )
  })
})

describe('idFromName', () => {
  it.each([
    ['Shop (EU)', 'shop-eu'],
    ['  Ålesund!', 'alesund'],
    ['数据库', '数据库'],
    ['***', 'check'],
  ])('makes %s into %s', (name, id) => {
    expect(idFromName(name)).toBe(id)
  })
})

/** As it is after JSON, which knows no negative zero. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function key() {
  return fc.string({ maxLength: 12 }).filter((name) => name !== '__proto__' && name !== '<<')
}

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"lol"' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array(10).fill(inner).join(', ')}]`
  })
  return levels.join('\n')
}
