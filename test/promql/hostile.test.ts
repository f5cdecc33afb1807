/** Expressions that are meant to hurt, or do it by mistake: a limit by its name or a result, and soon. */
import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import { instantOf, rangeOf } from '#shared/promql/evaluate.ts'
import type { QueryLimits, StepRange } from '#shared/promql/evaluation.ts'
import { fetchesOf, selectorsOf } from '#shared/promql/fetches.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { resultOf } from '#shared/promql/steps.ts'

const limits: QueryLimits = { maxSamples: 1_000_000, maxPoints: 1_000_000 }
const dayMs = 86_400_000

function series(count: number, samples: number): SelectedSeries[] {
  return Array.from({ length: count }, (_, id) => ({
    ...{ id, name: 'x', labels: { i: String(id) } },
    times: Float64Array.from({ length: samples }, (_, index) => index * 15_000),
    values: Float64Array.from({ length: samples }, (_, index) => (index * 7919 + id) % 1000),
  }))
}

function evaluated(text: string, found: readonly SelectedSeries[], when: number | StepRange, within = limits) {
  const parsed = parsePromql(text)
  const fetches = typeof when === 'number' ? selectorsOf(parsed.expr, when) : fetchesOf(parsed.expr, when)
  const data = new Map(fetches.map(({ selector }) => [selector, found]))
  const options = { limits: within }
  if (typeof when === 'number') return resultOf(instantOf(parsed, data, when, options))
  return resultOf(rangeOf(parsed, data, when, options))
}

describe('a query beyond its limits', () => {
  const few = series(10, 100)
  const many = series(1000, 100)
  const day: StepRange = { start: 0, end: dayMs, stepMs: 15_000 }

  it.each([
    ['more samples than it may read', 'x', series(11, 100_000), 0, /more than 1000000 samples, .*\(maxSamples\)/],
    [
      'a subquery of a billion steps',
      'max_over_time(x[30y:1s])',
      few,
      dayMs,
      /more than 1000000 values, .*\(maxPoints\)/,
    ],
    ['subqueries in subqueries', 'sum_over_time(sum_over_time(x[1d:1s])[1d:1s])', many, dayMs, /\(maxPoints\)/],
    ['many series at many steps', 'x', many, day, /1000 series at 5761 steps, .*\(maxPoints\)/],
    ['steps of a millisecond', 'vector(1)', [], { start: 0, end: dayMs, stepMs: 1 }, /\(maxPoints\)/],
    ['a number at as many steps', '1 + time()', [], { start: 0, end: dayMs, stepMs: 1 }, /\(maxPoints\)/],
    ['long windows at many steps', 'mad_over_time(x[1d])', series(10, 5000), day, /\(maxSamples\)/],
    ['lines through long windows', 'deriv(x[1d])', series(10, 5000), day, /\(maxSamples\)/],
    ['a result of many matches', 'x * on() group_left() vector(1) or x', many, day, /\(maxPoints\)/],
    ['values as labels', 'count_values("v", x)', series(100, 3000), { ...day, end: dayMs / 5 }, /\(maxPoints\)/],
  ])('is refused for %s', (_what, text, found, when, message) => {
    const startedMs = performance.now()
    const failure = caught(() => evaluated(text, found, when))
    expect(failure?.code).toBe('too-large')
    expect(failure?.message).toMatch(message)
    expect(failure?.message).toMatch(/ask for a shorter range, fewer series or a longer step$/)
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

function caught(work: () => unknown): AppError | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

describe('work over long windows', () => {
  it.each([
    ...['rate', 'increase', 'delta', 'irate', 'changes', 'resets', 'sum_over_time', 'avg_over_time', 'min_over_time'],
    ...['max_over_time', 'count_over_time', 'last_over_time'],
  ])('costs %s no more than its samples and steps', (name) => {
    const found = series(4, 100_000)
    // Each of 10,000 steps looks back at up to 90,000 samples: read anew they would be billions.
    const range: StepRange = { start: 0, end: 100_000 * 15_000, stepMs: 150_000 }
    const startedMs = performance.now()
    evaluated(`${name}(x[15d])`, found, range)
    expect(performance.now() - startedMs).toBeLessThan(1500)
  })

  it('comes in short steps', () => {
    const parsed = parsePromql('sum by (i) (stddev_over_time(x[1h])) > 0 or quantile_over_time(0.5, x[1h])')
    const range: StepRange = { start: 0, end: dayMs, stepMs: 60_000 }
    const found = series(50, 5760)
    const data = new Map(fetchesOf(parsed.expr, range).map(({ selector }) => [selector, found]))
    const steps = rangeOf(parsed, data, range, { limits: { maxSamples: 1e9, maxPoints: 1e9 } })
    let count = 0
    while (!steps.next().done) count++
    expect(count).toBeGreaterThan(200)
  })
})

describe('an expression as deep as may be', () => {
  it.each([
    ['parentheses', `${'('.repeat(200)}x${')'.repeat(200)}`],
    ['calls', `${'abs('.repeat(200)}x${')'.repeat(200)}`],
    ['aggregations', `${'sum by (i) ('.repeat(200)}x${')'.repeat(200)}`],
    ['a chain', `x${' + x'.repeat(1000)}`],
    ['alternatives', `x${' or x'.repeat(1000)}`],
    ['signs', `${'-'.repeat(1000)}x`],
    ['all of them', `${'-(x or '.repeat(190)}x${')'.repeat(190)}`],
  ])('is evaluated: %s', (_what, text) => {
    const found = series(3, 10)
    expect(evaluated(text, found, { start: 0, end: 120_000, stepMs: 30_000 }).type).toBe('matrix')
  })
})

describe('regular expressions that would never end elsewhere', () => {
  it.each([
    ['x{i=~"(a+)+$"}'],
    ['x{i=~"(.*)*b"}'],
    ['x{i=~"(x+x+)+y"}'],
    ['label_replace(x, "y", "$1", "i", "((a|a)*)*b")'],
  ])('are matched in linear time: %s', (text) => {
    const long: SelectedSeries = { ...(series(1, 1)[0] ?? never()), labels: { i: 'a'.repeat(50_000) } }
    const startedMs = performance.now()
    evaluated(text, [long], 0)
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

function never(): never {
  throw new Error('there is no series')
}
