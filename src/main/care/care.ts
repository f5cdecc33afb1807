/** Belfry looking after itself: backups, the size of history, its own series, and the doctor, put together in one place. */
import type { Collection } from '#main/collectors/collection.ts'
import type { ConfigFile } from '#main/config/config-file.ts'
import type { Events } from '#main/events.ts'
import type { CommitTimes } from '#main/health/commit-times.ts'
import { keepStorageLimit } from '#main/health/keep-limit.ts'
import { recordSelfSeries } from '#main/health/self-series.ts'
import { storageOutlookReader } from '#main/health/storage-outlook.ts'
import type { StorageUsageReader } from '#main/health/storage-usage.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Ports } from '#main/ports.ts'
import { withBackupThread } from '#main/store/backup-thread.ts'
import type { StorageOutlook } from '#shared/contract/care.ts'
import { type BackupService, createBackupService } from '../backup/backup-service.ts'
import { type Diagnosis, examine } from '../doctor/examine.ts'

export interface Care {
  readonly backups: BackupService
  outlook(): Promise<StorageOutlook>
  examine(): Promise<Diagnosis>
  /** Where the console can be reached, for the doctor. */
  reachableAt(url: string): void
  close(): Promise<void>
}

export interface CareOptions {
  readonly ports: Ports
  readonly events: Events
  readonly notices: Notices
  readonly config: ConfigFile
  readonly metrics: MetricStore
  readonly collection: Collection
  readonly commits: CommitTimes
  readonly usage: StorageUsageReader
  readonly dataDir: string
  readonly configDir: string
  readonly version: string
  readonly startedAt: number
  readonly canRestart: boolean
}

export function createCare(options: CareOptions): Care {
  const { ports, events, notices, config, metrics, collection, commits, usage, startedAt } = options
  const { dataDir, configDir, version, canRestart } = options
  const { clock, desktop, logger } = ports
  const settings = () => config.current().settings
  const limitBytes = () => settings().storage.maxBytes
  const addresses = new Set<string>()

  const backups = createBackupService({
    ports,
    events,
    notices,
    settings: () => settings().backup,
    dataDir,
    configDir,
    version,
    canRestart,
  })
  const stopLimit = keepStorageLimit({ ports, metrics, notices, usage, limitBytes })
  const stopSeries = recordSelfSeries({
    ports,
    metrics,
    usage,
    collection,
    commits,
    notices,
    newestBackupAt: () => (settings().backup.enabled ? backups.newestAt() : undefined),
    startedAt,
  })
  return {
    backups,
    outlook: storageOutlookReader({ usage, metrics, clock, limitBytes }),
    examine: () =>
      examine({
        dataDir,
        configDir,
        version,
        desktop,
        platform: process.platform,
        env: process.env,
        now: clock.now,
        checkDatabase: (file) => withBackupThread(logger, (channel) => channel.call('database.check', { file })),
        configurationProblems: () =>
          config.problems().map(({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`),
        addresses: () => [...addresses],
      }),
    reachableAt: (url) => void addresses.add(new URL(url).origin),
    async close() {
      stopSeries()
      stopLimit()
      await backups.close()
    },
  }
}
