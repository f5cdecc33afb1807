/** What a chart of series over time is given to draw. */
import type { Unit } from '../format/unit.ts'

export interface ChartSeries {
  /** Unique within the chart. */
  readonly id: string
  readonly label: string
  /** One for each of the chart's `times`; null where nothing was observed. NaN and infinities are not drawn. */
  readonly values: readonly (number | null)[]
  /** Which of the series styles; default: its position. Keeps a thing's colour the same across charts. */
  readonly style?: number
  /** A custom property of the theme, such as `--down`, instead of the style's own colour. */
  readonly token?: string
  readonly draw?: DrawStyle
  /** How opaque the area below is, 0..1. */
  readonly fill?: number
  /** Pixels. */
  readonly lineWidth?: number
  /** The right one has the unit `rightUnit`. */
  readonly axis?: 'left' | 'right'
  /** Drawn below zero; its numbers are said as they are. */
  readonly isNegated?: boolean
}

/** 1, or -1 for what is drawn below zero. */
export const signOf = ({ isNegated }: Pick<ChartSeries, 'isNegated'>): 1 | -1 => (isNegated ? -1 : 1)

export type DrawStyle = 'line' | 'bars' | 'points'

export interface Threshold {
  readonly value: number
  readonly label: string
  readonly tone: 'degraded' | 'down'
}

/** A stretch of values that has a meaning: drawn as a tinted area. */
export interface ValueBand {
  /** Half-open; infinite where it has no end. */
  readonly from: number
  readonly to: number
  readonly token: string
}

/** Something that happened: a line at its instant, or an area over its time. */
export interface ChartMark {
  readonly id: string
  readonly from: number
  /** Null: at one instant. */
  readonly to: number | null
  readonly title: string
  readonly token: string
}

/** All are optional; the defaults are those of the console's own screens. */
export interface ChartLook {
  readonly draw?: DrawStyle
  readonly interpolation?: 'linear' | 'step' | 'smooth'
  /** How opaque the area below a line is, 0..1. Default: a little where there is one series, more in a stack. */
  readonly fill?: number
  readonly lineWidth?: number
  readonly stacking?: 'none' | 'normal' | 'percent'
  readonly connectsGaps?: boolean
  readonly scale?: 'linear' | 'log2' | 'log10'
  readonly axisLabel?: string
  /** Of the right axis. Default: the left one's. */
  readonly rightUnit?: Unit
}

export interface ChartContent {
  readonly unit: Unit
  /** Ascending, epoch ms; shared by all series. */
  readonly times: readonly number[]
  /** Distance between `times`. One missing step is bridged, for a sample may come a little late; more is a gap. */
  readonly stepMs: number
  readonly series: readonly ChartSeries[]
  readonly range: { readonly from: number; readonly to: number }
  readonly look: ChartLook
  /** Ends of the value axis where they are known (a ratio is 0..1). Otherwise the data decides; the foot is 0. */
  readonly min: number | undefined
  readonly max: number | undefined
  readonly thresholds: readonly Threshold[]
  readonly bands: readonly ValueBand[]
  readonly marks: readonly ChartMark[]
  readonly zone: string
  /** Only the lines, this many pixels thick: no axes, no names. For screens that are read from across a room. */
  readonly bareStrokePx?: number | undefined
}

/** The least and the largest finite value, or sum where areas are stacked; `{0, 0}` for none. */
export function extremesOf(
  { times, look }: Pick<ChartContent, 'times' | 'look'>,
  series: readonly ChartSeries[],
): { readonly least: number; readonly most: number } {
  if (look.stacking === 'percent') return { least: 0, most: 1 }
  let least = 0
  let most = 0
  if (look.stacking === 'normal') {
    for (let index = 0; index < times.length; index++) {
      let above = 0
      let below = 0
      for (const one of series) {
        const value = signOf(one) * finite(one.values[index])
        if (value > 0) above += value
        else below += value
      }
      most = Math.max(most, above)
      least = Math.min(least, below)
    }
    return { least, most }
  }
  for (const one of series) {
    const sign = signOf(one)
    for (const value of one.values) {
      const drawn = sign * finite(value)
      most = Math.max(most, drawn)
      least = Math.min(least, drawn)
    }
  }
  return { least, most }
}

/** 0 for what is not drawn. */
const finite = (value: number | null | undefined) =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : 0
