/** `ALERTS` and `ALERTS_FOR_STATE`, as Prometheus writes them: what is active, as series that rules and panels can ask. */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { AlertRecord } from './record.ts'

export interface AlertSeries {
  /** Writes the active alerts of one rule and ends the series of those that are not any more. */
  write(ruleId: string, records: readonly AlertRecord[], at: number): void
}

export function alertSeries(metrics: MetricStore): AlertSeries {
  const written = new Map<string, ReadonlyMap<number, SeriesHandle>>()
  return {
    write(ruleId, records, at) {
      const samples: [SeriesHandle, number][] = []
      for (const { episode } of records) {
        if (episode.state === 'closed') continue
        const alertstate = episode.state === 'pending' ? 'pending' : 'firing'
        const active = metrics.series('ALERTS', { ...episode.labels, alertstate })
        const since = metrics.series('ALERTS_FOR_STATE', episode.labels)
        if (active) samples.push([active, 1])
        if (since) samples.push([since, Math.floor(episode.activeAt / 1000)])
      }
      const now = new Map(samples.map(([handle]) => [handle.id, handle]))
      const ended = [...(written.get(ruleId) ?? [])].filter(([id]) => !now.has(id)).map(([, handle]) => handle)
      if (samples.length > 0) metrics.append(at, samples)
      if (ended.length > 0) metrics.markStale(at, ended)
      if (now.size > 0) written.set(ruleId, now)
      else written.delete(ruleId)
    },
  }
}
