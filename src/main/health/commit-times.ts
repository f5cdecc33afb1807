/** How long units of work take to become durable, and how many are on their way: the pulse of the state store. */
import type { Clock } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'

export interface CommitTimes {
  /** Of all commits since the last call; null when there were none. */
  take(): { readonly p99Ms: number; readonly maxMs: number } | null
  waiting(): number
}

/** More are not needed to tell the slowest in a hundred. */
const mostKept = 10_000

/** The same store; each commit is measured from the call to the answer. */
export function measuredState(
  state: StateStore,
  clock: Clock,
): { readonly state: StateStore; readonly times: CommitTimes } {
  let durationsMs: number[] = []
  let waiting = 0
  const measured = async (commit: Promise<void>): Promise<void> => {
    const startedMs = clock.monotonicMs()
    waiting++
    try {
      await commit
    } finally {
      waiting--
      if (durationsMs.length < mostKept) durationsMs.push(clock.monotonicMs() - startedMs)
    }
  }
  return {
    state: {
      ...state,
      commit: (unit) => measured(state.commit(unit)),
      commitTexts: (texts) => measured(state.commitTexts(texts)),
    },
    times: {
      waiting: () => waiting,
      take() {
        const sorted = durationsMs.sort((a, b) => a - b)
        durationsMs = []
        const maxMs = sorted.at(-1)
        if (maxMs === undefined) return null
        return { p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? maxMs, maxMs }
      },
    },
  }
}
