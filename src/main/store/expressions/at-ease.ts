/** Long work in slices: a cancelled question ends, and a short one need not wait for a long one. */
import { setImmediate } from 'node:timers/promises'
import type { Steps } from '#shared/promql/steps.ts'

/** The read worker has nothing to draw: longer slices than on the main loop, and fewer turns. */
const workerSliceMs = 8

/** The result of work that comes in steps. Rejects with the signal's reason when it is aborted. */
export async function atEase<T>(steps: Steps<T>, signal: AbortSignal, sliceMs = workerSliceMs): Promise<T> {
  let sinceMs = performance.now()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (performance.now() - sinceMs < sliceMs) continue
    await setImmediate()
    signal.throwIfAborted()
    sinceMs = performance.now()
  }
}
