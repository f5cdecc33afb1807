/** The instant under the pointer, shared by all charts of the window, so that one hover reads them all. */

type Listener = (at: number | null) => void

let current: number | null = null
const listeners = new Set<Listener>()

export const crosshair = {
  /** Epoch ms; null: none. */
  get at(): number | null {
    return current
  },
  set(at: number | null): void {
    if (at === current) return
    current = at
    for (const listener of [...listeners]) listener(at)
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
