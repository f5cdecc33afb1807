import { useMemo } from 'react'
import { useNow } from '../format/use-now.ts'
import { useZone } from '../theme/appearance.ts'
import { isLive, type ResolvedRange, rangeText, resolveRange } from './range-expression.ts'
import { useRangeStore } from './range-store.ts'

/** A range as charts ask over it. */
export interface AskedRange extends ResolvedRange {
  /** Moves with the present, right now. */
  readonly isMoving: boolean
  /** The same for all instants of one expression: what a question over it is known by. */
  readonly key: string
}

export interface PresentRange extends AskedRange {
  /** The range at the very moment of asking, so that what has just happened is in it; still when the range does not move. */
  readonly ofThisMoment: () => ResolvedRange
}

/** A wide chart's width in pixels: finer steps could not be seen. */
const chartPixels = 1200

/** The range of all screens, resolved; a moving one anew with every step that can be seen, between 1 s and 60 s. */
export function useRange(): PresentRange {
  const { expression, pausedAt, heldAt } = useRangeStore()
  const zone = useZone()
  const now = useNow()
  const present = pausedAt ?? heldAt ?? now
  const length = lengthOf(resolveRange(expression, present, zone))
  const stepMs = Math.min(60_000, Math.max(1000, length / chartPixels))
  const at = Math.floor(present / stepMs) * stepMs
  return useMemo(() => {
    const resolvedAt = (instant: number): ResolvedRange => {
      const resolved = resolveRange(expression, instant, zone) ?? { from: instant - 3_600_000, to: instant }
      return { from: Math.floor(resolved.from), to: Math.ceil(resolved.to) }
    }
    const range = resolvedAt(at)
    const isMoving = isLive(expression) && pausedAt === null && heldAt === null
    return {
      ...range,
      isMoving,
      // A result of this millisecond is still before the end, which is not part of the range.
      ofThisMoment: () => (isMoving ? resolvedAt(Date.now() + 1) : range),
      key: `${rangeText(expression)} ${zone} ${pausedAt ?? ''}`,
    }
  }, [expression, at, zone, pausedAt, heldAt])
}

const lengthOf = (range: ResolvedRange | null) => (range ? range.to - range.from : 3_600_000)
