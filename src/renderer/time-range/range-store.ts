/** One range for every screen, and whether the screens follow the present. */
import { create } from 'zustand'
import type { RangeExpression } from './range-expression.ts'

interface RangeStore {
  readonly expression: RangeExpression
  /** The ranges before this one, newest last: zooming out goes back. */
  readonly earlier: readonly RangeExpression[]
  /** Epoch ms that count as the present while paused by hand; null while playing. */
  readonly pausedAt: number | null
  set(expression: RangeExpression): void
  back(): void
  pause(now: number): void
  play(): void
}

const keptEarlier = 20

export const useRangeStore = create<RangeStore>((set) => ({
  expression: { from: 'now-1h', to: 'now' },
  earlier: [],
  pausedAt: null,
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
}))

export function togglePaused(): void {
  const { pausedAt, pause, play } = useRangeStore.getState()
  if (pausedAt === null) pause(Date.now())
  else play()
}
