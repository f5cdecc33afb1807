import { describe, expect, it } from 'vitest'
import { parseQuietHours, quietUntil } from '#shared/domain/quiet-hours.ts'

const berlin = 'Europe/Berlin'
/** Both hemispheres, halves and quarters of an hour, changes at midnight and none at all. */
const zones = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Lisbon',
  'Europe/Athens',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Johannesburg',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Asia/Beirut',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'UTC',
]
const at = (text: string) => Date.parse(text)
const until = (text: string, hours: string, zone = berlin) => {
  const quiet = parseQuietHours(hours)
  if (!quiet) throw new Error(`expected hours, got ${hours}`)
  const end = quietUntil(quiet, at(text), zone)
  return end === null ? null : new Date(end).toISOString()
}

describe('quiet hours', () => {
  it.each<[string, string, string | null]>([
    // In January Berlin is an hour ahead of UTC.
    ['before they begin', '2026-01-10T20:59:59Z', null],
    ['as they begin', '2026-01-10T21:00:00Z', '2026-01-11T06:00:00.000Z'],
    ['after midnight', '2026-01-11T01:30:20Z', '2026-01-11T06:00:00.000Z'],
    ['in their last minute', '2026-01-11T05:59:59Z', '2026-01-11T06:00:00.000Z'],
    ['as they end', '2026-01-11T06:00:00Z', null],
    // The clock goes from 2:00 to 3:00, so the night is an hour shorter.
    ['in the night summer time begins', '2026-03-28T22:00:00Z', '2026-03-29T05:00:00.000Z'],
    ['in the night it ends', '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
  ])('%s: 22:00-07:00 in Berlin', (_, instant, end) => {
    expect(until(instant, '22:00-07:00')).toBe(end)
  })

  it('may lie within a day', () => {
    expect(until('2026-01-10T12:15:00Z', '13:00-14:00')).toBe('2026-01-10T13:00:00.000Z')
    expect(until('2026-01-10T13:00:00Z', '13:00-14:00')).toBeNull()
  })

  it.each(zones)('end by the clock on the wall of %s, all year', (zone) => {
    const hours = { fromMinute: 22 * 60, toMinute: 7 * 60 }
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
    const start = at('2026-01-01T00:07:30Z')
    for (let hour = 0; hour < 365 * 24; hour += 5) {
      const now = start + hour * 3_600_000
      const end = quietUntil(hours, now, zone)
      const isNight = !/^(0[7-9]|1\d|2[01]):/.test(wall.format(now))
      expect(end !== null, `${zone} ${wall.format(now)}`).toBe(isNight)
      if (end === null) continue
      expect(end).toBeGreaterThan(now)
      expect(wall.format(end)).toBe('07:00')
    }
  })

  it.each(['', '22:00', '24:00-07:00', '22:00-07:60', 'at night', '07:00-07:00', '22:00-07:00 '.repeat(2)])(
    'are not read from %j',
    (text) => {
      expect(parseQuietHours(text)).toBeNull()
    },
  )
})
