/** A clock that stands still until it is advanced, and timers that follow it. */
import type { Clock, Timers } from '#main/ports.ts'

export interface FakeTime {
  readonly clock: Clock
  readonly timers: Timers
  /** Moves both clocks forward, firing due timers in order; promises they start are given time to settle. */
  advance(ms: number): Promise<void>
  /** Moves wall time only, as a user or NTP would. */
  setWallClock(at: number): void
  /** Timers that have not fired. */
  pending(): number
}

interface Entry {
  dueMs: number
  everyMs: number | null
  run: () => void
  order: number
}

/** Starts at 2026-01-05T00:00:00Z, a Monday. */
export function fakeTime(startAt = 1_767_571_200_000): FakeTime {
  let monotonicMs = 0
  let wallOffset = startAt
  let order = 0
  const entries = new Set<Entry>()
  const add = (delayMs: number, everyMs: number | null, run: () => void) => {
    const entry = { dueMs: monotonicMs + Math.max(0, delayMs), everyMs, run, order: order++ }
    entries.add(entry)
    return () => void entries.delete(entry)
  }
  const nextDue = (untilMs: number) =>
    [...entries].filter((e) => e.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0]
  return {
    clock: { now: () => Math.floor(wallOffset + monotonicMs), monotonicMs: () => monotonicMs },
    timers: {
      after: (delayMs, run) => add(delayMs, null, run),
      every: (intervalMs, run) => add(intervalMs, intervalMs, run),
    },
    async advance(ms) {
      const untilMs = monotonicMs + ms
      await settle()
      for (let entry = nextDue(untilMs); entry; entry = nextDue(untilMs)) {
        monotonicMs = Math.max(monotonicMs, entry.dueMs)
        if (entry.everyMs === null) entries.delete(entry)
        else entry.dueMs += entry.everyMs
        entry.run()
        await settle()
      }
      monotonicMs = untilMs
      await settle()
    },
    setWallClock(at) {
      wallOffset = at - monotonicMs
    },
    pending: () => entries.size,
  }
}

/** Lets chains of promises run out; real I/O is not waited for. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
}
