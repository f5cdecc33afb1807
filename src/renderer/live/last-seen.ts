/** When somebody last looked at this console from this browser, on whatever screen, so that it can be told what was missed. */
import { useSyncExternalStore } from 'react'

const storageKey = 'belfry.lastSeenAt'
/** Being away for less is not worth telling. */
const leastAwayMs = 10 * 60_000
const noteEveryMs = 60_000

let awaySince: number | null = null
const listeners = new Set<() => void>()

/** Starts noting; returns what ends it. Called once for the whole window. */
export function noteSeen(): () => void {
  comeBack()
  const timer = setInterval(() => document.visibilityState === 'visible' && note(), noteEveryMs)
  const changed = () => (document.visibilityState === 'visible' ? comeBack() : note())
  document.addEventListener('visibilitychange', changed)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', changed)
  }
}

/** Epoch ms since when nobody had looked before the present visit; null when that was only a moment. */
export function useAwaySince(): number | null {
  return useSyncExternalStore(subscribe, () => awaySince)
}

/** What was missed has been read. */
export function noteDismissed(): void {
  tell(null)
}

function comeBack(): void {
  const seenAt = Number(localStorage.getItem(storageKey) ?? Number.NaN)
  if (Number.isFinite(seenAt) && Date.now() - seenAt >= leastAwayMs) {
    // Two absences in a row that nobody read about are one.
    tell(awaySince ?? seenAt)
  }
  note()
}

function tell(since: number | null): void {
  awaySince = since
  for (const listener of [...listeners]) listener()
}

function note(): void {
  localStorage.setItem(storageKey, String(Date.now()))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
