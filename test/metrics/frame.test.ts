import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CorruptBytes } from '#main/store/metrics/codec/chunk.ts'
import { decodeFrame, encodeFrame } from '#main/store/metrics/frame.ts'

const batch = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 2 ** 20 - 1 }),
    fc.integer({ min: 0, max: 8.64e15 }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  ),
  { minLength: 1, maxLength: 60 },
)
const batchOf = (rows: readonly (readonly [number, number, bigint])[]) => ({
  ids: Uint32Array.from(rows, ([id]) => id),
  times: Float64Array.from(rows, ([, at]) => at),
  values: new Float64Array(BigUint64Array.from(rows, ([, , bits]) => bits).buffer),
})

describe('a frame', () => {
  it('gives back every sample in order, bit for bit', () => {
    fc.assert(
      fc.property(batch, (rows) => {
        const given = batchOf(rows)
        const { bytes, newestHour } = encodeFrame(given)
        const back = decodeFrame(bytes)
        expect(back.ids).toEqual(given.ids)
        expect(back.times).toEqual(given.times)
        expect(new BigUint64Array(back.values.buffer)).toEqual(new BigUint64Array(given.values.buffer))
        expect(newestHour).toBe(Math.floor(Math.max(...given.times) / 3_600_000))
      }),
    )
  })

  it('takes nine bytes a sample when neighbours report together', () => {
    const count = 500
    const { bytes } = encodeFrame({
      ids: Uint32Array.from({ length: count }, (_, i) => i + 1),
      times: new Float64Array(count).fill(1_767_571_200_000),
      values: new Float64Array(count).fill(0.1),
    })
    expect(bytes.length).toBeLessThan(9 * count + 30)
  })

  it('that was damaged says so', () => {
    const { bytes } = encodeFrame(
      batchOf([
        [1, 5, 7n],
        [2, 5, 9n],
      ]),
    )
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const damaged = bytes.slice()
        damaged[index] = (damaged[index] ?? 0) ^ flip
        expect(() => decodeFrame(damaged)).toThrow(CorruptBytes)
      }),
    )
  })
})
