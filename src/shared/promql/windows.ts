/** The stretches of a series' samples that fall into the range before each step: two indices that only move on. */
import type { Evaluation } from './evaluation.ts'
import type { Ranges } from './operands.ts'

export interface Windows {
  readonly count: number
  /** The end of the first window, which belongs to it. Epoch ms. */
  readonly firstEnd: number
  readonly advanceMs: number
  readonly rangeMs: number
  /** Whether the beginning belongs to the window as well. */
  readonly isClosed: boolean
}

export const windowsOf = ({ course, rangeMs }: Ranges, { grid, closedRanges }: Evaluation): Windows => ({
  count: grid.count,
  firstEnd: course.first,
  advanceMs: course.advanceMs,
  rangeMs,
  isClosed: closedRanges,
})

/** Samples `[from, to)` are in the window that ends at `end`; never none. */
export type WindowVisitor = (step: number, from: number, to: number, end: number) => void

/** Visits the windows that have samples, in order. */
export function eachWindow(times: Float64Array, windows: Windows, visit: WindowVisitor): void {
  const { count, firstEnd, advanceMs, rangeMs, isClosed } = windows
  const { length } = times
  let from = 0
  let to = 0
  for (let step = 0; step < count; step++) {
    const end = firstEnd + step * advanceMs
    const beginning = end - rangeMs
    while (to < length && (times[to] ?? 0) <= end) to++
    while (from < to && ((times[from] ?? 0) < beginning || (!isClosed && times[from] === beginning))) from++
    if (from < to) visit(step, from, to, end)
  }
}
