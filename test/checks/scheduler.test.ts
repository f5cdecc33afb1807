import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDueQueue, type Due } from '#main/checks/due-queue.ts'
import { createLateness } from '#main/checks/lateness.ts'
import { createScheduler, type Schedule, type ScheduledTrigger } from '#main/checks/scheduler.ts'
import { watchOverGaps } from '#main/checks/watchfulness.ts'
import { type FakeTime, fakeTime } from '#test/support/fake-time.ts'

interface Run {
  readonly id: string
  readonly at: number
  readonly trigger: ScheduledTrigger
}

function scheduling(options: { maxConcurrent?: number; takesMs?: number; retryMs?: (run: Run) => number | null } = {}) {
  const time = fakeTime()
  const startAt = time.clock.now()
  const runs: Run[] = []
  const underway = new Map<string, number>()
  let most = 0
  let overlapped = false
  const scheduler = createScheduler({
    ...time,
    maxConcurrent: options.maxConcurrent ?? 100,
    run(id, trigger) {
      const run = { id, at: time.clock.now() - startAt, trigger }
      runs.push(run)
      overlapped ||= (underway.get(id) ?? 0) > 0
      underway.set(id, (underway.get(id) ?? 0) + 1)
      most = Math.max(
        most,
        [...underway.values()].reduce((sum, count) => sum + count, 0),
      )
      return new Promise((resolve) => {
        const end = () => {
          underway.set(id, (underway.get(id) ?? 1) - 1)
          resolve(options.retryMs?.(run) ?? null)
        }
        if (options.takesMs) time.timers.after(options.takesMs, end)
        else end()
      })
    },
  })
  return { time, scheduler, runs, most: () => most, overlapped: () => overlapped }
}

const every = (everyMs: number, rest: Partial<Schedule> = {}): Schedule => ({
  everyMs,
  group: 'a',
  groupLimit: 100,
  firstWithinMs: null,
  ...rest,
})

const gaps = (runs: readonly Run[]) => runs.slice(1).map((run, index) => run.at - (runs[index]?.at ?? 0))

describe('the scheduler', () => {
  it('runs a check once in each interval, at the same place', async () => {
    const { time, scheduler, runs } = scheduling()
    scheduler.set('web', every(10_000))
    await time.advance(100_000)
    expect(runs).toHaveLength(10)
    expect(new Set(gaps(runs))).toEqual(new Set([10_000]))
  })

  it('runs fewer at once while it is told to, and leaves none out', async () => {
    const { time, scheduler, runs, most } = scheduling({ takesMs: 500 })
    scheduler.limit(3)
    for (let index = 0; index < 30; index++) scheduler.set(`check-${index}`, every(60_000, { firstWithinMs: 0 }))
    await time.advance(4000)
    expect(most()).toBe(3)
    scheduler.limit(null)
    await time.advance(1000)
    expect(most()).toBeGreaterThan(3)
    expect(new Set(runs.map(({ id }) => id)).size).toBe(30)
  })

  it('keeps the place of a check over a restart, whenever that is', async () => {
    const placeOf = async (waitMs: number) => {
      const { time, scheduler, runs } = scheduling()
      await time.advance(waitMs)
      scheduler.set('web', every(10_000))
      await time.advance(10_000)
      return Math.round((runs[0]?.at ?? 0) % 10_000)
    }
    expect(await placeOf(0)).toBe(await placeOf(123_456))
  })

  it('spreads checks over their interval', async () => {
    const { time, scheduler, runs } = scheduling()
    for (let index = 0; index < 1000; index++) scheduler.set(`check-${index}`, every(10_000))
    await time.advance(10_000)
    expect(runs).toHaveLength(1000)
    const perSecond = Array.from({ length: 10 }, (_, s) => runs.filter((run) => Math.floor(run.at / 1000) === s).length)
    for (const count of perSecond) expect(count).toBeGreaterThan(60)
    for (const count of perSecond) expect(count).toBeLessThan(145)
  })

  it('never runs a check twice at once and leaves out the slots it missed', async () => {
    const { time, scheduler, runs, overlapped } = scheduling({ takesMs: 2500 })
    scheduler.set('slow', every(1000))
    await time.advance(30_000)
    expect(overlapped()).toBe(false)
    expect(new Set(gaps(runs))).toEqual(new Set([3000]))
  })

  it('retries when asked to, and keeps the regular place', async () => {
    const { time, scheduler, runs } = scheduling({ retryMs: (run) => (run.trigger === 'scheduled' ? 1000 : null) })
    scheduler.set('web', every(10_000))
    await time.advance(30_000)
    expect(runs.map((run) => run.trigger)).toEqual(
      ['scheduled', 'retry', 'scheduled', 'retry', 'scheduled', 'retry'].slice(0, runs.length),
    )
    const regular = runs.filter((run) => run.trigger === 'scheduled')
    expect(new Set(gaps(regular))).toEqual(new Set([10_000]))
  })

  it('runs now on demand, joining a run that is under way', async () => {
    const { time, scheduler, runs } = scheduling({ takesMs: 100 })
    scheduler.set('web', every(3_600_000))
    const first = scheduler.runNow('web')
    expect(scheduler.runNow('web')).toBe(first)
    await time.advance(100)
    await first
    expect(runs).toEqual([{ id: 'web', at: 0, trigger: 'manual' }])
    await scheduler.runNow('nobody')
  })

  it('starts no more at once than allowed, oldest first, and no group holds up another', async () => {
    const { time, scheduler, runs, most } = scheduling({ maxConcurrent: 3, takesMs: 1000 })
    const ping = every(36_000_000, { group: 'ping', groupLimit: 1, firstWithinMs: 0 })
    const http = every(36_000_000, { group: 'http', firstWithinMs: 0 })
    for (const id of ['p1', 'p2', 'p3', 'p4', 'h1', 'h2', 'h3', 'h4']) {
      scheduler.set(id, id.startsWith('p') ? ping : http)
      await time.advance(1)
    }
    expect(runs.map((run) => run.id)).toEqual(['p1', 'h1', 'h2'])
    await time.advance(1000)
    expect(runs.slice(3).map((run) => run.id)).toEqual(['p2', 'h3', 'h4'])
    await time.advance(10_000)
    expect(runs.map((run) => run.id).slice(6, 8)).toEqual(['p3', 'p4'])
    expect(most()).toBe(3)
  })

  it('forgets a check that is removed, and stops all when it is closed', async () => {
    const { time, scheduler, runs } = scheduling()
    scheduler.set('a', every(1000))
    scheduler.set('b', every(1000))
    scheduler.remove('a')
    await time.advance(5000)
    expect(runs.every((run) => run.id === 'b')).toBe(true)
    expect(scheduler.nextRunAt('a')).toBeNull()
    expect(scheduler.nextRunAt('b')).toBeGreaterThan(time.clock.now())
    scheduler.close()
    await time.advance(60_000)
    expect(runs).toHaveLength(5)
    expect(time.pending()).toBe(0)
  })

  it('uses one timer for ten thousand checks', async () => {
    const { time, scheduler } = scheduling()
    for (let index = 0; index < 10_000; index++) scheduler.set(`check-${index}`, every(10_000))
    expect(time.pending()).toBe(1)
  })

  it('takes a new interval at once', async () => {
    const { time, scheduler, runs } = scheduling()
    scheduler.set('web', every(3_600_000))
    scheduler.set('web', every(1000))
    await time.advance(10_000)
    expect(runs).toHaveLength(10)
  })
})

describe('the queue of due entries', () => {
  it('gives what is due first, whatever was put, moved or removed before', () => {
    const operations = fc.array(fc.record({ entry: fc.nat(20), dueMs: fc.nat(100), remove: fc.boolean() }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(operations, (steps) => {
        const entries = Array.from({ length: 21 }, (): Due => ({ dueMs: 0, place: -1 }))
        const queue = createDueQueue<Due>()
        const inside = new Set<Due>()
        for (const { entry: index, dueMs, remove } of steps) {
          const entry = entries[index] as Due
          if (remove) {
            queue.remove(entry)
            inside.delete(entry)
          } else {
            entry.dueMs = dueMs
            queue.put(entry)
            inside.add(entry)
          }
          const least = Math.min(...[...inside].map((one) => one.dueMs))
          expect(queue.first()?.dueMs ?? Number.POSITIVE_INFINITY).toBe(least)
        }
      }),
    )
  })
})

describe('lateness', () => {
  it('is told as maximum and 99th percentile, to 5 %, and starts anew each time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (all) => {
          const lateness = createLateness()
          for (const lateMs of all) lateness.add(lateMs)
          const exact = [...all].sort((a, b) => a - b)[Math.ceil(0.99 * all.length) - 1] ?? 0
          const told = lateness.take()
          expect(told?.maxMs).toBe(Math.max(...all))
          expect(told?.p99Ms).toBeGreaterThanOrEqual(exact * 0.999)
          expect(told?.p99Ms).toBeLessThanOrEqual(exact * 1.051)
          expect(lateness.take()).toBeNull()
        },
      ),
    )
  })
})

describe('watchfulness', () => {
  const watching = (time: FakeTime) => {
    const found: number[] = []
    const watch = watchOverGaps(time.clock, time.timers, ({ fromAt, toAt }) => found.push(toAt - fromAt))
    return { found, watch }
  }
  it('finds no gap while time passes evenly', async () => {
    const time = fakeTime()
    const { found, watch } = watching(time)
    await time.advance(60_000)
    expect(found).toEqual([])
    expect(watch.longestStallMs(0)).toBe(0)
  })
  it('finds the sleep of a machine and a clock that was set forward, not one that was set back', async () => {
    const time = fakeTime()
    const { found } = watching(time)
    await time.advance(5000)
    time.setWallClock(time.clock.now() + 600_000)
    await time.advance(5000)
    time.setWallClock(time.clock.now() - 300_000)
    await time.advance(5000)
    expect(found).toEqual([601_000])
  })
  it('remembers how long the loop stood still while something was measured', () => {
    let nowMs = 0
    let beat = () => {}
    const clock = { now: () => nowMs, monotonicMs: () => nowMs }
    const watch = watchOverGaps(
      clock,
      {
        after: () => () => {},
        every: (_, run) => {
          beat = run
          return () => {}
        },
      },
      () => {},
    )
    nowMs = 1000
    beat()
    nowMs = 4000
    expect(watch.longestStallMs(500)).toBe(3000)
    beat()
    nowMs = 5000
    beat()
    expect(watch.longestStallMs(2000)).toBe(3000)
    expect(watch.longestStallMs(4500)).toBe(0)
  })
})
