/**
 * Expressions by the ten thousand, most of them broken: right ones with characters changed, left out, doubled and put in.
 * Each is evaluated, or refused with a place in the text; nothing else is thrown.
 */
import { expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { generated, handMade } from '#test/promql/differential/expressions.ts'
import { answerOf } from '#test/promql/differential/peer.ts'
import { randomFrom, samples, startAt } from '#test/promql/differential/samples.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'

const figures = rigFigures('broken PromQL')
const inputs = rounds(20_000, 500_000)
const seed = 20_261_130

const pieces = [
  ...['(', ')', '{', '}', '[', ']', '[5m:', '[1m]', ':', ',', '"', "'", '`', '\\', '#', '\n', ' ', '\0', 'é', '\ud800'],
  ...['@', '@ end()', ' offset ', ' offset -1m', ' by (job) ', ' on() ', ' group_left ', ' bool ', ' and ', ' or '],
  ...[
    '=',
    '=~',
    '!=',
    '==',
    '>',
    '-',
    '^',
    '%',
    '1e999',
    '-Inf',
    'NaN',
    '0x',
    '1_',
    '5m',
    '99999999999999999y',
    'sum',
    'rate(',
  ],
]

function broken(text: string, below: (most: number) => number): string {
  let result = text
  for (let change = below(3); change >= 0; change--) {
    const at = below(result.length + 1)
    const piece = pieces[below(pieces.length)] ?? ''
    const way = below(5)
    if (way === 0) result = result.slice(0, at) + piece + result.slice(at)
    else if (way === 1) result = result.slice(0, at) + result.slice(at + 1 + below(8))
    else if (way === 2) result = result.slice(0, at) + String.fromCharCode(below(0x250)) + result.slice(at + 1)
    else if (way === 3)
      result = result.slice(0, at) + result.slice(Math.max(0, at - 1 - below(20)), at) + result.slice(at)
    else result = result.slice(0, at)
  }
  return result
}

/** What a refusal lacks; null for one that is complete. */
function faultOf(error: unknown, text: string): string | null {
  if (!(error instanceof AppError)) return `threw ${String(error)}`
  if (error.code === 'too-large') return null
  const [line = 0, column = 0] = (error.issues[0]?.path ?? '').split(':').map(Number)
  const written = text.split('\n')[line - 1]
  const isInside = written !== undefined && column >= 1 && column <= written.length + 1
  return isInside ? null : `no place in ${error.message}`
}

it('evaluates or refuses whatever comes, and says where', { timeout: patienceMs(120_000) }, () => {
  const random = randomFrom(seed)
  const below = (most: number) => Math.floor(random() * most)
  const valid = [...handMade, ...generated(500, seed)]
  const series = samples().map((one) => ({ ...one, times: one.times.slice(0, 40), values: one.values.slice(0, 40) }))
  const limits = { maxSamples: 2_000_000, maxPoints: 200_000 }
  let refused = 0
  for (let input = 0; input < inputs; input++) {
    const text = broken(valid[input % valid.length] ?? '', below)
    const when = input % 4 === 0 ? { start: startAt, end: startAt + 600_000, stepMs: 60_000 } : startAt + 300_000
    figures.runs++
    try {
      answerOf(text, when, series, { limits })
    } catch (error) {
      refused++
      const fault = faultOf(error, text)
      if (fault === null) continue
      figures.lost++
      expect.soft(`${JSON.stringify(text)}: ${fault}`).toBe('')
    }
  }
  expect(figures.lost).toBe(0)
  // Neither a parser that takes everything nor one that refuses everything would pass.
  expect(refused).toBeGreaterThan(figures.runs * 0.2)
  expect(refused).toBeLessThan(figures.runs * 0.95)
})

it('finds a refusal that points nowhere', () => {
  const nowhere = new AppError('invalid', '9:9: odd', [{ path: '9:9', message: 'odd' }])
  figures.isControlRed = faultOf(nowhere, 'sum(x') !== null && faultOf(new TypeError('odd'), 'sum(x') !== null
  expect(figures.isControlRed).toBe(true)
})
