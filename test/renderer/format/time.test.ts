import { describe, expect, it } from 'vitest'
import { formatAge, formatAgo, formatDuration } from '../../../src/renderer/format/duration.ts'
import {
  formatClock,
  formatInstant,
  formatShort,
  zoneName,
  zoneOffsetMs,
} from '../../../src/renderer/format/instant.ts'

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.042, '42 µs'],
    [0.9996, '1.0 ms'],
    [4.25, '4.3 ms'],
    [340, '340 ms'],
    [999.6, '1 s'],
    [1000, '1 s'],
    [61_000, '1 min 1 s'],
    [120_000, '2 min'],
    [3_600_000 * 5 + 60_000 * 3, '5 h 3 min'],
    [86_400_000 * 3 + 3_600_000 * 4 + 59_000, '3 d 4 h'],
    [86_400_000 + 59_000, '1 d'],
    [-1500, '1 s'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('ages', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [12_400, '12 s'],
    [3_599_999, '59 min'],
    [90_000_000, '1 d'],
  ])('of %d ms read %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text)
  })

  it('look both ways from the present', () => {
    expect(formatAgo(10_000, 70_000)).toBe('1 min ago')
    expect(formatAgo(70_000, 10_000)).toBe('in 1 min')
    expect(formatAgo(70_000, 70_400)).toBe('now')
  })
})

describe('instants', () => {
  const at = Date.UTC(2026, 0, 5, 23, 30, 9)

  it('are written in the chosen zone', () => {
    expect(formatInstant(at, 'UTC')).toBe('2026-01-05 23:30:09')
    expect(formatInstant(at, 'Europe/Berlin')).toBe('2026-01-06 00:30:09')
    expect(formatClock(at, 'Asia/Kolkata')).toBe('05:00:09')
  })

  it('are as short as they can be understood', () => {
    expect(formatShort(at, 'UTC', at + 60_000)).toBe('23:30')
    expect(formatShort(at, 'UTC', at + 3_600_000)).toBe('01-05 23:30')
    expect(formatShort(at, 'UTC', Date.UTC(2027, 5, 1))).toBe('2026-01-05 23:30')
  })

  it('know their zone’s name and offset', () => {
    expect(zoneName(at, 'UTC')).toBe('UTC')
    expect(zoneOffsetMs(at, 'Europe/Berlin')).toBe(3_600_000)
    expect(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(7_200_000)
    expect(zoneOffsetMs(at, 'America/New_York')).toBe(-18_000_000)
  })
})
