import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { epochOf, isoOf, parseDurationMs, parseInstant } from '#main/http/instants.ts'
import { Instant } from '#shared/contract/common.ts'

const now = 1_767_571_200_000

describe('an instant', () => {
  it.each([
    ['now', now],
    ['now-6h', now - 21_600_000],
    ['now+90s', now + 90_000],
    ['now-1.5h', now - 5_400_000],
    ['now-250ms', now - 250],
    ['now-1w', now - 604_800_000],
    [' now ', now],
    ['1767571200', now],
    ['1767571200.5', now + 500],
    ['1767571200000', now],
    ['2026-01-05T00:00:00Z', now],
    ['2026-01-05T01:00:00+01:00', now],
    ['2026-01-05', now],
    ['0', 0],
  ])('is read from "%s"', (text, at) => {
    expect(parseInstant(text, now)).toBe(at)
  })

  it.each(['', 'yesterday', 'now-', 'now-6', 'now - 6h', '-5', '05/01/2026', '2026-13-01T00:00:00Z', 'NaN', '1e9'])(
    'is not read from "%s"',
    (text) => {
      expect(() => parseInstant(text, now)).toThrow('expected an instant')
    },
  )

  it('survives being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
        expect(parseInstant(String(isoOf(Instant, at)), now)).toBe(at)
      }),
    )
  })
})

it.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['60', 60_000],
  ['0.5h', 1_800_000],
])('a duration is read from "%s"', (text, durationMs) => {
  expect(parseDurationMs(text)).toBe(durationMs)
})

it.each(['', '0', '-5m', '5 m', 'five'])('a duration is not read from "%s"', (text) => {
  expect(() => parseDurationMs(text)).toThrow('expected a duration')
})

describe('instants within a value', () => {
  const schema = z.strictObject({
    at: Instant,
    until: Instant.nullable().default(null),
    count: z.number(),
    list: z.array(z.strictObject({ seenAt: Instant.optional() })),
    range: z.strictObject({ from: Instant, to: Instant }).refine((range) => range.from < range.to),
  })
  const value = { at: 0, until: null, count: 0, list: [{ seenAt: 1 }, {}], range: { from: 0, to: 1000 } }

  it('are changed where the schema has them, and nothing else is', () => {
    expect(isoOf(schema, value)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      until: null,
      count: 0,
      list: [{ seenAt: '1970-01-01T00:00:00.001Z' }, {}],
      range: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:01.000Z' },
    })
    expect(epochOf(schema, isoOf(schema, value), now)).toEqual(value)
  })

  it('leave what the schema does not know for its own parse to refuse', () => {
    const strange = { at: { deep: true }, list: 'no list', other: 'now' }
    expect(epochOf(schema, strange, now)).toEqual(strange)
  })
})
