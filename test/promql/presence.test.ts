import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateExpression } from '#main/rules/evaluate-rule.ts'
import { keepPace } from '#main/rules/pace.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { labelKey, showLabels, withoutName } from '#shared/promql/values.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { loadSeries } from './series-notation.ts'

const at = 60_000
const metrics = loadSeries(
  [
    { series: 'x{a="1"}', values: '1x5' },
    { series: 'x{a="2"}', values: '5x5' },
    { series: 'y{a="1"}', values: '3x5' },
  ],
  15_000,
)
const pace = keepPace(fakeTime().clock)
const answerOf = (text: string) =>
  evaluateExpression(parsePromql(text), { metrics, at, pace, signal: new AbortController().signal })

describe('what an expression looked at', () => {
  it.each([
    ['x > 3', ['{a="1"}', '{a="2"}']],
    ['(x > 0) < 2', ['{a="1"}', '{a="2"}']],
    ['x > on(a) y', ['{a="1"}']],
    ['x > 3 and on(a) y', ['{a="1"}', '{a="2"}']],
    ['x > 3 unless y', ['{a="1"}', '{a="2"}']],
    ['x > 9 or y > 9', ['{a="1"}', '{a="2"}']],
    ['sum by (a) (x) > 100', ['{a="1"}', '{a="2"}']],
    ['absent(x{b="c"})', ['{b="c"}']],
    ['absent(x)', ['{}']],
    ['absent_over_time(y{a="1"}[1m])', ['{a="1"}']],
    ['absent(sum(x))', ['{}']],
    ['nothing > 3', []],
    ['vector(1) > 2', ['{}']],
  ])('%s', async (text, expected) => {
    const looked = await (await answerOf(text)).looked(pace)
    expect(looked.map(({ labels }) => showLabels(withoutName(labels))).sort()).toEqual(expected)
  })

  it('holds whatever the condition lets through', async () => {
    const vector = fc.constantFrom('x', 'y', 'x + 1', 'sum by (a) (x)', 'absent(x{b="c"})', 'x{a="1"}')
    const operator = fc.constantFrom('> 2', '< 4', '== 5', '!= bool 1', '> on(a) y', 'and y', 'unless y', 'or y > 9')
    const expression = fc
      .tuple(vector, fc.array(operator, { maxLength: 3 }))
      .map(([first, rest]) => rest.reduce<string>((inner, next) => `(${inner}) ${next}`, first))
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        const answer = await answerOf(text)
        const looked = new Set((await answer.looked(pace)).map(({ labels }) => labelKey(withoutName(labels))))
        for (const { labels } of answer.samples) expect(looked).toContain(labelKey(withoutName(labels)))
      }),
    )
  })
})
