import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuantity, quantityText } from '../../../src/renderer/ui/form/quantity-text.ts'

describe('parseQuantity', () => {
  it.each([
    ['90', 90_000],
    ['30 s', 30_000],
    ['1m 30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['1 day', 86_400_000],
  ])('reads the duration "%s" as %i ms', (text, value) => {
    expect(parseQuantity(text, 'ms')).toEqual({ ok: true, value })
  })

  it.each([
    ['64 KiB', 65_536],
    ['2mb', 2_097_152],
    ['512', 512],
  ])('reads the size "%s" as %i bytes', (text, value) => {
    expect(parseQuantity(text, 'bytes')).toEqual({ ok: true, value })
  })

  it.each(['', '   ', 'soon', '5 parsecs', '1 2', '-3s', '3s later'])(
    'refuses "%s" and says what it expected',
    (text) => {
      expect(parseQuantity(text, 'ms')).toMatchObject({
        ok: false,
        message: expect.stringContaining('Expected a duration'),
      })
    },
  )
})

describe('quantityText', () => {
  it('names a duration or a size so that reading it gives the same number', () => {
    const numbers = fc.integer({ min: 0, max: 1e12 })
    fc.assert(
      fc.property(numbers, fc.constantFrom('ms' as const, 'bytes' as const), (value, unit) => {
        expect(parseQuantity(quantityText(value, unit), unit)).toEqual({ ok: true, value })
      }),
    )
  })
})
