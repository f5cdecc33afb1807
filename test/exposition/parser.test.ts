import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExpositionError } from '#shared/exposition/exposition-error.ts'
import { parseExposition } from '#shared/exposition/parse-exposition.ts'
import { createExpositionParser, type ExpositionOptions } from '#shared/exposition/parser.ts'
import { writeExposition } from '#shared/exposition/write-exposition.ts'
import { entriesOf, format } from './entries.ts'

const read = (text: string | Uint8Array, options: Partial<ExpositionOptions> = {}) =>
  parseExposition([text], { format: 'text', ...options })

const samples = (text: string | Uint8Array, options: Partial<ExpositionOptions> = {}) =>
  read(text, options).flatMap((entry) =>
    entry.type === 'sample' ? [[entry.name, entry.labels, entry.value, entry.at]] : [],
  )

describe('the text format', () => {
  it('gives names, labels, values and timestamps', () => {
    expect(samples('a 1\nb{c="d",e="f"} -2.5 1395066363000\n{"g.h", i="j"} +Inf\n')).toEqual([
      ['a', {}, 1, null],
      ['b', { c: 'd', e: 'f' }, -2.5, 1395066363000],
      ['g.h', { i: 'j' }, Number.POSITIVE_INFINITY, null],
    ])
  })

  it('takes the escapes of label values back, and leaves those alone that it does not know', () => {
    expect(samples('a{b="x\\\\y\\"z\\n\\t"} 1\n')).toEqual([['a', { b: 'x\\y"z\n\\t' }, 1, null]])
  })

  it('leaves out labels without a value', () => {
    expect(samples('a{b="",c="d"} 1\n')).toEqual([['a', { c: 'd' }, 1, null]])
  })

  it('keeps a label named __proto__ as a label', () => {
    const [[, labels] = []] = samples('a{__proto__="x"} 1\n')
    expect(Object.entries(labels ?? {})).toEqual([['__proto__', 'x']])
  })

  it('reads metadata, names in quotes too', () => {
    expect(read('# HELP a Two\\nlines\n# TYPE "b.c" counter\n# TYPE d untyped\n# note\n')).toEqual([
      { type: 'metadata', kind: 'help', metric: 'a', text: 'Two\nlines' },
      { type: 'metadata', kind: 'type', metric: 'b.c', text: 'counter' },
      { type: 'metadata', kind: 'type', metric: 'd', text: 'unknown' },
    ])
  })

  it('reads every number to its last bit', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const [[, , got] = []] = samples(`a ${Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : value}\n`)
        expect(got).toBe(value)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: 0, max: 16 }), (digits, decimals) => {
        const text = String(digits).padStart(decimals + 1, '0')
        const number = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`
        const [[, , got] = []] = samples(`a ${number}\n`)
        expect(got).toBe(Number(number))
      }),
    )
  })

  it('counts columns in characters, not in bytes', () => {
    const line = 'ok 1\na{b="Björn",c=d} 1\n'
    for (const text of [line, new TextEncoder().encode(line)])
      expect(() => read(text)).toThrow(/^2:15: expected the value of c/)
  })

  it.each([
    [
      'lines',
      { lineLength: 20 },
      'a 1\nb{c="dddddddddddddd"} 1\n',
      '2:1: expected lines of at most 20 characters, got a longer one',
    ],
    ['labels', { labels: 1 }, 'b{c="d",e="f"} 1\n', '1:9: expected at most 1 labels, got more'],
    ['names', { nameLength: 3 }, 'b{cccc="d"} 1\n', '1:3: expected label names of at most 3 characters, got 4'],
    ['values', { valueLength: 3 }, 'b{c="dddd"} 1\n', '1:5: expected label values of at most 3 characters, got 4'],
  ])('holds %s to their limit', (_, limits, text, message) => {
    expect(() => read(text, { limits })).toThrow(message)
  })

  it('does not wait for the end of a line that is too long', () => {
    const parser = createExpositionParser(
      { format: 'text', limits: { lineLength: 100 } },
      { sample() {}, metadata() {} },
    )
    for (let i = 0; i < 100; i++) parser.push('x')
    expect(() => parser.push('x')).toThrow('1:1: expected lines of at most 100 characters, got a longer one')
  })

  it.each([
    ['a second TYPE line', '# TYPE a counter\n# TYPE a counter\na 1\n'],
    ['a last line without an end', 'a 1'],
    ['an escape that the format does not know', 'a{b="\\t"} 1\n'],
  ])('lets %s pass, as Prometheus does, unless it is strict', (_, text) => {
    expect(samples(text)).toHaveLength(1)
    expect(() => read(text, { isStrict: true })).toThrow(ExpositionError)
  })
})

describe('OpenMetrics', () => {
  const open = (text: string, isStrict = false) => samples(text, { format: 'openmetrics', isStrict })

  it('gives timestamps in seconds as milliseconds, and skips exemplars', () => {
    expect(open('a_total{b="c"} 1 1520872607.123 # {d="e # {"} 0.5 1520872607\n# EOF\n')).toEqual([
      ['a_total', { b: 'c' }, 1, 1520872607123],
    ])
  })

  it('tells an answer that was cut off', () => {
    expect(() => open('a 1\nb 2\n')).toThrow(
      '3:1: expected "# EOF" as the last line, got the end: the answer was cut off',
    )
  })

  it('holds histograms to their form only when it is strict', () => {
    const text = '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n# EOF\n'
    expect(open(text)).toHaveLength(2)
    expect(() => open(text, true)).toThrow('3:1: expected a bucket to count at least what the one below does')
  })
})

describe('for all expositions', () => {
  const written = format.chain((of) => entriesOf(of).map((entries) => ({ of, entries })))

  it('reads what was written', () => {
    fc.assert(
      fc.property(written, ({ of, entries }) => {
        expect(read(writeExposition(entries, of), { format: of })).toEqual(entries)
      }),
      { numRuns: 500 },
    )
  })

  it('reads the same from bytes, wherever they are cut', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(200), { maxLength: 10 }), ({ of, entries }, cuts) => {
        const bytes = new TextEncoder().encode(writeExposition(entries, of))
        const pieces: Uint8Array[] = []
        let from = 0
        for (const length of cuts) {
          pieces.push(bytes.subarray(from, from + length))
          from += length
        }
        pieces.push(bytes.subarray(from))
        expect(parseExposition(pieces, { format: of })).toEqual(entries)
      }),
      { numRuns: 500 },
    )
  })
})
