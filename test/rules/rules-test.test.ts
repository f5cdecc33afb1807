/** The same unit tests through promtool and through Belfry: one verdict. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { runRulesTest } from '#main/alerts/unit-test/command.ts'
import { seededRandom } from '#test/support/ports.ts'
import { hasPromtool, judged } from './promtool.ts'

const shipped = resolve(import.meta.dirname, 'unit-tests')

let directory: string
let good: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-rules-test-'))
  good = await readFile(join(shipped, 'good.yml'), 'utf8')
  await writeFile(join(directory, 'rules.yml'), await readFile(join(shipped, 'rules.yml'), 'utf8'))
})
afterAll(() => rm(directory, { recursive: true }))

async function byBelfry(...args: string[]) {
  const lines: string[] = []
  const code = await runRulesTest(args, (line) => void lines.push(line))
  return { code, said: lines.join('\n') }
}

/** Writes a variant of the good file. */
async function variant(name: string, change: (text: string) => string): Promise<string> {
  const changed = change(good)
  expect(changed).not.toBe(good)
  const path = join(directory, `${name}.yml`)
  await writeFile(path, changed)
  return path
}

/** Each: what is changed, and the beginning of what both say of it. */
const failing: [name: string, change: (text: string) => string, said: RegExp][] = [
  ['a wrong label', (text) => text.replace('severity: page x', 'severity: page z'), /alertname: Down, time: 3m, /],
  ['a wrong annotation', (text) => text.replace('value 0', 'value 1'), /alertname: Down, time: 3m, /],
  [
    'one alert too few',
    (text) => text.replace(/ +- exp_labels: \{ severity: page y.*\n.*\n/, ''),
    /alertname: Down, time: 9m, /,
  ],
  ['an alert too early', (text) => text.replace('eval_time: 3m', 'eval_time: 1m'), /alertname: Down, time: 1m, /],
  ['a wrong value', (text) => text.replace('value: 360', 'value: 361'), /expr: "sum\(requests_total/],
  ['a missing sample', (text) => text.replace('value: 60 }]', 'value: 61 }]'), /expr: "ALERTS_FOR_STATE/],
  ['an expression that is none', (text) => text.replace("'1/0'", "'1/'"), /./],
  ['a rule that fails', (text) => text.replace('instance="b",team="y"', 'instance="a",team="x",x="1"'), /./],
  ['a field nobody knows', (text) => text.replace('eval_time: 2m', 'evaltime: 2m'), /./],
  ['no YAML', (text) => text.replace('tests:', 'tests: ['), /./],
  ['a wrong duration', (text) => text.replace('eval_time: 5m30s', 'eval_time: 5 minutes'), /./],
  ['no rule file', (text) => text.replace('[rules.yml]', '[nothing.yml]'), /./],
  [
    'a group twice',
    (text) => text.replace('[recording, alerting]', '[recording, recording]'),
    /repeated in evaluation order/,
  ],
  ['no alert name', (text) => text.replace('eval_time: 2m, alertname: Down', 'eval_time: 2m'), /attribute alertname/],
  ['a series that is none', (text) => text.replace('up{instance="a",team="x"}', 'up{instance~"a"}'), /./],
  ['values that are none', (text) => text.replace('1 0 0 0 0 1 _', '1 0 0 x 0 1 _'), /./],
]

describe('npm run rules-test', () => {
  it('passes what is good, and counts', async () => {
    const { code, said } = await byBelfry('--prometheus2', join(shipped, 'good.yml'))
    expect(said).toMatch(/SUCCESS\n\n13 passed, 0 failed$/)
    expect(code).toBe(0)
  })

  it('tells what was expected, as promtool does, and ends with 1', async () => {
    const path = await variant('told', (text) =>
      text.replace(
        'alertname: Down\n      - eval_time: 3m',
        'alertname: Down\n        exp_alerts: [{ exp_labels: { a: b } }]\n      - eval_time: 3m',
      ),
    )
    const { code, said } = await byBelfry(path)
    expect(code).toBe(1)
    expect(said).toBe(`Unit Testing:  ${path}
  FAILED:
    name: down,
    alertname: Down, time: 5m30s, 
        exp:[
            0:
              Labels:{a="b", alertname="Down"}
              Annotations:{}
            ], 
        got:[]

12 passed, 1 failed`)
  })

  it('says how it is used', async () => {
    expect(await byBelfry()).toMatchObject({ code: 2, said: expect.stringContaining('Usage: npm run rules-test') })
    expect(await byBelfry('--fast', 'x')).toMatchObject({ code: 2, said: expect.stringContaining('--fast') })
  })

  describe.skipIf(!hasPromtool)('beside promtool (package: prometheus)', () => {
    it('accepts the same file', async () => {
      expect(await judged('test', 'rules', join(shipped, 'good.yml'))).not.toContain('FAILED')
    })

    it.each(failing)('refuses %s as well', async (name, change, expected) => {
      const path = await variant(name.replaceAll(' ', '-'), change)
      const [theirs, ours] = [await judged('test', 'rules', path), await byBelfry('--prometheus2', path)]
      expect(theirs).toContain('FAILED')
      expect(ours.code).toBe(1)
      expect(ours.said).toMatch(expected)
      if (expected.source !== '.') expect(theirs).toMatch(expected)
    })

    it('gives the same verdict on histories nobody chose', async () => {
      const file = parse(good)
      const random = seededRandom(11)
      const values = () =>
        Array.from({ length: 12 }, () => ['0', '1', '_', 'stale', '0x2', '1-1x1'][Math.floor(random.next() * 6)]).join(
          ' ',
        )
      const verdicts = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const [down] = file.tests
          const series = ['a', 'b'].map((instance) => ({
            series: `up{instance="${instance}",team="x"}`,
            values: values(),
          }))
          const tests = Array.from({ length: 12 }, (__, minute) => ({
            eval_time: `${minute}m`,
            alertname: 'Down',
            exp_alerts: minute % 3 === index % 3 ? [] : undefined,
          }))
          const path = join(directory, `random-${index}.yml`)
          const test = { ...down, input_series: series, alert_rule_test: tests, promql_expr_test: [] }
          await writeFile(path, stringify({ ...file, tests: [test] }))
          const [theirs, ours] = [await judged('test', 'rules', path), await byBelfry('--prometheus2', path)]
          const at = (said: string) =>
            [...said.matchAll(/alertname: Down, time: (\w+)|got:\[(\S*)/g)].map(([whole]) => whole)
          return { theirs: at(theirs), ours: at(ours.said) }
        }),
      )
      expect(verdicts.map(({ ours }) => ours)).toEqual(verdicts.map(({ theirs }) => theirs))
      expect(verdicts.filter(({ theirs }) => theirs.length > 0).length).toBeGreaterThan(10)
    })
  })
})
