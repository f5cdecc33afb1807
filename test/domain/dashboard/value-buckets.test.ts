import { expect, it } from 'vitest'
import { valueBuckets } from '#shared/domain/dashboard/value-buckets.ts'

it('spreads a share over all that it can be, however close its values are', () => {
  const { bounds, indexOf } = valueBuckets('ratio', 0.987, 1, 20)
  expect(bounds).toHaveLength(20)
  expect(bounds.slice(0, 3)).toEqual([0.05, 0.1, 0.15])
  expect(bounds.at(-1)).toBe(1)
  expect([0, 0.05, 0.987, 1].map(indexOf)).toEqual([0, 1, 19, 19])
  expect(valueBuckets('percent', 3, 4, 10).bounds).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
})

it('holds what is more than the whole or less than nothing', () => {
  expect(valueBuckets('ratio', -0.1, 1.3, 10).bounds).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4])
})

it('has bounds that are round in the shown unit, and no more buckets than asked for', () => {
  expect(valueBuckets('seconds', 0.0312, 0.0487, 5).bounds).toEqual([0.035, 0.04, 0.045, 0.05])
  expect(valueBuckets('bytes', 0, 8 * 1024 ** 2, 4).bounds.map((bound) => bound / 1024 ** 2)).toEqual([2, 4, 6, 8])
  for (const most of [2, 3, 7, 20, 100]) {
    const { bounds, indexOf } = valueBuckets('none', 3.7, 917.2, most)
    expect(bounds.length).toBeLessThanOrEqual(most)
    expect(bounds.at(-1)).toBeGreaterThanOrEqual(917.2)
    expect(indexOf(917.2)).toBe(bounds.length - 1)
  }
})

it('has room around values that are all alike', () => {
  expect(valueBuckets('none', 0, 0, 20).bounds).toEqual([0.05])
  const { bounds, indexOf } = valueBuckets('none', 5, 5, 20)
  expect([bounds.length, indexOf(5)]).toEqual([1, 0])
})
