import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CorruptBytes, decodeChunk, encodeChunk } from '#main/store/metrics/codec/chunk.ts'
import { staleNaNBits } from '#shared/domain/series.ts'

const originAt = 1_767_571_200_000

const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const oddBits = fc.constantFrom(
  staleNaNBits,
  0x7ff8000000000000n, // the ordinary NaN
  0xfff8000000000001n,
  0x7ff0000000000000n, // infinity
  0xfff0000000000000n,
  0x8000000000000000n, // -0
  0x0000000000000001n, // smallest denormal
  0x7fefffffffffffffn,
)
const bitsOf = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n
const decimal = (scale: number) => fc.integer({ min: -1e9, max: 1e9 }).map((n) => bitsOf(n / 10 ** scale))
const column = fc.oneof(
  fc.array(anyBits),
  fc.array(fc.double().map(bitsOf)),
  fc.integer({ min: 0, max: 15 }).chain((scale) => fc.array(decimal(scale), { maxLength: 400 })),
  fc.array(fc.oneof({ weight: 9, arbitrary: decimal(2) }, { weight: 1, arbitrary: oddBits }), { maxLength: 400 }),
  fc.array(fc.constantFrom(0n, bitsOf(1), bitsOf(4096)), { maxLength: 400 }),
  fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((n) => bitsOf(n * 2 ** 21))),
)
const gaps = fc.oneof(
  fc.constant(10_000),
  fc.integer({ min: 9_990, max: 10_010 }),
  fc.integer({ min: 1, max: 100_000 }),
)

describe('a chunk', () => {
  it('gives back every float64 bit for bit, and every instant', () => {
    fc.assert(
      fc.property(column, fc.array(gaps, { minLength: 400, maxLength: 400 }), (bits, steps) => {
        const values = new Float64Array(BigUint64Array.from(bits).buffer)
        let at = originAt
        const times = Float64Array.from(bits, (_, i) => {
          at += steps[i % steps.length] ?? 1
          return at
        })
        const back = decodeChunk(encodeChunk({ times, values }, originAt), originAt)
        expect([...back.times]).toEqual([...times])
        expect([...new BigUint64Array(back.values.buffer)]).toEqual(bits)
      }),
      { numRuns: 500 },
    )
  })

  it('takes few bytes for what hosts report', () => {
    const encode = (value: (i: number) => number) => {
      const times = Float64Array.from({ length: 360 }, (_, i) => originAt + i * 10_000)
      return encodeChunk({ times, values: Float64Array.from(times, (_, i) => value(i)) }, originAt).length
    }
    expect(encode(() => 16_777_216_000)).toBeLessThan(30)
    expect(encode((i) => i * 10)).toBeLessThan(30)
    expect(encode((i) => 4096 * ((i * 7919) % 61))).toBeLessThan(400)
    expect(encode((i) => Math.round(100 * Math.sin(i)) / 100)).toBeLessThan(2 * 360 + 20)
  })

  it('does not let a stale marker make its neighbours long', () => {
    const values = Float64Array.from({ length: 360 }, (_, i) => i / 100)
    const clean = encodeChunk({ times: values.map((_, i) => originAt + i * 1000), values }, originAt).length
    new BigUint64Array(values.buffer)[200] = staleNaNBits
    const marked = encodeChunk({ times: values.map((_, i) => originAt + i * 1000), values }, originAt).length
    expect(marked).toBeLessThan(clean + 30)
  })

  it('names damage instead of giving back wrong samples', () => {
    const times = Float64Array.from({ length: 50 }, (_, i) => originAt + i * 1000)
    const bytes = encodeChunk({ times, values: times.map((at) => at / 7) }, originAt)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const damaged = bytes.slice()
        damaged[index] = (damaged[index] ?? 0) ^ flip
        expect(() => decodeChunk(damaged, originAt)).toThrow(CorruptBytes)
      }),
    )
    expect(() => decodeChunk(bytes.subarray(0, 20), originAt)).toThrow(CorruptBytes)
    expect(() => decodeChunk(new Uint8Array(), originAt)).toThrow(CorruptBytes)
  })
})
