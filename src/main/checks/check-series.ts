/**
 * A check's results as series: the kind's probe_* samples and `belfry_check_state` (1 up, 0.5 degraded, 0 down). What a
 * run no longer reports ends with a stale marker, and so does all of it when nobody looks any more.
 */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { TimelineState } from '#shared/contract/checks.ts'
import { sameLabels } from '#shared/domain/labels.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { ProbeSample } from './kind.ts'

/** What one check has told so far. Data only, for there may be ten thousand of them: the recorder has the verbs. */
export interface CheckSeries {
  /** Of all its series. */
  labels: Labels
  /** Series of its last run, in the order of that run's samples. */
  reported: readonly SeriesHandle[]
  /** Null while its state has no value. */
  state: SeriesHandle | null
  /** A run's samples carry the instant at which it began, so a later end must not come before them. */
  newestAt: number
}

export interface CheckRecorder {
  /** Samples of one run; series of the run before that are missing now end. */
  record(series: CheckSeries, at: number, samples: readonly ProbeSample[]): void
  /** States other than up, degraded and down have no value: the series ends. */
  state(series: CheckSeries, at: number, state: TimelineState): void
  /** Ends everything. */
  end(series: CheckSeries, at: number): void
}

const stateValues: Readonly<Partial<Record<TimelineState, number>>> = { up: 1, degraded: 0.5, down: 0 }

/** Latency is meaningful to 10 us, which halves its size. */
const secondsDecimals = 5

export function nothingTold(labels: Labels): CheckSeries {
  return { labels, reported: [], state: null, newestAt: 0 }
}

export function createCheckRecorder(metrics: MetricStore): CheckRecorder {
  const seriesOf = ({ labels: own }: CheckSeries, { name, labels }: ProbeSample): SeriesHandle | undefined => {
    const isDuration = name.includes('duration') || name.endsWith('time_seconds')
    return metrics.series(name, allLabels(labels, own), isDuration ? { decimals: secondsDecimals } : {})
  }
  const markStale = ({ newestAt }: CheckSeries, at: number, ended: readonly SeriesHandle[]) => {
    if (ended.length > 0) metrics.markStale(Math.max(at, newestAt + 1), ended)
  }
  return {
    record(series, at, samples) {
      const before = series.reported
      const row: [SeriesHandle, number][] = []
      for (const [place, sample] of samples.entries()) {
        // A run names its samples as the run before did: hardly ever must the store be asked.
        const likely = before[place]
        const handle = likely && isOf(likely, sample, series.labels) ? likely : seriesOf(series, sample)
        if (handle === undefined) continue
        row.push([handle, sample.value])
        // From now on the store's own object, which the handles have: the same labels at one glance.
        if (sample.labels === undefined) series.labels = handle.labels
      }
      if (row.length > 0) metrics.append(at, row)
      if (row.length !== before.length || row.some(([handle], place) => handle !== before[place])) {
        const now = new Set(row.map(([handle]) => handle))
        markStale(
          series,
          at,
          before.filter((handle) => !now.has(handle)),
        )
        series.reported = [...now]
      }
      series.newestAt = Math.max(series.newestAt, at)
    },
    state(series, at, shown) {
      const value = stateValues[shown]
      if (value === undefined) {
        if (series.state !== null) markStale(series, at, [series.state])
        series.state = null
        return
      }
      const handle = series.state ?? seriesOf(series, { name: 'belfry_check_state', value })
      if (handle === undefined) return
      metrics.append(at, [[handle, value]])
      series.newestAt = Math.max(series.newestAt, at)
      series.state = handle
    },
    end(series, at) {
      markStale(series, at, [...series.reported, ...(series.state === null ? [] : [series.state])])
      series.reported = []
      series.state = null
    },
  }
}

/** The check's own win: a kind may not take the name of one. */
function allLabels(labels: Labels | undefined, own: Labels): Labels {
  return labels === undefined ? own : { ...labels, ...own }
}

function isOf(handle: SeriesHandle, { name, labels }: ProbeSample, own: Labels): boolean {
  return handle.name === name && sameLabels(handle.labels, allLabels(labels, own))
}
