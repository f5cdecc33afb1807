/** Which history answers an expression: never two of them. Pure: the question and how far each reaches back in, a tier out. */
import { type Expr, type Moment, unwrapped } from './ast.ts'
import type { StepRange } from './evaluation.ts'
import { defaultLookbackMs, defaultSubqueryStepMs, type Fetch, selectorsIn } from './fetches.ts'
import { onSummaries } from './on-summaries.ts'

export type Tier = 'raw' | '5m' | '1h'

/** Oldest instant each tier reaches; null: it is empty. */
export interface TierReach {
  readonly raw: number | null
  readonly fiveMinute: number | null
  readonly hour: number | null
}

/** From fine to coarse; each reaches back at least as far as the one before. */
const tiers = [
  { tier: 'raw', widthMs: 1, oldest: (reach: TierReach) => reach.raw },
  { tier: '5m', widthMs: 300_000, oldest: (reach: TierReach) => reach.fiveMinute },
  { tier: '1h', widthMs: 3_600_000, oldest: (reach: TierReach) => reach.hour },
] as const

export const tierWidthMs: Readonly<Record<Tier, number>> = { raw: 1, '5m': 300_000, '1h': 3_600_000 }

/** Raw samples of less time are read as fast, and are what Prometheus would answer with to the last sample. */
const leastSpanMs = 86_400_000

/**
 * The coarsest tier that tells every step exactly at its resolution: steps, ranges and offsets are whole buckets. Where it
 * does not reach back far enough and a coarser one does, that one answers, whatever becomes of the resolution. `steps`
 * null: one instant, which is asked of raw samples while there are any.
 */
export function chooseTier(
  expr: Expr,
  text: string,
  steps: StepRange | null,
  fetches: readonly Fetch[],
  reach: TierReach,
): Tier {
  if (fetches.length === 0) return 'raw'
  const from = Math.min(...fetches.map((fetch) => fetch.from))
  const to = Math.max(...fetches.map((fetch) => fetch.to))
  const reachOf = (at: number | null) => Math.max(at ?? Number.POSITIVE_INFINITY, from)
  const furthest = Math.min(...tiers.map(({ oldest }) => reachOf(oldest(reach))))
  const isLong = to - from > leastSpanMs
  const fits = ({ tier, widthMs }: (typeof tiers)[number]) =>
    tier === 'raw' || (steps !== null && isLong && tellsExactly(expr, text, steps, widthMs))
  const coarsest = tiers.findLastIndex(fits)
  return tiers.find(({ oldest }, i) => i >= coarsest && reachOf(oldest(reach)) <= furthest)?.tier ?? 'raw'
}

function tellsExactly(expr: Expr, text: string, steps: StepRange, widthMs: number): boolean {
  const isWhole = (ms: number) => ms % widthMs === 0
  if (!isWhole(steps.start) || !isWhole(steps.stepMs)) return false
  const isWholeMoment = ({ at, offsetMs }: Moment) =>
    isWhole(offsetMs) && (typeof at !== 'number' || isWhole(at)) && (at !== 'end' || isWhole(steps.end))
  const areWhole = selectorsIn(expr).every(
    ({ selector, rangeMs, within }) =>
      isWholeMoment(selector) &&
      // A value that is older than the lookback would be seen in a wider bucket.
      (rangeMs === null ? widthMs <= defaultLookbackMs : isWhole(rangeMs)) &&
      within.every(
        (subquery) =>
          isWholeMoment(subquery) && isWhole(subquery.rangeMs) && isWhole(subquery.stepMs ?? defaultSubqueryStepMs),
      ),
  )
  return areWhole && unwrapped(expr).type !== 'string' && onSummaries(expr, text, widthMs).warnings.length === 0
}
