import { describe, expect, it } from 'vitest'
import { steadyClock } from '#main/adapters/steady-clock.ts'
import { createEvents } from '#main/events.ts'
import { watchOwnTime } from '#main/health/own-time.ts'
import { createNotices } from '#main/notices.ts'
import { fakePorts } from '#test/support/ports.ts'

function open() {
  const { time, timers, logger } = fakePorts()
  const steady = steadyClock(time.clock)
  let sleptMs = 0
  const clock = { ...steady, uptimeMs: () => time.clock.monotonicMs() + sleptMs }
  const notices = createNotices(clock, logger, createEvents())
  const stop = watchOwnTime({ clock, timers, notices })
  const told = () =>
    notices.list().map(({ id, level, message }) => [id, level, /\d+[hms][\dhms ]*/.exec(message)?.[0].trim()])
  return {
    time,
    told,
    stop,
    sleep(ms: number) {
      sleptMs += ms
      time.setWallClock(time.clock.now() + ms)
    },
    set: (ms: number) => time.setWallClock(time.clock.now() + ms),
  }
}

const hourMs = 3_600_000

describe('time that was lost', () => {
  it('is told once after a sleep, and not any more after a while', async () => {
    const { time, told, sleep } = open()
    await time.advance(60_000)
    expect(told()).toEqual([])
    sleep(599_000)
    await time.advance(1000)
    expect(told()).toEqual([['time.asleep', 'info', '10m 0s']])
    await time.advance(500_000)
    expect(told()).toHaveLength(1)
    await time.advance(100_000)
    expect(told()).toEqual([])
  })

  it('is not taken for sleep when the clock was set forward', async () => {
    const { time, told, set } = open()
    await time.advance(5000)
    set(2 * hourMs)
    await time.advance(1000)
    expect(told()).toEqual([['time.clock', 'info', '2h 0m 1s']])
  })

  it('is told as a clock set back until it has caught up or was put right', async () => {
    const { time, told, set } = open()
    await time.advance(5000)
    set(-2 * hourMs)
    await time.advance(1000)
    expect(told()).toEqual([['time.clock', 'warning', '2h 0m 0s']])
    await time.advance(hourMs)
    expect(told()).toHaveLength(1)
    set(2 * hourMs)
    await time.advance(1000)
    expect(told()).toEqual([])
  })

  it('is not told of a second here or there', async () => {
    const { time, told, set } = open()
    for (const step of [3000, -3000, -500, 800]) {
      set(step)
      await time.advance(2000)
    }
    expect(told()).toEqual([])
  })
})
