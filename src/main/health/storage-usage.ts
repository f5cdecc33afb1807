/** How much of the disk Belfry takes, by what it is for. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Store } from '#main/store/open-store.ts'
import type { StorageUsage } from '#shared/contract/settings.ts'

export type StorageUsageReader = () => Promise<StorageUsage>

export function storageUsageReader(sources: {
  readonly store: Pick<Store, 'usage'>
  readonly metrics: Pick<MetricStore, 'usage'>
  readonly logDirectory: string
}): StorageUsageReader {
  return async () => {
    const [state, samples, logBytes] = await Promise.all([
      sources.store.usage(),
      sources.metrics.usage(),
      directoryBytes(sources.logDirectory),
    ])
    const { stateBytes, backupBytes, setAsideBytes, freeBytes } = state
    return {
      kinds: [
        { kind: 'samples', title: 'Samples', bytes: samples.bytesHead + samples.bytesChunks },
        { kind: 'summaries', title: 'Summaries', bytes: samples.bytesSummaries },
        { kind: 'state', title: 'States, alerts, results', bytes: stateBytes },
        { kind: 'backups', title: 'Backups', bytes: backupBytes },
        ...(setAsideBytes > 0 ? [{ kind: 'set-aside', title: 'Damaged files set aside', bytes: setAsideBytes }] : []),
        { kind: 'log', title: "Belfry's own log", bytes: logBytes },
      ],
      diskFreeBytes: freeBytes,
      activeSeries: samples.activeSeries,
      samplesStored: samples.samplesStored,
      refusedSeries: samples.refusedSeries,
      oldestSampleAt: samples.oldestAt,
    }
  }
}

/** 0 for a directory that is not there; files that go away meanwhile (rotation) count as nothing. */
async function directoryBytes(directory: string): Promise<number> {
  const names = await orWhenGone(readdir(directory), [])
  const sizes = await Promise.all(
    names.map((name) =>
      orWhenGone(
        stat(join(directory, name)).then((found) => found.size),
        0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function orWhenGone<T>(found: Promise<T>, fallback: T): Promise<T> {
  try {
    return await found
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return fallback
    throw error
  }
}
