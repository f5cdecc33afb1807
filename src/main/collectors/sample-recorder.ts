/** One collector's samples as series: what it does not report any more ends with a stale marker. */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { CollectedSample } from './kind.ts'

export interface SampleRecorder {
  /** Takes the samples of one instant; answers how many the store took. Labels of one name come in the same order always. */
  record(at: number, samples: readonly CollectedSample[]): number
  /** Ends everything. */
  end(at: number): void
}

export function createSampleRecorder(metrics: Pick<MetricStore, 'series' | 'append' | 'markStale'>): SampleRecorder {
  const handles = new Map<string, SeriesHandle>()
  let reported = new Set<string>()
  /** A run's samples carry the instant at which it began, so a later end must not come before them. */
  let newestAt = 0

  function endOf(at: number, keys: readonly string[]): void {
    const ended = keys.flatMap((key) => handles.get(key) ?? [])
    if (ended.length > 0) metrics.markStale(at, ended)
    for (const key of keys) handles.delete(key)
  }

  return {
    record(at, samples) {
      const batch: [SeriesHandle, number][] = []
      const now = new Set<string>()
      for (const sample of samples) {
        if (!Number.isFinite(sample.value)) continue
        const key = keyOf(sample)
        const handle = handles.get(key) ?? seriesOf(sample, metrics)
        if (handle === undefined) continue
        handles.set(key, handle)
        now.add(key)
        batch.push([handle, sample.value])
      }
      if (batch.length > 0) metrics.append(at, batch)
      endOf(
        at,
        [...reported].filter((key) => !now.has(key)),
      )
      reported = now
      newestAt = Math.max(newestAt, at)
      return batch.length
    },
    end(at) {
      endOf(Math.max(at, newestAt + 1), [...reported])
      reported = new Set()
    },
  }
}

function seriesOf(sample: CollectedSample, metrics: Pick<MetricStore, 'series'>): SeriesHandle | undefined {
  return metrics.series(sample.name, sample.labels, sample.decimals === undefined ? {} : { decimals: sample.decimals })
}

function keyOf(sample: CollectedSample): string {
  let key = sample.name
  for (const label in sample.labels) key += `\0${label}\0${sample.labels[label]}`
  return key
}
