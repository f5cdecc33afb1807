/**
 * Long work on the main loop, in slices: after a few milliseconds everybody else gets a turn. The time comes from a
 * clock, so where it stands still the work is done in one go.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '#main/ports.ts'
import type { Steps } from '#shared/promql/steps.ts'

/** Far below the 20 ms that a screen would notice, for several pieces of work may take turns. */
const sliceMs = 4

export interface Pace {
  /** Whether the slice is used up. Then await `turn`. */
  isDue(): boolean
  /** Lets everybody else have a turn and begins a new slice. Rejects with the signal's reason when it is aborted. */
  turn(): Promise<void>
}

export function keepPace(clock: Pick<Clock, 'monotonicMs'>, signal?: AbortSignal): Pace {
  let sinceMs = clock.monotonicMs()
  return {
    isDue: () => clock.monotonicMs() - sinceMs >= sliceMs,
    async turn() {
      await nextTurn()
      signal?.throwIfAborted()
      sinceMs = clock.monotonicMs()
    },
  }
}

/** Visits all items in order. */
export async function atPace<T>(items: Iterable<T>, pace: Pace, visit: (item: T) => void): Promise<void> {
  for (const item of items) {
    visit(item)
    if (pace.isDue()) await pace.turn()
  }
}

/** The result of work that comes in steps. */
export async function resultAtPace<T>(steps: Steps<T>, pace: Pace): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (pace.isDue()) await pace.turn()
  }
}
