/** The value axis: its ends, its few round marks and the scale that axis, legend and table share. Pure. */
import { roundStep } from '#shared/domain/round-step.ts'
import { type Scale, scaleFor, type Unit } from '../format/unit.ts'

export interface ValueAxis {
  readonly min: number
  readonly max: number
  /** Ascending, within the ends, round in the shown unit. */
  readonly ticks: readonly number[]
  readonly scale: Scale
  /** Decimals that tell the ticks apart. */
  readonly decimals: number
}

const wantedTicks = 4

/**
 * For values from `smallest` up to `largest`; `low` and `high` are fixed ends where they are known. The foot is 0 where
 * nothing is below it, because a cut axis exaggerates.
 */
export function valueAxis(unit: Unit, largest: number, low?: number, high?: number, smallest = 0): ValueAxis {
  const max = high
  const isBelow = low === undefined && smallest < 0
  const scale = scaleFor(unit, Math.max(Math.abs(high ?? largest), Math.abs(isBelow ? smallest : (low ?? 0))))
  const rough = roundStep((Math.max(high ?? largest, 0) - smallest) / scale.divisor / wantedTicks || 1)
  // Below zero the axis begins on a mark too.
  const min = low ?? (isBelow ? Math.floor(smallest / scale.divisor / rough + 1e-9) * rough * scale.divisor : 0)
  const top = Math.max(max ?? largest, min)
  const span = (top > min ? top - min : scale.divisor) / scale.divisor
  const step = roundStep(span / wantedTicks)
  // Adding 0 turns -0 into 0.
  const first = Math.ceil(min / scale.divisor / step - 1e-9) + 0
  // A known end is kept; otherwise the axis ends on a mark.
  const last = max === undefined ? Math.ceil((min / scale.divisor + span) / step - 1e-9) : top / scale.divisor / step
  const ticks: number[] = []
  for (let count = first; count <= last + 1e-9; count++) ticks.push(count * step * scale.divisor)
  return { min, max: max ?? last * step * scale.divisor, ticks, scale, decimals: decimalsOf(step) }
}

/** 0.25 needs two, 2.5 one, 20 none. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    if (Math.abs(Number(step.toFixed(decimals)) - step) < step * 1e-6) return decimals
  }
  return 6
}
