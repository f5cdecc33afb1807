import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBuckets, encodeBuckets } from '#main/store/metrics/codec/buckets.ts'
import { CorruptBytes } from '#main/store/metrics/codec/chunk.ts'
import { createStepReducer, stepColumnNames, stepColumnsOf } from '#shared/domain/rollup.ts'

const stepMs = 300_000
const stepCount = 288
const value = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.double({ noNaN: true }))

function reduced(samples: readonly (readonly [at: number, value: number])[]) {
  const columns = stepColumnsOf(new Float64Array(stepColumnNames.length * stepCount), stepCount)
  createStepReducer(0, stepMs, columns).addSamples({
    times: Float64Array.from(samples, ([at]) => at),
    values: Float64Array.from(samples, ([, sample]) => sample),
  })
  return columns
}

describe("a day's buckets", () => {
  it('come back as they were, those without observations left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2 * stepMs), value), { minLength: 1, maxLength: 150 }),
        fc.boolean(),
        (gaps, isCounter) => {
          let at = 0
          const columns = reduced(
            gaps.map(([gap, sample]) => {
              at += gap
              return [at, sample] as const
            }),
          )
          const bytes = encodeBuckets(columns, isCounter)
          const back = bytes ? decodeBuckets(bytes, 0, stepMs) : []
          const expected = [...columns.count.keys()]
            .filter((step) => (columns.count[step] ?? 0) > 0)
            .map((step) => ({
              at: step * stepMs,
              count: columns.count[step],
              sum: columns.sum[step],
              min: columns.min[step],
              max: columns.max[step],
              last: columns.last[step],
              increase: isCounter ? columns.increase[step] : Number.NaN,
              increaseMs: isCounter ? columns.increaseMs[step] : Number.NaN,
            }))
          expect(back).toEqual(expected)
        },
      ),
    )
  })

  it('take little for a constant and for a counter', () => {
    const every = (sample: (i: number) => number) =>
      encodeBuckets(reduced(Array.from({ length: 8640 }, (_, i) => [i * 10_000, sample(i)] as const)), true)?.length
    expect(every(() => 16_621_436_928)).toBeLessThan(150)
    expect(every((i) => i * 5)).toBeLessThan(250)
  })

  it('of nothing are nothing, and damage is told', () => {
    expect(encodeBuckets(reduced([]), true)).toBeNull()
    expect(() => decodeBuckets(new Uint8Array([1, 2, 3]), 0, stepMs)).toThrow(CorruptBytes)
  })
})
