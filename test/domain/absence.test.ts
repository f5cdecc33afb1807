import { describe, expect, it } from 'vitest'
import type { StateInterval, TimelineState } from '#shared/contract/checks.ts'
import { blindnessOf, checkNewsOf, type WatchedCheck } from '#shared/domain/absence.ts'

/** `up 0-10`, one stretch after the other, in seconds; `unobserved asleep 10-20` with a reason. */
const check = (id: string, ...stretches: string[]): WatchedCheck => {
  const intervals = stretches.map((text): StateInterval => {
    const [, state = '', code = '', from = '', to = ''] = /^(\w+) ?([\w-]*?) ?(\d+)-(\d+)$/.exec(text) ?? []
    return {
      from: Number(from) * 1000,
      to: Number(to) * 1000,
      state: state as TimelineState,
      reason: { code: code || state, message: code },
    }
  })
  return { id, name: id, state: intervals.at(-1)?.state ?? 'unobserved', intervals }
}

describe('what happened to checks', () => {
  it('is nothing where all stayed well', () => {
    expect(checkNewsOf([check('a', 'up 0-100'), check('b')])).toEqual([])
    expect(blindnessOf([check('a', 'up 0-100')])).toEqual([])
  })

  it('names what is still down first, then the longest trouble that is over', () => {
    const news = checkNewsOf([
      check('short', 'up 0-10', 'down 10-20', 'up 20-100'),
      check('slow', 'up 0-10', 'degraded 10-90', 'up 90-100'),
      check('long', 'down 0-50', 'up 50-60', 'down 60-70', 'up 70-100'),
      check('now', 'up 0-95', 'down 95-100'),
      check('fine', 'up 0-100'),
    ])
    expect(news.map(({ id, worst, times, badMs, state }) => [id, worst, times, badMs, state])).toEqual([
      ['now', 'down', 1, 5000, 'down'],
      ['long', 'down', 2, 60_000, 'up'],
      ['short', 'down', 1, 10_000, 'up'],
      ['slow', 'degraded', 1, 80_000, 'up'],
    ])
  })

  it('joins what several checks did not see for the same reason, and counts them', () => {
    const blind = blindnessOf([
      check('a', 'up 0-10', 'unobserved asleep 10-50', 'up 50-100'),
      check('b', 'up 0-12', 'unobserved asleep 12-55', 'up 55-100'),
      check('c', 'up 0-70', 'unknown uplink 70-80', 'up 80-100'),
      check('d', 'unobserved asleep 90-95', 'up 95-100'),
    ])
    expect(blind.map(({ from, to, reason, checks }) => [reason.code, from, to, checks])).toEqual([
      ['asleep', 10_000, 55_000, 2],
      ['uplink', 70_000, 80_000, 1],
      ['asleep', 90_000, 95_000, 1],
    ])
  })

  it('does not report what the operator did, nor less than a second', () => {
    expect(blindnessOf([check('a', 'unobserved paused 0-50', 'unobserved not-watched 50-60', 'up 60-100')])).toEqual([])
    const short = { from: 0, to: 900, state: 'unknown' as const, reason: { code: 'stalled', message: '' } }
    expect(blindnessOf([{ ...check('a'), intervals: [short] }])).toEqual([])
  })
})
