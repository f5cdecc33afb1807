/** The buckets of a heatmap that is made of values. */
import { roundStep } from '../round-step.ts'
import { scaleFor, type Unit } from '../unit.ts'

export interface ValueBuckets {
  /** The upper ends, ascending. */
  readonly bounds: readonly number[]
  /** Each begins at the end of the one before; what lies at the end of the last belongs to it. */
  readonly indexOf: (value: number) => number
}

/** What a share can be: a heatmap of one shows where in all of it the values lie. */
const wholeOf: Partial<Record<Unit, number>> = { ratio: 1, percent: 100 }

/**
 * At most `most` equal buckets that hold everything from `smallest` to `largest`, their bounds round in the shown unit.
 * Those of a share go from nothing to the whole.
 */
export function valueBuckets(unit: Unit, smallest: number, largest: number, most: number): ValueBuckets {
  const whole = wholeOf[unit]
  const low = whole === undefined ? smallest : Math.min(0, smallest)
  const high = whole === undefined ? largest : Math.max(whole, largest)
  const { divisor } = scaleFor(unit, Math.max(Math.abs(low), Math.abs(high)))
  // All alike: a little room around them.
  const span = (high - low || Math.abs(high) * 0.1 || divisor) / divisor
  let step = roundStep(span / most)
  const ends = () => [Math.floor(low / divisor / step + 1e-9), Math.ceil(high / divisor / step - 1e-9)] as const
  // Ends that are moved out to round bounds may need one bucket more than there may be.
  while (ends()[1] - ends()[0] > most) step = roundStep(step * 1.01)
  const [first, last] = ends()
  const count = Math.max(1, last - first)
  return {
    bounds: Array.from({ length: count }, (_, index) => Number(((first + index + 1) * step * divisor).toPrecision(12))),
    indexOf: (value) => Math.min(count - 1, Math.max(0, Math.floor(value / divisor / step + 1e-9) - first)),
  }
}
