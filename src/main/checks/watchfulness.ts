/**
 * Whether Belfry itself was awake. A beat each second; when one comes late the loop stalled or the process was stopped,
 * when the wall clock ran ahead of it the machine slept, or the clock was set. What was to be seen in such a gap, nobody
 * saw; the time that a clock skips never was, and nobody saw that either.
 */
import type { Clock, Timers } from '#main/ports.ts'

export interface Gap {
  /** The last beat before, epoch ms. */
  readonly fromAt: number
  readonly toAt: number
  /** `clock`: it was set forward, and next to nothing was missed. */
  readonly cause: 'asleep' | 'clock'
}

export interface Watchfulness {
  /** Looks now instead of at the next beat: before something is measured, so that a gap is told before its result. */
  look(): void
  /** The longest pause between beats that overlaps the time since then (monotonic ms), the present one included. */
  longestStallMs(sinceMs: number): number
  close(): void
}

const beatMs = 1000
/** A gap this long is nobody looking; shorter ones only make timeouts doubtful. */
const leastGapMs = 10_000
const rememberedStalls = 20
const leastStallMs = 500

export function watchOverGaps(clock: Clock, timers: Timers, onGap: (gap: Gap) => void): Watchfulness {
  let lastAt = clock.now()
  let lastMs = clock.monotonicMs()
  let sleptMs = sleepOf(clock)
  let stalls: { readonly endMs: number; readonly stallMs: number }[] = []
  const look = () => {
    const nowAt = clock.now()
    const nowMs = clock.monotonicMs()
    // Suspended time counts on the wall clock only; a stopped process misses it on both.
    const stoppedMs = nowMs - lastMs - beatMs
    const skippedMs = nowAt - lastAt - beatMs
    const lostMs = Math.max(stoppedMs, skippedMs)
    if (nowMs - lastMs - beatMs >= leastStallMs) {
      stalls = [...stalls, { endMs: nowMs, stallMs: nowMs - lastMs }].slice(-rememberedStalls)
    }
    const fromAt = lastAt
    lastAt = nowAt
    lastMs = nowMs
    if (lostMs < leastGapMs) return
    const slept = sleepOf(clock)
    // Where nobody can tell, it is more likely that it slept.
    const hasSlept = slept === null || sleptMs === null || slept - sleptMs >= leastGapMs / 2
    sleptMs = slept
    const cause = stoppedMs >= leastGapMs || hasSlept ? 'asleep' : 'clock'
    // Connections that were open then are as good as stalled, though this clock did not see it.
    if (cause === 'asleep') stalls = [...stalls, { endMs: nowMs, stallMs: lostMs }].slice(-rememberedStalls)
    onGap({ fromAt, toAt: nowAt, cause })
  }
  const stop = timers.every(beatMs, look)
  return {
    look,
    longestStallMs(sinceMs) {
      const present = clock.monotonicMs() - lastMs
      const past = stalls.filter((stall) => stall.endMs > sinceMs).map((stall) => stall.stallMs)
      return Math.max(present - beatMs >= leastStallMs ? present : 0, ...past)
    },
    close: stop,
  }
}

/** All the time that the machine has slept since it was started, plus a constant; null where nobody can tell. */
function sleepOf(clock: Clock): number | null {
  return clock.uptimeMs === undefined ? null : clock.uptimeMs() - clock.monotonicMs()
}
