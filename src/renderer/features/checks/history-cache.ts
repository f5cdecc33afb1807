/**
 * Heartbeat bars, uptime and latency of the checks in sight. Ten thousand checks have ten thousand histories; only those
 * somebody looks at are asked for, a page at a time, and asked again when they are old or their check has changed. It
 * knows no React and owns no timer: whoever scrolls says what is in sight.
 */
import type { CheckHistory } from '#shared/contract/checks.ts'
import type { AppError } from '#shared/contract/errors.ts'

/** The contract's limit of one question. */
const idsPerCall = 200

export interface HistoryCache {
  /** What is known; a new map after each answer. */
  readonly histories: () => ReadonlyMap<string, CheckHistory>
  /** Of the last question; null when it was answered. */
  readonly failure: () => AppError | null
  /** These are in sight now, in this order of urgency. What was in sight before is no longer asked for. */
  want(ids: readonly string[]): void
  /** When the check's version is another than before, its history is asked for again with the next `want`. */
  refresh(id: string, version: string): void
  /** Everything may have changed. What is known is shown until it is answered anew. */
  expireAll(): void
  subscribe(listener: () => void): () => void
}

export interface HistoryQuestions {
  ask(ids: readonly string[]): Promise<readonly CheckHistory[]>
  now(): number
  /** Whether a failure is one to show; anything else is a bug and thrown on. */
  isExpected(error: unknown): error is AppError
  /** A history older than this is asked for again. */
  readonly freshForMs: number
}

export function createHistoryCache({ ask, now, isExpected, freshForMs }: HistoryQuestions): HistoryCache {
  let histories: ReadonlyMap<string, CheckHistory> = new Map()
  let failure: AppError | null = null
  let wanted: readonly string[] = []
  let isAsking = false
  const askedAt = new Map<string, number>()
  const versions = new Map<string, string>()
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }

  const due = () => {
    const before = now() - freshForMs
    return wanted.filter((id) => (askedAt.get(id) ?? Number.NEGATIVE_INFINITY) <= before).slice(0, idsPerCall)
  }
  const run = async () => {
    if (isAsking) return
    isAsking = true
    try {
      for (let ids = due(); ids.length > 0; ids = due()) {
        for (const id of ids) askedAt.set(id, now())
        const answers = await ask(ids)
        const next = new Map(histories)
        for (const answer of answers) next.set(answer.id, answer)
        histories = next
        failure = null
        changed()
      }
    } catch (error) {
      if (!isExpected(error)) throw error
      failure = error
      changed()
    } finally {
      isAsking = false
    }
  }
  return {
    histories: () => histories,
    failure: () => failure,
    want(ids) {
      wanted = ids
      void run()
    },
    refresh(id, version) {
      const before = versions.get(id)
      versions.set(id, version)
      if (before !== undefined && before !== version) askedAt.delete(id)
    },
    expireAll() {
      askedAt.clear()
      void run()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
