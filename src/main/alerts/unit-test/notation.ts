/**
 * The notation of series in promtool's unit tests.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import { parseNumber } from '#shared/promql/literals.ts'
import { parsePromql } from '#shared/promql/parse.ts'

export interface NamedSeries {
  readonly name: string
  readonly labels: Labels
}

/** A million samples of a series are a mistake. */
const mostValues = 1_000_000

/** `x{a="b"}`: a selector with equality only. Throws AppError `invalid`. */
export function seriesIdentity(text: string): NamedSeries {
  // Prometheus allows a series without labels and name, which no selector could be.
  if (/^\s*\{\s*\}\s*$/.test(text)) return { name: '', labels: {} }
  const { expr } = parsePromql(text)
  if (expr.type !== 'vector-selector' || expr.offsetMs !== 0 || expr.matchers.some(({ op }) => op !== '=')) {
    throw new AppError('invalid', `expected a series such as x{a="b"}, got ${text}`)
  }
  const { __name__: name = '', ...labels } = Object.fromEntries(expr.matchers.map(({ label, value }) => [label, value]))
  return { name, labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')) }
}

/**
 * `1+2x3` is 1 3 5 7, `5x2` is 5 5 5, `_` leaves one out, `_x3` three, `stale` ends the series. Throws AppError
 * `invalid`.
 */
export function seriesValues(text: string): (number | null | 'stale')[] {
  const values: (number | null | 'stale')[] = []
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    for (const value of expanded(word)) {
      if (values.length >= mostValues)
        throw new AppError('invalid', `expected at most ${mostValues} values of a series`)
      values.push(value)
    }
  }
  return values
}

const number = String.raw`[+-]?(?:[\d_]*\.?\d+(?:e[+-]?\d+)?|\d+\.|0x[\da-f]+|inf|nan)`
const repeated = new RegExp(`^(${number})x(\\d+)$`, 'i')
const growing = new RegExp(`^(${number})([+-])(${number.replace('[+-]?', '')})x(\\d+)$`, 'i')

function* expanded(word: string): Generator<number | null | 'stale'> {
  if (word === 'stale') return yield 'stale'
  const gap = /^_(?:x(\d+))?$/.exec(word)
  if (gap) return yield* times(Number(gap[1] ?? 1), () => null)
  const same = repeated.exec(word)
  if (same) return yield* times(Number(same[2]) + 1, () => numberIn(same[1]))
  const run = growing.exec(word)
  if (run) {
    yield* sums(numberIn(run[1]), numberIn(run[3]) * (run[2] === '-' ? -1 : 1), Number(run[4]) + 1)
    return
  }
  const value = parseNumber(word)
  if (value === null) throw new AppError('invalid', `expected a value such as 1, 1+2x3, 5x2, _ or stale, got "${word}"`)
  yield value
}

function* times<T>(count: number, make: (index: number) => T): Generator<T> {
  for (let index = 0; index < count; index++) yield make(index)
}

/** Added up step by step, as Prometheus does it. */
function* sums(start: number, step: number, count: number): Generator<number> {
  let value = start
  for (let index = 0; index < count; index++, value += step) yield value
}

function numberIn(text: string | undefined): number {
  const value = parseNumber(text ?? '')
  if (value === null) throw new AppError('invalid', `expected a number, got "${text}"`)
  return value
}
