import { useSyncExternalStore } from 'react'

let shared: { now: number; timer: ReturnType<typeof setInterval> | undefined } = { now: Date.now(), timer: undefined }
const listeners = new Set<() => void>()

/** The present, epoch ms, once a second for all who show an age. Stands still while the page is hidden. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shared.now)
}

/** Something that follows from the present: draws anew only when that changes. It must be a plain value. */
export function useAtNow<T extends string | number | boolean | null>(select: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => select(shared.now))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (shared.timer === undefined) {
    tick()
    shared.timer = setInterval(tick, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(shared.timer)
    shared.timer = undefined
  }
}

function tick() {
  if (document.visibilityState === 'hidden') return
  shared = { ...shared, now: Date.now() }
  for (const listener of [...listeners]) listener()
}
