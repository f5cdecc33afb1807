/**
 * Expositions by the hundred thousand, most of them broken: valid ones with bytes changed, left out, doubled and put in.
 * Each is read or refused with a place in it; nothing else is thrown, and how the bytes were cut changes nothing.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExpositionError } from '#shared/exposition/exposition-error.ts'
import { parseExposition } from '#shared/exposition/parse-exposition.ts'
import { createExpositionParser, type ExpositionFormat } from '#shared/exposition/parser.ts'
import { writeExposition } from '#shared/exposition/write-exposition.ts'
import { entriesOf, format } from '#test/exposition/entries.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'

const figures = rigFigures('broken expositions')
const inputs = rounds(100_000, 1_000_000)
/** Each valid exposition is broken in so many ways. */
const waysEach = 50
const seed = 20260105

const special = [
  '"',
  '\\',
  '\n',
  '{',
  '}',
  ',',
  '=',
  '#',
  ' ',
  '\t',
  '\r',
  '\0',
  '\xff',
  '\xc3',
  '# ',
  ' # {',
  '# EOF\n',
  'NaN',
  '1e999',
  '{"',
]

/** A small generator of its own: fast-check's would take most of the time. */
function numbersFrom(start: number): (below: number) => number {
  let state = start >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function broken(binary: string, below: (most: number) => number): string {
  let text = binary
  for (let change = below(4); change >= 0; change--) {
    const at = below(text.length + 1)
    const piece = special[below(special.length)] ?? ''
    const way = below(5)
    if (way === 0) text = text.slice(0, at) + piece + text.slice(at)
    else if (way === 1) text = text.slice(0, at) + text.slice(at + 1 + below(6))
    else if (way === 2) text = text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1)
    else if (way === 3) text = text.slice(0, at) + text.slice(Math.max(0, at - 1 - below(20)), at) + text.slice(at)
    else text = text.slice(0, at)
  }
  return text
}

type Outcome = { readonly entries: string } | { readonly error: string }

function outcomeOf(bytes: Uint8Array, of: ExpositionFormat, isStrict: boolean, cutAt: number): Outcome {
  try {
    const pieces = [bytes.subarray(0, cutAt), bytes.subarray(cutAt)]
    return { entries: String(parseExposition(pieces, { format: of, isStrict }).length) }
  } catch (error) {
    if (error instanceof ExpositionError) return { error: error.message }
    throw error
  }
}

it('reads or refuses whatever comes, and says where', { timeout: patienceMs(120_000) }, () => {
  const below = numbersFrom(seed)
  const valid = fc.sample(
    format.chain((of) => entriesOf(of).map((entries) => ({ of, binary: latin1(writeExposition(entries, of)) }))),
    { numRuns: Math.ceil(inputs / waysEach), seed },
  )
  let refused = 0
  for (const { of, binary } of valid) {
    for (let way = 0; way < waysEach; way++) {
      const bytes = Buffer.from(broken(binary, below), 'latin1')
      const isStrict = way % 2 === 0
      const whole = outcomeOf(bytes, of, isStrict, bytes.length)
      figures.runs++
      if ('error' in whole) {
        refused++
        if (!/^\d+:\d+: expected /.test(whole.error)) throw new Error(`no place in ${whole.error}`)
      }
      if (way % 5 > 0) continue
      const cut = outcomeOf(bytes, of, isStrict, below(bytes.length + 1))
      if (JSON.stringify(cut) !== JSON.stringify(whole)) figures.lost++
    }
  }
  expect(figures.runs).toBeGreaterThanOrEqual(inputs)
  expect(figures.lost).toBe(0)
  // Neither a parser that takes everything nor one that refuses everything would pass.
  expect(refused).toBeGreaterThan(figures.runs * 0.2)
  expect(refused).toBeLessThan(figures.runs * 0.95)
})

it('finds a reader that forgets the beginning of a line', () => {
  const text = 'metric{label="value"} 1\nother 2\n'
  const careless = (cutAt: number) => {
    const found: string[] = []
    for (const piece of [text.slice(0, cutAt), text.slice(cutAt)]) {
      const parser = createExpositionParser(
        { format: 'text' },
        { sample: (raw) => void found.push(raw), metadata() {} },
      )
      parser.push(piece)
    }
    return found.join()
  }
  figures.isControlRed = careless(text.indexOf('her')) !== careless(text.length)
  expect(figures.isControlRed).toBe(true)
})

const latin1 = (text: string) => Buffer.from(text).toString('latin1')
