/**
 * Where storage is heading: its size by kind as it was recorded, and plain arithmetic on the first and the last of it.
 * No model: retention makes growth end sooner or later, and a straight line errs on the careful side.
 */
import type { MetricStore, ReducedSeries } from '#main/metrics/metric-store.ts'
import type { Clock } from '#main/ports.ts'
import type { StorageOutlook } from '#shared/contract/care.ts'
import type { StorageUsage } from '#shared/contract/settings.ts'
import type { StorageUsageReader } from './storage-usage.ts'

const dayMs = 86_400_000
const lookBackMs = 14 * dayMs
const stepMs = 6 * 3_600_000
/** Less tells more of the time of day than of growth. */
const leastSpanMs = dayMs

/** Kinds that `storage.maxBytes` does not count: they have limits of their own, or are the operator's to delete. */
const notHistory = new Set(['backups', 'set-aside'])

export function historyBytesOf({ kinds }: Pick<StorageUsage, 'kinds'>): number {
  return totalOf(kinds.filter(({ kind }) => !notHistory.has(kind)).map(({ bytes }) => bytes))
}

export function storageOutlookReader(sources: {
  readonly usage: StorageUsageReader
  readonly metrics: Pick<MetricStore, 'reduce'>
  readonly clock: Clock
  /** `storage.maxBytes`. */
  readonly limitBytes: () => number
}): () => Promise<StorageOutlook> {
  return async () => {
    const at = sources.clock.now()
    const [usage, recorded] = await Promise.all([
      sources.usage(),
      sources.metrics.reduce(
        [{ label: '__name__', op: '=', value: 'belfry_storage_bytes' }],
        { from: at - lookBackMs, to: at },
        stepMs,
      ),
    ])
    const { from, stepMs: stepped, stepCount } = recorded
    const times = Array.from({ length: stepCount }, (_, i) => from + i * stepped)
    const kinds = usage.kinds.map(({ kind, title }) => ({
      kind,
      title,
      values: lastOf(
        recorded.series.find(({ labels }) => labels['kind'] === kind),
        stepCount,
      ),
    }))
    return outlookOf({ at, times, stepMs: stepped, kinds, usage, limitBytes: sources.limitBytes() })
  }
}

/** The arithmetic, pure. */
export function outlookOf(known: {
  readonly at: number
  readonly times: readonly number[]
  readonly stepMs: number
  readonly kinds: StorageOutlook['kinds']
  readonly usage: Pick<StorageUsage, 'kinds' | 'diskFreeBytes'>
  readonly limitBytes: number
}): StorageOutlook {
  const { at, times, stepMs, kinds, usage, limitBytes } = known
  const historyBytes = historyBytesOf(usage)
  const all = growthOf(kinds, usage.kinds, times, at)
  const history = growthOf(
    kinds.filter(({ kind }) => !notHistory.has(kind)),
    usage.kinds.filter(({ kind }) => !notHistory.has(kind)),
    times,
    at,
  )
  const disk = roomOf('disk', usage.diskFreeBytes, all)
  const limit = roomOf('limit', limitBytes === 0 ? null : Math.max(0, limitBytes - historyBytes), history)
  const limitIsNearer = limit.bytes !== null && (disk.bytes === null || (limit.days ?? 1e9) <= (disk.days ?? 1e9))
  const room = limitIsNearer ? limit : disk
  return {
    at,
    times: [...times],
    stepMs,
    kinds: [...kinds],
    growth: limitIsNearer ? history : all,
    room,
    limitBytes,
    historyBytes,
  }
}

type Growth = StorageOutlook['growth']

/** From the first instant at which anything was recorded to now. */
function growthOf(
  kinds: StorageOutlook['kinds'],
  present: StorageUsage['kinds'],
  times: readonly number[],
  at: number,
): Growth {
  const first = times.findIndex((_, index) => kinds.some(({ values }) => values[index] != null))
  const fromAt = times[first]
  if (fromAt === undefined || at - fromAt < leastSpanMs) return null
  const thenBytes = totalOf(kinds.map(({ values }) => values[first] ?? 0))
  const nowBytes = totalOf(present.map(({ bytes }) => bytes))
  const days = (at - fromAt) / dayMs
  return { fromAt, thenBytes, nowBytes, days, bytesPerDay: (nowBytes - thenBytes) / days }
}

function roomOf(what: 'disk' | 'limit', bytes: number | null, growth: Growth): StorageOutlook['room'] {
  if (bytes === null) return { what: 'unknown', bytes: null, days: null }
  const perDay = growth?.bytesPerDay ?? 0
  return { what, bytes, days: perDay > 0 ? bytes / perDay : null }
}

function lastOf(series: ReducedSeries | undefined, stepCount: number): (number | null)[] {
  return Array.from({ length: stepCount }, (_, i) =>
    series && (series.count[i] ?? 0) > 0 ? (series.last[i] ?? null) : null,
  )
}

const totalOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
