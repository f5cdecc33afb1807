/** Variables that every board has: the step and the length of the range that is asked for. */
import { formatDurationMs } from '../../promql/duration.ts'
import { roundStepMs } from '../points.ts'
import { plainValue, type Scope, type VariableValue } from './interpolate.ts'

export interface BuiltInInput {
  /** Epoch milliseconds. */
  readonly from: number
  readonly to: number
  readonly stepMs: number
  /** How far samples are apart where nothing else is known. Milliseconds. */
  readonly scrapeMs?: number
  /** Title of the board. */
  readonly title?: string
}

/** Belfry's collectors look every 5 s and most scrapes every 15 s. */
const usualScrapeMs = 15_000

/**
 * `$__interval`, `$__rate_interval`, `$__range` and their like. A rate over `$__rate_interval` always has samples to
 * reckon from: it is four scrapes long at least, and one longer than the step. Source: Grafana, "Using $__rate_interval".
 */
export function builtInValues(input: BuiltInInput): Scope {
  const { from, to, stepMs, scrapeMs = usualScrapeMs, title = '' } = input
  const rateMs = Math.max(stepMs + scrapeMs, 4 * scrapeMs)
  const rangeMs = Math.max(1, to - from)
  const rangeSeconds = Math.max(1, Math.round(rangeMs / 1000))
  return new Map<string, VariableValue>([
    ['__interval', plainValue(formatDurationMs(stepMs))],
    ['__interval_ms', plainValue(String(stepMs))],
    ['__rate_interval', plainValue(formatDurationMs(rateMs))],
    ['__rate_interval_ms', plainValue(String(rateMs))],
    ['__range', plainValue(formatDurationMs(rangeSeconds * 1000))],
    ['__range_s', plainValue(String(rangeSeconds))],
    ['__range_ms', plainValue(String(rangeMs))],
    ['__from', plainValue(String(from))],
    ['__to', plainValue(String(to))],
    ['__dashboard', plainValue(title)],
  ])
}

/** Names of those that every board has. */
export const builtInNames: readonly string[] = [...builtInValues({ from: 0, to: 1, stepMs: 1 }).keys()]

/** A round step that gives at most `points` points, none shorter than `leastMs`. */
export function panelStepMs(rangeMs: number, points: number, leastMs = 0): number {
  return Math.max(roundStepMs(rangeMs, Math.max(1, points)), leastMs, 1)
}
