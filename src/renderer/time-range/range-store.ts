/**
 * One range for every screen, and whether the screens follow the present. The range outlives a reload; a pause does not.
 */
import { create } from 'zustand'
import { parseRange, type RangeExpression, rangeText } from './range-expression.ts'

interface RangeStore {
  readonly expression: RangeExpression
  /** The ranges before this one, newest last: zooming out goes back. */
  readonly earlier: readonly RangeExpression[]
  /** Epoch ms that count as the present while paused by hand; null while playing. */
  readonly pausedAt: number | null
  /** Epoch ms that count as the present while the pointer is on a chart: what is being read must not move. */
  readonly heldAt: number | null
  set(expression: RangeExpression): void
  back(): void
  pause(now: number): void
  play(): void
  hold(now: number): void
  release(): void
}

const keptEarlier = 20
const storageKey = 'belfry.range'
/** Short enough that a machine watched since a minute ago has something to show. */
const first: RangeExpression = { from: 'now-15m', to: 'now' }

export const useRangeStore = create<RangeStore>((set) => ({
  expression: remembered() ?? first,
  earlier: [],
  pausedAt: null,
  heldAt: null,
  set: (expression) =>
    set((store) => ({
      expression,
      earlier: [...store.earlier, store.expression].slice(-keptEarlier),
    })),
  back: () =>
    set((store) => {
      const expression = store.earlier.at(-1)
      return expression ? { expression, earlier: store.earlier.slice(0, -1) } : {}
    }),
  pause: (now) => set({ pausedAt: now }),
  play: () => set({ pausedAt: null }),
  hold: (now) => set({ heldAt: now }),
  release: () => set({ heldAt: null }),
}))

useRangeStore.subscribe(({ expression }, before) => {
  if (expression !== before.expression) localStorage.setItem(storageKey, rangeText(expression))
})

/** The range of the last visit; null when there is none that can be understood. */
function remembered(): RangeExpression | null {
  return parseRange(localStorage.getItem(storageKey) ?? '', Date.now(), 'UTC')
}

export function togglePaused(): void {
  const { pausedAt, pause, play } = useRangeStore.getState()
  if (pausedAt === null) pause(Date.now())
  else play()
}
