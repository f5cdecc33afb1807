/** From series to the cells of a heatmap: how many observations fell into each bucket at each step. Pure. */
import { valueBuckets } from '#shared/domain/dashboard/value-buckets.ts'
import type { Unit } from '../format/unit.ts'
import type { Values } from './column-math.ts'

export interface HeatmapRow {
  /** The bucket's upper end, or what it is called. */
  readonly label: string
  /** null where nothing was observed. */
  readonly counts: Values
}

export interface BucketSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: Values
}

/**
 * From cumulative buckets (label `le`) to one row a bucket, lowest first. Buckets of the same bound are added up; a
 * bucket that counts less than the one below it, as in the middle of a scrape, counts nothing.
 */
export function bucketRows(series: readonly BucketSeries[]): HeatmapRow[] {
  const bounds = new Map<number, BucketSeries[]>()
  for (const one of series) {
    const bound = boundOf(one.labels['le'] ?? '')
    if (Number.isNaN(bound)) continue
    bounds.set(bound, [...(bounds.get(bound) ?? []), one])
  }
  const length = Math.max(0, ...series.map(({ values }) => values.length))
  let below: Values = Array.from({ length }, () => 0)
  return [...bounds]
    .sort(([a], [b]) => a - b)
    .map(([bound, members]) => {
      const upTo = below.map((_, step) => sumAt(members, step))
      const counts = upTo.map((value, step) => {
        const lower = below[step] ?? 0
        return value === null ? null : Math.max(0, value - lower)
      })
      below = upTo.map((value, step) => value ?? below[step] ?? 0)
      return { label: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound), counts }
    })
}

/** Values of all series sorted into at most `mostBuckets` equal buckets (see `valueBuckets`), lowest first. */
export function valueRows(series: readonly BucketSeries[], unit: Unit, mostBuckets: number): HeatmapRow[] {
  const drawn = (value: number | null | undefined): value is number =>
    value !== null && value !== undefined && Number.isFinite(value)
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const { values } of series) {
    for (const value of values) {
      if (!drawn(value)) continue
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  }
  if (least > most) return []
  const buckets = valueBuckets(unit, least, most, mostBuckets)
  const length = Math.max(...series.map(({ values }) => values.length))
  const rows = buckets.bounds.map((bound) => ({
    label: String(bound),
    counts: Array.from({ length }, (): number | null => null),
  }))
  for (let step = 0; step < length; step++) {
    const seen = series.map(({ values }) => values[step]).filter(drawn)
    if (seen.length === 0) continue
    for (const row of rows) row.counts[step] = 0
    for (const value of seen) {
      const counts = rows[buckets.indexOf(value)]?.counts
      if (counts) counts[step] = (counts[step] ?? 0) + 1
    }
  }
  return rows
}

export function largestCount(rows: readonly HeatmapRow[]): number {
  return rows.reduce(
    (most, { counts }) =>
      counts.reduce<number>((top, value) => (Number.isFinite(value) ? Math.max(top, value ?? 0) : top), most),
    0,
  )
}

function boundOf(le: string): number {
  if (le === '+Inf' || le === 'Inf') return Number.POSITIVE_INFINITY
  return le === '' ? Number.NaN : Number(le)
}

function sumAt(members: readonly BucketSeries[], step: number): number | null {
  return members.reduce<number | null>((sum, { values }) => {
    const value = values[step] ?? null
    return value === null || Number.isNaN(value) ? sum : (sum ?? 0) + value
  }, null)
}
