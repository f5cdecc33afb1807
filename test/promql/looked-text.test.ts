import { expect, it } from 'vitest'
import { lookedText } from '#shared/promql/looked-text.ts'
import { parsePromql } from '#shared/promql/parse.ts'

it.each([
  ['x > 1', 'x > bool  1'],
  ['(x{a=">"} > 1) or y == 2', '(x{a=">"} > bool  1) or y == bool  2'],
  ['x > bool 1', 'x > bool 1'],
  ['x < on(a) group_left(b) y', 'x < bool  on(a) group_left(b) y'],
  ['x > 1 and y > 2', 'x > bool  1'],
  ['x > 1 > 2 unless y', 'x > bool  1 > bool  2'],
  ['sum(x > 1)', 'sum(x > 1)'],
  ['absent(up{job="a",x=~"b"})', 'absent({__name__="belfry:no such series", job="a"})'],
  ['absent_over_time(up{job="a"}[5m])', 'absent({__name__="belfry:no such series", job="a"})'],
  ['absent(sum(up))', 'vector(1)'],
])('asks for all that %s looks at', (text, expected) => {
  const looked = lookedText(parsePromql(text))
  expect(looked).toBe(expected)
  expect(() => parsePromql(looked)).not.toThrow()
})
