/** The sample store watched by itself: what it took, refused and holds, as belfry_* series beside all others. */
import type { Clock, Logger, Timers } from '../ports.ts'
import type { MetricStore } from './metric-store.ts'

const everyMs = 30_000

/** Returns what stops it. */
export function recordStoreSeries(options: {
  readonly metrics: MetricStore
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
}): () => void {
  const { metrics, clock, timers, logger } = options
  return timers.every(everyMs, () => {
    record(metrics, clock).catch((error: unknown) => logger.warn('the sample store could not be measured', { error }))
  })
}

async function record(metrics: MetricStore, clock: Clock): Promise<void> {
  const usage = await metrics.usage()
  const readings = [
    ['belfry_samples_appended_total', {}, usage.samplesAppended],
    ['belfry_samples_refused_total', {}, usage.refusedSamples],
    ['belfry_series_refused_total', {}, usage.refusedSeries],
    ['belfry_series_active', {}, usage.activeSeries],
    ['belfry_metrics_stored_samples', {}, usage.samplesStored],
    ['belfry_metrics_disk_bytes', { part: 'head' }, usage.bytesHead],
    ['belfry_metrics_disk_bytes', { part: 'chunks' }, usage.bytesChunks],
    ['belfry_metrics_disk_bytes', { part: 'summaries' }, usage.bytesSummaries],
  ] as const
  const samples = readings.flatMap(([name, labels, value]) => {
    const handle = metrics.series(name, labels)
    return handle ? [[handle, value] as const] : []
  })
  metrics.append(clock.now(), samples)
}
