/** How far a long piece of work in the backup thread is, and whether it should go on. */
import { setImmediate } from 'node:timers/promises'
import { AppError } from '#shared/contract/errors.ts'

export interface Progress {
  readonly phase: 'idle' | 'copying' | 'checking' | 'comparing'
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface Work {
  phase(phase: Progress['phase'], totalBytes: number): void
  add(bytes: number): void
  /** Adds, and lets the thread hear of a cancellation. Throws AppError `closed` when there was one. */
  did(bytes: number): Promise<void>
  throwIfCancelled(): void
}

/** Keeps the figures that `read` gives; they are those of the newest work. */
export function createProgress(): { begin(signal: AbortSignal): Work; read(): Progress } {
  let progress: Progress = { phase: 'idle', doneBytes: 0, totalBytes: 0 }
  return {
    read: () => progress,
    begin(signal) {
      const throwIfCancelled = () => {
        if (signal.aborted) throw new AppError('closed', 'It was cancelled.')
      }
      const add = (bytes: number) => {
        progress = { ...progress, doneBytes: progress.doneBytes + bytes }
      }
      return {
        add,
        throwIfCancelled,
        phase(phase, totalBytes) {
          progress = { phase, doneBytes: 0, totalBytes }
        },
        async did(bytes) {
          add(bytes)
          await setImmediate()
          throwIfCancelled()
        },
      }
    },
  }
}
