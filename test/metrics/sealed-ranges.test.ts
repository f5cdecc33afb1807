import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coveredByAll,
  isSealed,
  markSealed,
  nothingSealed,
  type SealedRanges,
} from '#main/store/metrics/sealed-ranges.ts'

const piece = fc.record({
  fromId: fc.nat(30),
  length: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(Number.POSITIVE_INFINITY)),
  belowHour: fc.integer({ min: 1, max: 5 }),
  frame: fc.integer({ min: 1, max: 50 }),
})

describe('sealed ranges', () => {
  it('remember for every series what was marked last', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        let ranges: SealedRanges = nothingSealed
        const plain = new Map<number, { belowHour: number; frame: number }>()
        for (const { fromId, length, belowHour, frame } of pieces) {
          ranges = markSealed(ranges, fromId, fromId + length, { belowHour, frame })
          for (let id = fromId; id < Math.min(fromId + length, 70); id++) plain.set(id, { belowHour, frame })
        }
        for (let id = 0; id < 70; id++) {
          const { belowHour, frame } = plain.get(id) ?? { belowHour: 0, frame: 0 }
          if (belowHour > 0) expect(isSealed(ranges, id, belowHour - 1, frame)).toBe(true)
          expect(isSealed(ranges, id, belowHour, frame)).toBe(false)
          expect(isSealed(ranges, id, belowHour - 1, frame + 1)).toBe(false)
          expect(coveredByAll(ranges).frame).toBeLessThanOrEqual(frame)
          expect(coveredByAll(ranges).belowHour).toBeLessThanOrEqual(belowHour)
        }
      }),
    )
  })

  it('do not grow with each round', () => {
    let ranges: SealedRanges = nothingSealed
    for (let round = 1; round < 50; round++) {
      for (let from = 0; from < 12; from++) {
        const to = from === 11 ? Number.POSITIVE_INFINITY : (from + 1) * 10 + round
        ranges = markSealed(ranges, from === 0 ? 0 : from * 10 + round, to, {
          belowHour: round,
          frame: round * 12 + from,
        })
      }
    }
    expect(ranges.length).toBe(12)
  })
})
