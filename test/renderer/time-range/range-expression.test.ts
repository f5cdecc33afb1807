import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fixedRange,
  isLive,
  parseRange,
  rangePresets,
  rangeText,
  resolveRange,
} from '../../../src/renderer/time-range/range-expression.ts'

/** A Wednesday. */
const now = Date.UTC(2026, 0, 7, 15, 4, 5)
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const resolved = (text: string, zone = 'UTC', at = now) => {
  const expression = parseRange(text, at, zone)
  return expression && resolveRange(expression, at, zone)
}

describe('a typed range', () => {
  it.each<[string, number, number]>([
    ['now-6h', now - 6 * hour, now],
    [' now-90s to now ', now - 90_000, now],
    ['now-2d..now-1d', now - 2 * day, now - day],
    ['now - 5 m to now', now - 5 * minute, now],
    ['now/d', Date.UTC(2026, 0, 7), now],
    ['now/h', Date.UTC(2026, 0, 7, 15), now],
    ['now/w', Date.UTC(2026, 0, 5), now],
    ['now/M', Date.UTC(2026, 0, 1), now],
    ['now-1d/d to now/d', Date.UTC(2026, 0, 6), Date.UTC(2026, 0, 7)],
    ['2026-01-05 to 2026-01-06', Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 6)],
    ['2026-01-05 14:30 to now', Date.UTC(2026, 0, 5, 14, 30), now],
    ['2026-01-05T14:30:15Z to 2026-01-05T14:31:00Z', Date.UTC(2026, 0, 5, 14, 30, 15), Date.UTC(2026, 0, 5, 14, 31)],
  ])('%s is understood', (text, from, to) => {
    expect(resolved(text)).toEqual({ from, to })
  })

  it.each([
    '',
    'yesterday',
    'now to now-1h',
    'now',
    'now-1x',
    '2026-13-01',
    '2026-02-30',
    '2026-01-05 25:00',
    'now+1h',
    'a to b',
  ])('"%s" is no range', (text) => {
    expect(parseRange(text, now, 'UTC')).toBeNull()
  })

  it('takes days and written times in the shown zone', () => {
    expect(resolved('now/d', 'America/New_York')?.from).toBe(Date.UTC(2026, 0, 7, 5))
    expect(resolved('2026-07-01 12:00 to 2026-07-01 13:00', 'Europe/Berlin')?.from).toBe(Date.UTC(2026, 6, 1, 10))
  })

  it('finds the start of a day on which clocks change', () => {
    const afternoon = Date.UTC(2026, 2, 29, 13)
    expect(resolved('now/d', 'Europe/Berlin', afternoon)?.from).toBe(Date.UTC(2026, 2, 28, 23))
  })

  it('survives being copied and pasted', () => {
    for (const { expression } of rangePresets) expect(parseRange(rangeText(expression), now, 'UTC')).toEqual(expression)
  })

  it('moves with the present only when it ends there', () => {
    expect(isLive({ from: 'now-1h', to: 'now' })).toBe(true)
    expect(isLive({ from: 'now-2h', to: 'now-1h' })).toBe(false)
  })
})

describe('a brushed range', () => {
  it('comes back to the second, in any zone', () => {
    const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Auckland')
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 1e6 }), zone, (from, seconds, shownIn) => {
        const range = { from, to: from + seconds * 1000 }
        expect(resolveRange(fixedRange(range), now, shownIn)).toEqual(range)
      }),
    )
  })
})
