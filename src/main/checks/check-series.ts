/**
 * A check's results as series: the kind's probe_* samples and `belfry_check_state` (1 up, 0.5 degraded, 0 down). What a
 * run no longer reports ends with a stale marker, and so does all of it when nobody looks any more.
 */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { TimelineState } from '#shared/contract/checks.ts'
import type { ProbeSample } from './kind.ts'
import type { ReadyCheck } from './ready-check.ts'

export interface CheckSeries {
  /** Samples of one run; series of the run before that are missing now end. */
  record(at: number, samples: readonly ProbeSample[]): void
  /** States other than up, degraded and down have no value: the series ends. */
  state(at: number, state: TimelineState): void
  /** Ends everything. */
  end(at: number): void
}

const stateValues: Readonly<Partial<Record<TimelineState, number>>> = { up: 1, degraded: 0.5, down: 0 }

/** Latency is meaningful to 10 us, which halves its size. */
const secondsDecimals = 5

export function createCheckSeries(metrics: MetricStore, { labels }: ReadyCheck): CheckSeries {
  const handles = new Map<string, SeriesHandle | undefined>()
  let reported = new Set<SeriesHandle>()
  let state: SeriesHandle | null = null
  // A run's samples carry the instant at which it began, so a later end must not come before them.
  let newestAt = 0

  const handleOf = (sample: ProbeSample) => {
    const key = sample.labels === undefined ? sample.name : `${sample.name} ${JSON.stringify(sample.labels)}`
    if (!handles.has(key)) {
      const decimals =
        sample.name.includes('duration') || sample.name.endsWith('time_seconds') ? secondsDecimals : undefined
      handles.set(
        key,
        metrics.series(sample.name, { ...sample.labels, ...labels }, decimals === undefined ? {} : { decimals }),
      )
    }
    return handles.get(key)
  }
  const stale = (at: number, ended: readonly SeriesHandle[]) => {
    if (ended.length > 0) metrics.markStale(Math.max(at, newestAt + 1), ended)
  }
  return {
    record(at, samples) {
      const row: [SeriesHandle, number][] = []
      for (const sample of samples) {
        const handle = handleOf(sample)
        if (handle !== undefined) row.push([handle, sample.value])
      }
      const now = new Set(row.map(([handle]) => handle))
      if (row.length > 0) metrics.append(at, row)
      stale(
        at,
        [...reported].filter((handle) => !now.has(handle)),
      )
      reported = now
      newestAt = Math.max(newestAt, at)
    },
    state(at, shown) {
      const value = stateValues[shown]
      if (value === undefined) {
        if (state !== null) stale(at, [state])
        state = null
        return
      }
      const handle = handleOf({ name: 'belfry_check_state', value })
      if (handle === undefined) return
      metrics.append(at, [[handle, value]])
      newestAt = Math.max(newestAt, at)
      state = handle
    },
    end(at) {
      stale(at, [...reported, ...(state === null ? [] : [state])])
      reported = new Set()
      state = null
    },
  }
}
