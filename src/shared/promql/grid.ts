/** The instants at which an expression is evaluated: equally spaced, first to last. */
import type { Moment } from './ast.ts'
import type { StepRange } from './evaluation.ts'

export interface Grid {
  /** Epoch ms. */
  readonly start: number
  /** 0 only where there is one step. */
  readonly stepMs: number
  readonly count: number
}

export const instantGrid = (at: number): Grid => ({ start: at, stepMs: 0, count: 1 })

export function gridOf({ start, end, stepMs }: StepRange): Grid {
  return { start, stepMs, count: end < start ? 0 : Math.floor((end - start) / stepMs) + 1 }
}

/** First and last instant. */
export function spanOf({ start, stepMs, count }: Grid): { readonly first: number; readonly last: number } {
  return { first: start, last: start + stepMs * Math.max(0, count - 1) }
}

/** Where a selector or subquery looks at the grid's steps: at `first`, and on by `advanceMs` at each step. */
export interface Course {
  readonly first: number
  readonly advanceMs: number
}

export function courseOf({ at, offsetMs }: Moment, grid: Grid, query: { start: number; end: number }): Course {
  if (at === null) return { first: grid.start - offsetMs, advanceMs: grid.stepMs }
  return { first: (at === 'start' ? query.start : at === 'end' ? query.end : at) - offsetMs, advanceMs: 0 }
}

/** A subquery's own steps: the multiples of its step in the ranges before all instants of a course. */
export function subqueryGrid(
  course: Course,
  steps: number,
  { rangeMs, stepMs, closedRanges }: { rangeMs: number; stepMs: number; closedRanges: boolean },
): Grid {
  const from = course.first - rangeMs
  const to = course.first + course.advanceMs * Math.max(0, steps - 1)
  let start = Math.floor(from / stepMs) * stepMs
  if (start < from || (start === from && !closedRanges)) start += stepMs
  return gridOf({ start, end: to, stepMs })
}
