import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonProblem, lineOfPath } from '#main/dashboards/json-place.ts'

it('finds the line of every value', () => {
  const path = (value: unknown, at: (string | number)[] = []): (string | number)[][] =>
    typeof value !== 'object' || value === null
      ? [at]
      : [
          at,
          ...Object.entries(value).flatMap(([key, one]) =>
            path(one, [...at, Array.isArray(value) ? Number(key) : key]),
          ),
        ]
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const value: unknown = JSON.parse(text)
      const written = JSON.stringify(value, null, 1)
      for (const at of path(value)) {
        // Each line of such a text holds one value, so counting the values before it gives the line.
        const line = written.split('\n')[lineOfPath(written, at) - 1] ?? ''
        const last = at.at(-1)
        if (typeof last === 'string') expect(line.trimStart().startsWith(`${JSON.stringify(last)}:`)).toBe(true)
      }
    }),
  )
})

it.each([
  [['a', 1, 'b'], 4],
  [['a', 1, 'gone'], 3],
  [['a', 7], 1],
  [[], 1],
])('%j stands in line %d', (path, line) => {
  const text = '{"a": [\n0,\n{\n"b": "}\\"]", "c": {}}],\n"d": 1}'
  expect(lineOfPath(text, path)).toBe(line)
})

it.each([
  ['{\n"a": 1,\n"b" 2}', 3, "Expected ':' after property name"],
  ['{\n"a": [1,\n2,]}', 3, "Unexpected token ']'"],
  ['{\n"a": tru}', 2, "Unexpected token '}'"],
  ['{"a": 1}\n\n{}', 3, 'Unexpected non-whitespace character after JSON'],
  ['{"a": "x\ny"}', 1, 'Bad control character in string literal'],
  ['{"a":\n', 2, 'Unexpected end of JSON input'],
  ["{\n'a': 1}", 2, "Expected property name or '}'"],
])('%j is no JSON from line %d on', (text, line, what) => {
  try {
    JSON.parse(text)
  } catch (error) {
    expect(jsonProblem(text, error)).toEqual({ line, message: `expected JSON, which this is not: ${what}.` })
    return
  }
  throw new Error('expected a mistake')
})

it('tells the line of a mistake anywhere', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (text, at) => {
      const lines = JSON.stringify(JSON.parse(text), null, 1).split('\n')
      const broken = at % lines.length
      const mistaken = lines.with(broken, `?${lines[broken]}`).join('\n')
      expect(jsonProblem(mistaken, new Error('')).line).toBe(broken + 1)
    }),
  )
})
