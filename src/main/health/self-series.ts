/**
 * Belfry watched by itself, once a minute, beside what its parts record of themselves: the age of what it knows, room on
 * disk, how fast it writes, how old the newest backup is, and what it has to say. The shipped rules ask for these.
 */
import type { Collection } from '#main/collectors/collection.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { CommitTimes } from './commit-times.ts'
import type { StorageUsageReader } from './storage-usage.ts'

const everyMs = 60_000

export interface SelfSeriesOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly metrics: Pick<MetricStore, 'series' | 'append'>
  readonly usage: StorageUsageReader
  readonly collection: Pick<Collection, 'collectors'>
  readonly commits: CommitTimes
  readonly notices: Pick<Notices, 'list'>
  /** Instant of the newest whole backup; null without one, undefined where none are wanted. */
  readonly newestBackupAt: () => number | null | undefined
  readonly startedAt: number
}

type Reading = readonly [name: string, labels: Record<string, string>, value: number]

/** Returns what stops it. */
export function recordSelfSeries(options: SelfSeriesOptions): () => void {
  const { ports, metrics, usage } = options
  const { clock, timers, logger } = ports

  async function record(): Promise<void> {
    const readings = [...inMemory(options, clock.now()), ...(await onDisk(usage))]
    const samples = readings.flatMap(([name, labels, value]) => {
      const handle = metrics.series(name, labels, { decimals: 4 })
      return handle ? [[handle, value] as const] : []
    })
    metrics.append(clock.now(), samples)
  }

  return timers.every(everyMs, () => {
    record().catch((error: unknown) => logger.warn('Belfry could not measure itself', { error }))
  })
}

function inMemory(
  { collection, commits, notices, newestBackupAt, startedAt }: SelfSeriesOptions,
  now: number,
): Reading[] {
  const newestAt = Math.max(startedAt, ...collection.collectors().map(({ lastAt }) => lastAt ?? 0))
  const backupAt = newestBackupAt()
  const taken = commits.take()
  const told = notices.list()
  const seconds = (ms: number) => Math.max(0, ms / 1000)
  return [
    ['belfry_data_age_seconds', {}, seconds(now - newestAt)],
    ['belfry_store_waiting_units', {}, commits.waiting()],
    ...(taken === null
      ? []
      : ([
          ['belfry_store_commit_seconds', { quantile: '0.99' }, seconds(taken.p99Ms)],
          ['belfry_store_commit_seconds', { quantile: '1' }, seconds(taken.maxMs)],
        ] as const)),
    // Without a backup its age is that of this run: one that is not taken is missed all the same.
    ...(backupAt === undefined
      ? []
      : ([['belfry_backup_age_seconds', {}, seconds(now - (backupAt ?? startedAt))]] as const)),
    ...(['info', 'warning', 'error'] as const).map(
      (level) => ['belfry_notices', { level }, told.filter((notice) => notice.level === level).length] as const,
    ),
  ]
}

async function onDisk(usage: StorageUsageReader): Promise<Reading[]> {
  const { kinds, diskFreeBytes } = await usage()
  return [
    ...kinds.map(({ kind, bytes }) => ['belfry_storage_bytes', { kind }, bytes] as const),
    ...(diskFreeBytes === null ? [] : ([['belfry_storage_free_bytes', {}, diskFreeBytes]] as const)),
  ]
}
