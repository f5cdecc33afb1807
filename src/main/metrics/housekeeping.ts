/** Keeps the storage worker's chores going: a slice now and then, the next soon while there is more. */
import type { Timers } from '../ports.ts'

/** Sealing has a piece to do every five minutes; looking is cheap. */
const tendEveryMs = 5000
/** Between slices, so that appends and questions get their turn. */
const betweenSlicesMs = 20

/** `tend` does a slice and says whether more is due. Its failures are its own to report. Returns what stops it. */
export function keepTending(tend: () => Promise<boolean>, timers: Timers): () => void {
  let stopTimer = timers.after(0, run)
  let isStopped = false
  function run(): void {
    tend().then(
      (more) => next(more ? betweenSlicesMs : tendEveryMs),
      () => next(tendEveryMs),
    )
  }
  function next(delayMs: number): void {
    if (!isStopped) stopTimer = timers.after(delayMs, run)
  }
  return () => {
    isStopped = true
    stopTimer()
  }
}
