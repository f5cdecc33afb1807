/**
 * When collectors run: each tier at the multiples of its interval on the wall clock, so that samples of different runs
 * and machines share their instants and are stored in little space. Knows nothing of what is run.
 */
import type { Clock, Timers } from '#main/ports.ts'
import type { CollectorTier } from './kind.ts'

export type TierIntervals = Readonly<Record<CollectorTier, number>>

export interface TierSchedule {
  /** Applies new intervals from the next instant on. */
  setIntervals(intervals: TierIntervals): void
  stop(): void
}

const tierNames: readonly CollectorTier[] = ['fast', 'medium', 'slow']

/** A run that begins this little beside its instant counts as on time, ms: half a percent of the fastest rate's step. */
const onTimeMs = 25

/** Begins at once. `run` gets the instant to give the samples: the planned one, or now when it is late. */
export function scheduleTiers(
  clock: Clock,
  timers: Timers,
  intervals: TierIntervals,
  run: (tier: CollectorTier, at: number) => void,
): TierSchedule {
  const stops = new Map<CollectorTier, () => void>()

  function plan(tier: CollectorTier, intervalMs: number, after: number): void {
    const now = clock.now()
    let dueAt = (Math.floor(now / intervalMs) + 1) * intervalMs
    // A timer that fires a little before the wall clock gets there must not run the same instant twice.
    if (dueAt <= after && after - dueAt < intervalMs) dueAt = after + intervalMs
    const stop = timers.after(dueAt - now, () => {
      plan(tier, intervalMs, dueAt)
      const startedAt = clock.now()
      run(tier, Math.abs(startedAt - dueAt) <= onTimeMs ? dueAt : startedAt)
    })
    stops.set(tier, stop)
  }

  function stopAll(): void {
    for (const stop of stops.values()) stop()
    stops.clear()
  }

  function planAll(all: TierIntervals): void {
    for (const tier of tierNames) plan(tier, all[tier], 0)
  }

  planAll(intervals)
  return {
    setIntervals(changed) {
      stopAll()
      planAll(changed)
    },
    stop: stopAll,
  }
}
