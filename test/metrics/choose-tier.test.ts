import { describe, expect, it } from 'vitest'
import { chooseTier } from '#main/metrics/choose-tier.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = 1000 * day
const coverage = { raw: now - 15 * day, fiveMinute: now - 180 * day, hour: now - 900 * day }
const plan = (backMs: number, stepMs: number) => chooseTier({ from: now - backMs, to: now }, stepMs, coverage)

describe('the tier that answers', () => {
  it.each([
    ['an hour in steps of ten seconds', hour, 10_000, 'raw', 10_000, 360],
    ['a day in steps of five minutes', day, 5 * minute, '5m', 5 * minute, 288],
    ['ten days in steps of an hour', 10 * day, hour, '1h', hour, 240],
    ['a day in steps that no tier has', day, 7 * minute, 'raw', 7 * minute, 206],
    ['a month in steps finer than what is left of it', 30 * day, minute, '5m', 5 * minute, 8640],
    ['a year in steps finer than what is left of it', 360 * day, minute, '1h', hour, 8640],
    ['beyond all history', 2000 * day, day, '1h', day, 2000],
  ])('for %s', (_, backMs, stepMs, tier, stepMsGot, stepCount) => {
    expect(plan(backMs, stepMs)).toEqual({ tier, from: now - backMs, stepMs: stepMsGot, stepCount })
  })

  it('is raw while nothing is stored', () => {
    const nothing = { raw: null, fiveMinute: null, hour: null }
    expect(chooseTier({ from: 1, to: 11 }, 5, nothing)).toEqual({ tier: 'raw', from: 1, stepMs: 5, stepCount: 2 })
  })

  it('begins its steps on its own grid', () => {
    const askedFrom = now - 100 * day + 2 * minute
    const { from, stepMs, stepCount } = chooseTier({ from: askedFrom, to: askedFrom + hour }, minute, coverage)
    expect([from, stepMs, stepCount]).toEqual([askedFrom - 2 * minute, 5 * minute, 13])
  })
})
