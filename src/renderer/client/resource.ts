/**
 * One question asked of the console, and its last good answer. A resource asks when somebody watches it and the page is
 * visible, keeps what it knew when a later attempt fails, and is shared by all who ask the same. It knows no React.
 */
import { AppError, type ErrorCode } from '#shared/contract/errors.ts'

export interface CallFailure {
  readonly code: ErrorCode
  readonly message: string
  /** Epoch ms of the first failure in a row. */
  readonly since: number
}

export interface ResourceState<T> {
  /** The last good answer; null before there is one. */
  readonly data: T | null
  /** When `data` came, epoch ms. */
  readonly dataAt: number | null
  readonly failure: CallFailure | null
  /** Whether an attempt is under way. */
  readonly isLoading: boolean
}

export interface Resource<T> {
  readonly state: () => ResourceState<T>
  /** Asks if there is nothing yet; returns what ends watching. */
  watch(listener: () => void): () => void
  /** Asks again now, or, while nobody watches, with the next watcher. One attempt runs at a time; one more may follow. */
  refetch(): void
  /** Replaces the last good answer by what an event or a command's answer made of it. */
  patch(change: (data: T) => T): void
}

const nothing: ResourceState<never> = { data: null, dataAt: null, failure: null, isLoading: false }

export function createResource<T>(ask: (signal: AbortSignal) => Promise<T>, now: () => number): Resource<T> {
  let state: ResourceState<T> = nothing
  let running: AbortController | null = null
  let isWanted = true
  const listeners = new Set<() => void>()

  const set = (next: ResourceState<T>) => {
    state = next
    for (const listener of [...listeners]) listener()
  }
  const start = async () => {
    if (running || !isWanted || listeners.size === 0) return
    isWanted = false
    const attempt = new AbortController()
    running = attempt
    set({ ...state, isLoading: true })
    try {
      const data = await ask(attempt.signal)
      if (!attempt.signal.aborted) set({ data, dataAt: now(), failure: null, isLoading: false })
    } catch (error) {
      if (!attempt.signal.aborted) set({ ...state, failure: failureOf(error, state.failure, now()), isLoading: false })
    } finally {
      if (running === attempt) running = null
      void start()
    }
  }
  return {
    state: () => state,
    watch(listener) {
      listeners.add(listener)
      void start()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || !running) return
        running.abort()
        running = null
        isWanted = true
        state = { ...state, isLoading: false }
      }
    },
    refetch() {
      isWanted = true
      void start()
    },
    patch(change) {
      if (state.data !== null) set({ ...state, data: change(state.data), dataAt: now() })
    },
  }
}

function failureOf(error: unknown, before: CallFailure | null, at: number): CallFailure {
  if (!(error instanceof AppError)) reportError(error)
  const code = error instanceof AppError ? error.code : 'internal'
  const message = error instanceof AppError ? error.message : 'This screen failed unexpectedly.'
  return { code, message, since: before?.since ?? at }
}
