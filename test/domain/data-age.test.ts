import { expect, it } from 'vitest'
import { isTooOld } from '#shared/domain/data-age.ts'

it.each([
  [60_000, 120_000, false],
  [60_000, 120_001, true],
  // What is measured each second may take longer than two of them.
  [1000, 10_000, false],
  [1000, 10_001, true],
  // A clock that went back makes nothing old.
  [60_000, -5000, false],
] as const)('what is measured every %i ms is too old after %i ms: %s', (everyMs, ageMs, expected) => {
  expect(isTooOld(1_000_000, everyMs, 1_000_000 + ageMs)).toBe(expected)
})

it('has no age before the first result', () => {
  expect(isTooOld(null, 1000, 1e12)).toBe(false)
})
