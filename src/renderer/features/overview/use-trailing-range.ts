import { useMemo } from 'react'
import { useNow } from '../../format/use-now.ts'
import type { AskedRange } from '../../time-range/use-range.ts'

/** The last stretch of time, whatever range the screens show: for what is about now. */
export function useTrailingRange(lengthMs: number): AskedRange {
  const stepMs = Math.max(1000, lengthMs / 360)
  const to = Math.ceil(useNow() / stepMs) * stepMs
  return useMemo(() => ({ from: to - lengthMs, to, isMoving: true, key: `trailing ${lengthMs}` }), [to, lengthMs])
}
