/**
 * From samples to what is told about a stretch of time: count, sum, extremes, last value and counter increase. Every
 * tier of history and every reduced chart goes through here, so they agree to the last bit. Markers of staleness and
 * other NaNs are not observations: they count nowhere.
 */
import type { Samples } from './series.ts'

/**
 * A counter's increase over a hole in its samples is credited to the step after the hole only up to this length. What
 * happened in a longer one was not observed, and one point must not pretend otherwise.
 */
export const counterGapMs = 3_600_000

/** Of a series' samples in one stretch. With `count` 0 the other numbers but `samples` and `increase` are NaN. */
export interface Summary {
  /** All samples, markers included. */
  readonly samples: number
  /** Samples that are not NaN. */
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly first: number
  readonly firstAt: number
  readonly last: number
  readonly lastAt: number
  /** Counter increase from the first sample to the last: a fall is a reset to 0. */
  readonly increase: number
}

/** Summary of `samples`, which ascend in time. */
export function summarise({ times, values }: Samples): Summary {
  let [count, sum, increase] = [0, 0, 0]
  let [min, max, first, firstAt, last, lastAt] = [
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    if (Number.isNaN(value)) continue
    if (count === 0) {
      min = max = first = value
      firstAt = times[i] ?? Number.NaN
    } else {
      increase += counterStep(last, value)
      if (value < min) min = value
      if (value > max) max = value
    }
    count++
    sum += value
    last = value
    lastAt = times[i] ?? Number.NaN
  }
  return {
    samples: values.length,
    count,
    sum: count > 0 ? sum : Number.NaN,
    min,
    max,
    first,
    firstAt,
    last,
    lastAt,
    increase,
  }
}

/** How much a counter grew between two readings. */
function counterStep(before: number, after: number): number {
  return after >= before ? after - before : after
}

/** One step of a coarser tier. Its `increase` reaches back to the sample before it; NaN where that was not kept. */
export interface Bucket {
  readonly at: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly last: number
  readonly increase: number
  /** The time between samples that `increase` was seen in. */
  readonly increaseMs: number
}

/** One entry per step; `count` 0: nothing was observed, then min, max and last are NaN, the others 0. */
export interface StepColumns {
  readonly count: Float64Array
  readonly sum: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
  readonly increase: Float64Array
  /** The time that `increase` was seen in: from the sample before the step's first to its last, long holes left out. */
  readonly increaseMs: Float64Array
}

export const stepColumnNames = [
  'count',
  'sum',
  'min',
  'max',
  'last',
  'increase',
  'increaseMs',
] as const satisfies readonly (keyof StepColumns)[]

/** Cuts one array of `stepColumnNames.length * stepCount` into columns; nothing is copied. */
export function stepColumnsOf(flat: Float64Array, stepCount: number, index = 0): StepColumns {
  const start = index * stepColumnNames.length * stepCount
  const column = (which: number) => flat.subarray(start + which * stepCount, start + (which + 1) * stepCount)
  return {
    count: column(0),
    sum: column(1),
    min: column(2),
    max: column(3),
    last: column(4),
    increase: column(5),
    increaseMs: column(6),
  }
}

export interface StepReducer {
  /** The reading that the next increase starts from, where what was added does not tell it to the millisecond. */
  startFrom(at: number, value: number): void
  /** Samples of any length, crossing any number of steps. */
  addSamples(samples: Samples): void
  /** A stretch that lies within one step or before the first. */
  addSummary(summary: Summary): void
  /** A bucket that lies within one step or before the first; `widthMs` is its length, its last sample at the end. */
  addBucket(bucket: Bucket, widthMs: number): void
}

/**
 * Reduces a series to steps of `stepMs` from `from` on, into `columns`. What is added must ascend in time. What lies
 * before `from` only serves as the reading a counter increases from; what lies beyond the last step is ignored.
 */
export function createStepReducer(from: number, stepMs: number, columns: StepColumns): StepReducer {
  const { count, sum, min, max, last, increase, increaseMs } = columns
  const to = from + stepMs * count.length
  min.fill(Number.NaN)
  max.fill(Number.NaN)
  last.fill(Number.NaN)
  let before = Number.NaN
  let beforeAt = Number.NEGATIVE_INFINITY

  const isNear = (at: number) => at - beforeAt <= counterGapMs

  const put = (step: number, added: Omit<Bucket, 'at'>) => {
    const isFirst = count[step] === 0
    count[step] = (count[step] ?? 0) + added.count
    sum[step] = (sum[step] ?? 0) + added.sum
    if (isFirst || added.min < (min[step] ?? 0)) min[step] = added.min
    if (isFirst || added.max > (max[step] ?? 0)) max[step] = added.max
    last[step] = added.last
    increase[step] = (increase[step] ?? 0) + added.increase
    increaseMs[step] = (increaseMs[step] ?? 0) + added.increaseMs
  }

  return {
    startFrom(at, value) {
      before = value
      beforeAt = at
    },
    addSamples({ times, values }) {
      for (let i = 0; i < times.length; i++) {
        const value = values[i] ?? Number.NaN
        if (Number.isNaN(value)) continue
        const at = times[i] ?? 0
        if (at >= to) return
        if (at >= from) {
          const step = Math.floor((at - from) / stepMs)
          const seen = count[step] ?? 0
          count[step] = seen + 1
          sum[step] = (sum[step] ?? 0) + value
          if (seen === 0 || value < (min[step] ?? 0)) min[step] = value
          if (seen === 0 || value > (max[step] ?? 0)) max[step] = value
          last[step] = value
          if (isNear(at)) {
            increase[step] = (increase[step] ?? 0) + counterStep(before, value)
            increaseMs[step] = (increaseMs[step] ?? 0) + at - beforeAt
          }
        }
        before = value
        beforeAt = at
      }
    },
    addSummary(summary) {
      if (summary.count === 0 || summary.firstAt >= to) return
      if (summary.firstAt >= from) {
        const { first, firstAt, lastAt } = summary
        const border = isNear(firstAt)
          ? { increase: counterStep(before, first), increaseMs: firstAt - beforeAt }
          : { increase: 0, increaseMs: 0 }
        put(Math.floor((firstAt - from) / stepMs), {
          ...summary,
          increase: summary.increase + border.increase,
          increaseMs: lastAt - firstAt + border.increaseMs,
        })
      }
      before = summary.last
      beforeAt = summary.lastAt
    },
    addBucket(bucket, widthMs) {
      if (bucket.count === 0 || bucket.at >= to) return
      if (bucket.at >= from) put(Math.floor((bucket.at - from) / stepMs), bucket)
      before = bucket.last
      beforeAt = bucket.at + widthMs
    },
  }
}
