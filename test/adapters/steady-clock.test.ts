import { describe, expect, it } from 'vitest'
import { steadyClock } from '#main/adapters/steady-clock.ts'
import { fakeTime } from '#test/support/fake-time.ts'

const hourMs = 3_600_000

describe('the clock of a console', () => {
  it('is the system’s while that goes forward, and follows it when it is set forward', async () => {
    const time = fakeTime()
    const clock = steadyClock(time.clock)
    for (const step of [0, 1000, 2 * hourMs]) {
      time.setWallClock(time.clock.now() + step)
      await time.advance(1000)
      expect(clock.now()).toBe(time.clock.now())
      expect(clock.aheadMs()).toBe(0)
    }
  })

  it('never goes back, and waits for the system’s to catch up', async () => {
    const time = fakeTime()
    const clock = steadyClock(time.clock)
    let before = clock.now()
    time.setWallClock(before - 2 * hourMs)
    expect(clock.now()).toBe(before)
    expect(clock.aheadMs()).toBe(2 * hourMs)
    for (let second = 0; second < 100; second++) {
      await time.advance(1000)
      const now = clock.now()
      expect(now - before).toBeGreaterThanOrEqual(949)
      expect(now - before).toBeLessThanOrEqual(1000)
      before = now
    }
    await time.advance(40 * hourMs)
    expect(clock.now()).toBe(time.clock.now())
    expect(clock.aheadMs()).toBe(0)
  })

  it('is as before when a wrong setting is put right', async () => {
    const time = fakeTime()
    const clock = steadyClock(time.clock)
    const right = clock.now()
    time.setWallClock(right - 2 * hourMs)
    await time.advance(60_000)
    clock.now()
    time.setWallClock(right + 60_000)
    expect(clock.now()).toBe(right + 60_000)
  })

  it('does not show what lies before its history, unless that is more than a day ahead', () => {
    const time = fakeTime()
    const clock = steadyClock(time.clock)
    const start = clock.now()
    clock.notBefore(start + 48 * hourMs)
    expect(clock.now()).toBe(start)
    clock.notBefore(start + 2 * hourMs)
    expect(clock.now()).toBe(start + 2 * hourMs)
    clock.notBefore(start + hourMs)
    expect(clock.now()).toBe(start + 2 * hourMs)
  })

  it('gives up waiting when the system’s was a day ahead or more', () => {
    const time = fakeTime()
    const clock = steadyClock(time.clock)
    const start = clock.now()
    time.setWallClock(start - 400 * 24 * hourMs)
    expect(clock.now()).toBe(start - 400 * 24 * hourMs)
  })
})
