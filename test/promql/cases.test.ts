/** Belfry's own tests in the format of Prometheus's, and that they leave nothing of the language out. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runPromqlTest } from '#main/promql-test/command.ts'
import { runScript } from '#main/promql-test/run-script.ts'
import { parseScript } from '#main/promql-test/script.ts'
import { aggregationParameters, signatures, unsupportedAggregations } from '#shared/promql/signatures.ts'

const folder = join(import.meta.dirname, 'cases')
const files = globSync('*.test', { cwd: folder }).sort()
const sourceOf = (file: string) => readFileSync(join(folder, file), 'utf8')

describe('the cases', () => {
  it.each(files)('hold: %s', async (file) => {
    const { passed, failures } = await runScript(sourceOf(file), { delayedNames: true })
    expect(failures).toEqual([])
    expect(passed).toBeGreaterThan(0)
  })

  it.each(files.filter((file) => file !== 'names-delayed.test'))(
    'hold where names go at once, as in a server: %s',
    async (file) => {
      expect((await runScript(sourceOf(file), {})).failures).toEqual([])
    },
  )

  const expressions = files
    .flatMap((file) => parseScript(sourceOf(file)))
    .flatMap((command) => (command.type === 'eval' ? [command.expr.toLowerCase()] : []))

  it.each([...Object.keys(signatures), ...Object.keys(aggregationParameters), ...unsupportedAggregations])(
    'evaluate %s',
    (name) => {
      const called = new RegExp(`\\b${name}\\b[^(]*\\(`)
      expect(expressions.filter((text) => called.test(text)).length).toBeGreaterThan(0)
    },
  )

  it.each(['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '<', '<=', '>', '>=', 'and', 'or', 'unless'])(
    'evaluate %s, between numbers or vectors',
    (operator) => {
      expect(expressions.filter((text) => text.includes(` ${operator} `)).length).toBeGreaterThan(0)
    },
  )
})

describe('the runner', () => {
  const outcomeOf = (source: string) => runScript(source, {})

  it('says what was expected and what came, with the line', async () => {
    const { passed, failures } = await outcomeOf(`
load 1m
  x{a="1"} 1 2 3
  x{a="2"} 5 _ 7

eval instant at 1m x
  x{a="1"} 2
  x{a="2"} 6

eval instant at 1m x{a="1"}
  x{a="2"} 2

eval instant at 1m x{a="1"}
  x{a="1"} 2
  x{a="9"} 2

eval range from 0 to 2m step 1m x{a="2"}
  x{a="2"} 5 5 8

eval instant at 1m 1 + 1
  3

eval instant at 1m x +

eval_fail instant at 1m x

eval instant at 1m x{a="1"}
  expect warn
  x{a="1"} 2

eval_ordered instant at 1m sort(x)
  x{a="2"} 5
  x{a="1"} 2
`)
    expect(passed).toBe(0)
    expect(failures.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '6: expected 6 for x{a="2"}, got 5',
      '10: unexpected x{a="1"} with 2',
      '13: expected x{a="9"} with 2, got none',
      '17: expected [5@0 5@60 8@120] for x{a="2"}, got [5@0 5@60 7@120]',
      '20: expected 3, got 2',
      '23: expected a result, got: 1:4: the expression ends here in a binary operation',
      '25: expected a failure, got a result',
      '27: expected the warning "", got none',
      '31: expected x{a="1"} in place 2, got it in place 1',
    ])
  })

  it('says by name what Belfry has not, and reads on', async () => {
    const { passed, failures } = await outcomeOf(`
load 1m
  native {{schema:0 sum:5 count:4 buckets:[1 2 1]}}x5
  started@st -1m
  started 1 2
  plain 1x5

load_with_nhcb 1m
  wait_bucket{le="1"} 1x5
  wait_bucket{le="+Inf"} 2x5

eval instant at 1m histogram_quantile(0.5, wait_bucket)
  {} 1

eval instant at 1m histogram_quantile(0.5, wait)
  {} 1

eval instant at 1m histogram_count(native)
  {} 4

eval instant at 1m native
  native {{schema:0 sum:5 count:4 buckets:[1 2 1]}}

eval instant at 1m native

eval instant at 1m rate(started[5m])
  {} 1

nonsense

eval instant at soon plain
  plain 1

load now
  x 1

eval instant at 1m plain
  plain 1
`)
    expect(passed).toBe(2)
    expect(failures.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '15: not supported: it reads wait, and native histograms are not supported',
      '18: expected a result, got: 1:1: the function histogram_count works on native histograms, which Belfry does not keep: it is not supported',
      '21: not supported: the result has series of which native histograms are not supported',
      '24: not supported: it reads native, and native histograms are not supported',
      '26: not supported: it reads started, and start timestamps are not supported',
      '29: expected load, clear or eval, got "nonsense"',
      '31: expected a duration such as 5m, got "soon"',
      '34: expected a duration such as 5m, got "now"',
    ])
  })

  it('begins anew after clear, and takes the older forms of expectations', async () => {
    const { passed, failures } = await outcomeOf(`
load 5m
  x 1 2

clear

load 5m
  y 0+10x5 stale

eval instant at 5m x

eval instant at 5m y
  y 10

eval_fail instant at 5m abs(1)
  expected_fail_message abs needs an instant vector, got a number

eval_fail instant at 5m abs(1)
  expected_fail_regexp needs an .* vector

eval_warn instant at 5m quantile(2, y)
  {} Inf

eval_info instant at 25m rate(y[20m])
  {} 0.03333333333
`)
    expect(failures).toEqual([])
    expect(passed).toBe(6)
  })

  it('prints each failure and a count, and answers with the exit code', async () => {
    const lines: string[] = []
    const print = (line: string) => void lines.push(line)
    expect(await runPromqlTest([folder], print)).toBe(0)
    expect(lines.at(-1)).toMatch(/^\d{3} passed, 0 failed$/)
    expect(await runPromqlTest([join(folder, 'sets.test'), join(folder, 'missing.test')], print)).toBe(1)
    expect(lines.at(-2)).toContain('missing.test: cannot be read: ')
    expect(lines.at(-1)).toMatch(/^\d+ passed, 1 failed$/)
    expect(await runPromqlTest([], print)).toBe(2)
    expect(await runPromqlTest(['--odd'], print)).toBe(2)
    expect(lines.at(-1)).toContain('Usage: npm run promql-test')
  })
})
