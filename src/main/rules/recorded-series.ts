/** What recording rules write: their series, and the end of those that their expression gives no more. */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import { type Sample, showLabels, withoutName } from '#shared/promql/values.ts'
import type { Pace } from './pace.ts'
import type { RecordingRule } from './rule.ts'

export interface RecordedSeries {
  /**
   * Writes the result of one evaluation. Rejects with AppError `too-large` where there are more than `limit` (0: none) and
   * `invalid` where two have the same labels; then nothing is written, and what was there goes on.
   */
  write(rule: RecordingRule, samples: readonly Sample[], at: number, limit: number, pace: Pace): Promise<void>
  /** Ends the series of rules that are gone. */
  end(isGone: (ruleId: string) => boolean, at: number): void
}

export function recordedSeries(metrics: Pick<MetricStore, 'series' | 'append' | 'markStale'>): RecordedSeries {
  const written = new Map<string, ReadonlyMap<number, SeriesHandle>>()
  return {
    async write(rule, samples, at, limit, pace) {
      if (limit > 0 && samples.length > limit) {
        throw new AppError('too-large', `exceeded limit of ${limit} with ${samples.length} series`)
      }
      const now = new Map<number, SeriesHandle>()
      const rows: [SeriesHandle, number][] = []
      for (const { labels, value } of samples) {
        const recorded = recordedLabels(rule, labels)
        const handle = metrics.series(rule.name, recorded)
        if (!handle) continue // Refused by the budget, which says so itself.
        if (now.has(handle.id)) {
          throw new AppError('invalid', `two results have the same labels ${showLabels(recorded)}`)
        }
        now.set(handle.id, handle)
        rows.push([handle, value])
        if (pace.isDue()) await pace.turn()
      }
      if (rows.length > 0) metrics.append(at, rows)
      const ended = [...(written.get(rule.id) ?? [])].filter(([id]) => !now.has(id)).map(([, handle]) => handle)
      if (ended.length > 0) metrics.markStale(at, ended)
      written.set(rule.id, now)
    },
    end(isGone, at) {
      for (const [ruleId, handles] of [...written].filter(([id]) => isGone(id))) {
        if (handles.size > 0) metrics.markStale(at, [...handles.values()])
        written.delete(ruleId)
      }
    },
  }
}

/** The name a rule gives takes the place of the series' own; a label without a value is no label. */
function recordedLabels(rule: RecordingRule, labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries({ ...withoutName(labels), ...rule.labels }).filter(([, value]) => value !== ''),
  )
}
