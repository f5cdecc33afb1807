/** Which history answers a reduced question. Pure: coverage and the question in, a plan out. */
import type { Range, Tier } from './metric-store.ts'

export interface TierCoverage {
  /** Oldest instant each tier reaches; null: it is empty. */
  readonly raw: number | null
  readonly fiveMinute: number | null
  readonly hour: number | null
}

export interface StepPlan {
  readonly tier: Tier
  /** A multiple of the tier's own step. */
  readonly from: number
  readonly stepMs: number
  readonly stepCount: number
}

/** From fine to coarse; each reaches back at least as far as the one before. */
const tiers = [
  { tier: 'raw', tierStepMs: 1, oldest: (coverage: TierCoverage) => coverage.raw },
  { tier: '5m', tierStepMs: 300_000, oldest: (coverage: TierCoverage) => coverage.fiveMinute },
  { tier: '1h', tierStepMs: 3_600_000, oldest: (coverage: TierCoverage) => coverage.hour },
] as const

/**
 * The coarsest tier whose steps fit into those asked for. Where it does not reach back to the range's start and a
 * coarser one reaches further, that one answers, with steps widened to its own: an answer is never made of both.
 */
export function chooseTier(range: Range, stepMs: number, coverage: TierCoverage): StepPlan {
  const reach = (at: number | null) => Math.max(at ?? Number.POSITIVE_INFINITY, range.from)
  const furthest = Math.min(...tiers.map(({ oldest }) => reach(oldest(coverage))))
  const fits = ({ tierStepMs }: { tierStepMs: number }) => stepMs % tierStepMs === 0 && range.from % tierStepMs === 0
  const coarsest = tiers.findLastIndex(fits)
  const chosen = tiers.find(({ oldest }, i) => i >= coarsest && reach(oldest(coverage)) <= furthest) ?? tiers[0]
  const from = Math.floor(range.from / chosen.tierStepMs) * chosen.tierStepMs
  const widenedMs = Math.ceil(stepMs / chosen.tierStepMs) * chosen.tierStepMs
  return {
    tier: chosen.tier,
    from,
    stepMs: widenedMs,
    stepCount: Math.max(0, Math.ceil((range.to - from) / widenedMs)),
  }
}
