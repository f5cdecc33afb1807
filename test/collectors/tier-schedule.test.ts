import { describe, expect, it } from 'vitest'
import { scheduleTiers } from '#main/collectors/tier-schedule.ts'
import { fakeTime } from '#test/support/fake-time.ts'

const midnight = 1_767_571_200_000
const intervals = { fast: 5000, medium: 30_000, slow: 300_000 }

function scheduled(startAt: number) {
  const time = fakeTime(startAt)
  const runs: string[] = []
  const schedule = scheduleTiers(time.clock, time.timers, intervals, (tier, at) =>
    runs.push(`${tier} ${(at - midnight) / 1000}`),
  )
  return { time, runs, schedule }
}

describe('scheduleTiers', () => {
  it('runs each tier at the multiples of its interval', async () => {
    const { time, runs } = scheduled(midnight + 22_300)
    await time.advance(13_000)
    expect(runs.toSorted()).toEqual(['fast 25', 'fast 30', 'fast 35', 'medium 30'])
  })

  it('takes new intervals from the next instant on', async () => {
    const { time, runs, schedule } = scheduled(midnight)
    await time.advance(5000)
    schedule.setIntervals({ ...intervals, fast: 2000 })
    await time.advance(4000)
    expect(runs).toEqual(['fast 5', 'fast 6', 'fast 8'])
  })

  it('says the real instant when it is late', async () => {
    const { time, runs } = scheduled(midnight)
    time.setWallClock(midnight + 1000)
    await time.advance(5000)
    expect(runs).toEqual(['fast 6'])
  })

  it('runs no instant twice when the wall clock lags behind', async () => {
    const { time, runs } = scheduled(midnight)
    time.setWallClock(midnight - 10)
    await time.advance(5000)
    await time.advance(5010)
    expect(runs).toEqual(['fast 5', 'fast 10'])
  })

  it('goes on when the wall clock jumps back by hours', async () => {
    const { time, runs } = scheduled(midnight)
    time.setWallClock(midnight - 7_200_000)
    await time.advance(5000)
    await time.advance(5000)
    expect(runs).toEqual(['fast -7195', 'fast -7190'])
  })

  it('stops', async () => {
    const { time, runs, schedule } = scheduled(midnight)
    schedule.stop()
    await time.advance(600_000)
    expect(runs).toEqual([])
    expect(time.pending()).toBe(0)
  })
})
