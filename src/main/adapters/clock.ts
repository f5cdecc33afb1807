import { uptime } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Clock, Timers } from '../ports.ts'
import { steadyClock } from './steady-clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}

/** The clock of a console: one for all, since it remembers what it has shown. */
export function openSystemClock(): Clock {
  return { ...steadyClock(systemClock), uptimeMs: () => uptime() * 1000 }
}

/** Node's timers fire up to a millisecond early on occasion; `after` promises never to. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const dueMs = performance.now() + delayMs
    let handle = setTimeout(fire, Math.max(0, Math.min(delayMs, longestDelayMs)))
    function fire() {
      const leftMs = dueMs - performance.now()
      if (leftMs > 0) handle = setTimeout(fire, Math.min(Math.ceil(leftMs), longestDelayMs))
      else run()
    }
    return () => clearTimeout(handle)
  },
  every(intervalMs, run) {
    const handle = setInterval(run, intervalMs)
    return () => clearInterval(handle)
  },
}

/** setTimeout's limit: a longer delay would fire at once. */
const longestDelayMs = 2 ** 31 - 1
