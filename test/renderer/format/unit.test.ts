import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatCount,
  formatFixed,
  formatRatio,
  formatScaled,
  formatValue,
  scaleFor,
  type Unit,
} from '../../../src/renderer/format/unit.ts'

describe('formatValue', () => {
  it.each<[number | null, Unit, string]>([
    [null, 'bytes', '–'],
    [Number.NaN, 'bytes', '–'],
    [0, 'bytes', '0 B'],
    [16, 'bytes', '16 B'],
    [1023, 'bytes', '1023 B'],
    [16, 'bytesPerSecond', '16.0 B/s'],
    [1024, 'bytes', '1.00 KiB'],
    [1.5 * 1024 ** 3, 'bytes', '1.50 GiB'],
    [20 * 1024 ** 2, 'bytesPerSecond', '20.0 MiB/s'],
    [8_000_000, 'bitsPerSecond', '8.00 Mbit/s'],
    [999, 'bitsPerSecond', '999 bit/s'],
    [0.000_25, 'seconds', '250 µs'],
    [0.25, 'seconds', '250 ms'],
    [1.5, 'seconds', '1.50 s'],
    [600, 'seconds', '10.0 min'],
    [250, 'milliseconds', '250 ms'],
    [0.42, 'milliseconds', '420 µs'],
    [0.123, 'ratio', '12.3 %'],
    [0.9996, 'ratio', '100 %'],
    [0.09996, 'ratio', '10.0 %'],
    [54.2, 'celsius', '54.2 °C'],
    [-3.25, 'none', '−3.25'],
    [1234, 'none', '1.23 k'],
    [0.4, 'perSecond', '0.40/s'],
    [Infinity, 'none', '∞'],
    [90, 'perMinute', '90.0/min'],
    [1500, 'decimalBytes', '1.50 kB'],
    [2_500_000, 'decimalBytesPerSecond', '2.50 MB/s'],
    [64_000, 'bits', '64.0 kbit'],
    [1500, 'microseconds', '1.50 ms'],
    [2_000_000_000, 'nanoseconds', '2.00 s'],
    [42, 'percent', '42.0 %'],
    [2_400_000_000, 'hertz', '2.40 GHz'],
    [12, 'volts', '12.0 V'],
    [1200, 'rpm', '1200 rpm'],
    [1_767_621_600, 'instant', '2026-01-05 14:00:00 UTC'],
    [1_767_621_600_000, 'instantMs', '2026-01-05 14:00:00 UTC'],
    [null, 'instant', '–'],
    [1e30, 'instantMs', '1e+30'],
  ])('writes %s %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text)
  })
})

describe('one scale', () => {
  it('is used for all values beside the largest', () => {
    const scale = scaleFor('bytes', 1.1 * 1024 ** 3)
    expect(formatScaled(1.1 * 1024 ** 3, scale)).toBe('1.10 GiB')
    expect(formatScaled(0.9 * 1024 ** 3, scale)).toBe('0.90 GiB')
    expect(formatFixed(512 * 1024 ** 2, scale, 1)).toBe('0.5 GiB')
  })

  it('never makes a larger value look smaller', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        (a, b) => {
          const scale = scaleFor('bytes', Math.max(a, b))
          const shown = (value: number) => Number.parseFloat(formatScaled(value, scale))
          expect(Math.sign(shown(a) - shown(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

describe('formatRatio', () => {
  it.each<[number | null, number, string]>([
    [null, 1, '–'],
    [1, 2, '100.00 %'],
    [0.29, 0, '29 %'],
    [0.999_96, 2, '99.99 %'],
    [0, 1, '0.0 %'],
  ])('writes %s with %i decimals as %s', (ratio, decimals, text) => {
    expect(formatRatio(ratio, decimals)).toBe(text)
  })

  it('says 100 % of nothing less than all', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        fc.integer({ min: 0, max: 3 }),
        (ratio, decimals) => {
          expect(Number.parseFloat(formatRatio(ratio, decimals))).toBeLessThan(100)
        },
      ),
    )
  })
})

describe('formatCount', () => {
  it('groups with thin spaces', () => {
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567')
  })
})
