/**
 * Accounting for time. A timeline is a list of state intervals that is ascending, adjacent and covers its window exactly;
 * totals, uptime and heartbeat bars are read from it. Time that no interval covers is unobserved: never up, never down.
 */
import type { CheckHistory, Reason, StateInterval, StateTotals, TimelineState, Uptime } from '../contract/checks.ts'

/** Half-open `[from, to)`, epoch ms. */
export interface Window {
  readonly from: number
  readonly to: number
}

/**
 * The timeline of a window: intervals are clipped to it, holes are filled as unobserved with `holeReason`, neighbours of
 * equal state and reason are joined. `intervals` must be ascending; where two overlap the earlier one keeps the time.
 */
export function timeline(intervals: readonly StateInterval[], window: Window, holeReason: Reason): StateInterval[] {
  const result: StateInterval[] = []
  let reached = window.from
  const put = (from: number, to: number, state: TimelineState, reason: Reason) => {
    if (from >= to) return
    const last = result.at(-1)
    if (last?.state === state && last.reason.code === reason.code && last.reason.message === reason.message) {
      result[result.length - 1] = { ...last, to }
    } else result.push({ from, to, state, reason })
    reached = to
  }
  for (const interval of intervals) {
    if (interval.from >= window.to) break
    put(reached, Math.min(interval.from, window.to), 'unobserved', holeReason)
    put(Math.max(reached, interval.from), Math.min(interval.to, window.to), interval.state, interval.reason)
  }
  put(reached, window.to, 'unobserved', holeReason)
  return result
}

/** Milliseconds per state. For a timeline of a window they sum to the window's length. */
export function totals(intervals: readonly StateInterval[]): StateTotals {
  const sums = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, unobserved: 0 }
  for (const { from, to, state } of intervals) sums[state] += to - from
  return sums
}

/**
 * Availability over the time that was measured, and how much of the time that was: unobserved and unknown time lowers
 * the coverage, never the availability. Both 0..1; an empty window has no availability and no coverage.
 */
export function uptime(sums: StateTotals): Uptime {
  const available = sums.up + sums.degraded
  const measured = available + sums.down
  const length = measured + sums.unknown + sums.maintenance + sums.unobserved
  return {
    availabilityRatio: measured === 0 ? null : available / measured,
    coverageRatio: length === 0 ? 0 : (measured + sums.maintenance) / length,
  }
}

/**
 * A heartbeat bar: `count` stretches of equal width (to the millisecond), oldest first, each with its worst state. A
 * stretch is up only if it was up for longer than nobody looked, so that a short glimpse paints nothing green.
 */
export function heartbeatBar(
  intervals: readonly StateInterval[],
  window: Window,
  count: number,
): CheckHistory['bar'][number][] {
  const edge = (index: number) => window.from + Math.round(((window.to - window.from) * index) / count)
  const bar: CheckHistory['bar'][number][] = []
  let first = 0
  for (let index = 0; index < count; index++) {
    const [from, to] = [edge(index), edge(index + 1)]
    while (first < intervals.length && (intervals[first]?.to ?? 0) <= from) first++
    const inside: StateInterval[] = []
    for (let next = first; next < intervals.length; next++) {
      const interval = intervals[next]
      if (interval === undefined || interval.from >= to) break
      inside.push({ ...interval, from: Math.max(from, interval.from), to: Math.min(to, interval.to) })
    }
    const sums = totals(inside)
    bar.push({ from, to, state: worst(sums, to - from), downMs: sums.down })
  }
  return bar
}

const worstFirst = ['down', 'degraded', 'unknown', 'maintenance'] as const

function worst(sums: StateTotals, lengthMs: number): TimelineState {
  const unobservedMs = lengthMs - sums.up - worstFirst.reduce((sum, state) => sum + sums[state], 0)
  return worstFirst.find((state) => sums[state] > 0) ?? (sums.up > unobservedMs ? 'up' : 'unobserved')
}
