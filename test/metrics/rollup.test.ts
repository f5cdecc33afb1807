import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counterGapMs, createStepReducer, stepColumnNames, stepColumnsOf, summarise } from '#shared/domain/rollup.ts'
import type { Samples } from '#shared/domain/series.ts'

const samplesOf = (pairs: readonly (readonly [at: number, value: number])[]): Samples => ({
  times: Float64Array.from(pairs, ([at]) => at),
  values: Float64Array.from(pairs, ([, value]) => value),
})

function columnsOf(stepCount: number) {
  return stepColumnsOf(new Float64Array(stepColumnNames.length * stepCount), stepCount)
}

describe('a summary', () => {
  it('counts what was observed and takes a fall for a reset', () => {
    const summary = summarise(
      samplesOf([
        [0, 5],
        [1, Number.NaN],
        [2, 9],
        [3, 2],
        [4, 3],
      ]),
    )
    expect(summary).toEqual({
      samples: 5,
      count: 4,
      sum: 19,
      min: 2,
      max: 9,
      first: 5,
      firstAt: 0,
      last: 3,
      lastAt: 4,
      increase: 4 + 2 + 1,
    })
  })

  it('of nothing observed has no extremes', () => {
    const summary = summarise(samplesOf([[0, Number.NaN]]))
    expect(summary).toMatchObject({
      samples: 1,
      count: 0,
      sum: Number.NaN,
      min: Number.NaN,
      last: Number.NaN,
      increase: 0,
    })
  })
})

describe('a reducer', () => {
  it('credits growth since the sample before the range to the first step', () => {
    const columns = columnsOf(2)
    createStepReducer(100, 10, columns).addSamples(
      samplesOf([
        [95, 7],
        [100, 10],
        [109, 11],
        [110, 15],
        [120, 99],
      ]),
    )
    expect([...columns.count]).toEqual([2, 1])
    expect([...columns.increase]).toEqual([4, 4])
    expect([...columns.increaseMs]).toEqual([14, 1])
    expect([...columns.last]).toEqual([11, 15])
  })

  it('credits nothing over a hole that is too long to know', () => {
    const columns = columnsOf(1)
    const at = counterGapMs + 1
    createStepReducer(at, 10, columns).addSamples(
      samplesOf([
        [0, 1],
        [at, 50],
        [at + 1, 51],
      ]),
    )
    expect([columns.increase[0], columns.increaseMs[0]]).toEqual([1, 1])
  })

  it('leaves steps without observations empty', () => {
    const columns = columnsOf(3)
    createStepReducer(0, 10, columns).addSamples(
      samplesOf([
        [5, Number.NaN],
        [25, 1],
      ]),
    )
    expect([...columns.count]).toEqual([0, 0, 1])
    expect([...columns.min]).toEqual([Number.NaN, Number.NaN, 1])
  })

  it('tells the same from samples, from summaries of any cut, and from both', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(20)), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(pairs, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (gaps, asSummary) => {
        let at = 0
        const all = gaps.map(([gap, value]) => {
          at += gap
          return [at, value] as const
        })
        const stepMs = 3000
        const stepCount = Math.ceil((at + 1) / stepMs)
        const whole = columnsOf(stepCount)
        createStepReducer(0, stepMs, whole).addSamples(samplesOf(all))
        const pieced = columnsOf(stepCount)
        const reducer = createStepReducer(0, stepMs, pieced)
        // Pieces of a third of a step: each lies within one.
        for (let piece = 0; piece * 1000 <= at; piece++) {
          const part = samplesOf(all.filter(([time]) => Math.floor(time / 1000) === piece))
          if (asSummary[piece % asSummary.length]) reducer.addSummary(summarise(part))
          else reducer.addSamples(part)
        }
        expect(pieced).toEqual(whole)
      }),
    )
  })
})
