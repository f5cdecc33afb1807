/** `ALERTS` and `ALERTS_FOR_STATE`, as Prometheus writes them: what is active, as series that rules and panels can ask. */
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { atPace, type Pace } from '#main/rules/pace.ts'
import type { Episode } from '#shared/domain/alert-machine.ts'

export interface AlertSeries {
  /** Writes the active alerts of one rule and ends the series of those that are not any more. */
  write(ruleId: string, episodes: Iterable<Episode>, at: number, pace: Pace): Promise<void>
}

export function alertSeries(metrics: Pick<MetricStore, 'series' | 'append' | 'markStale'>): AlertSeries {
  const written = new Map<string, ReadonlyMap<number, SeriesHandle>>()
  return {
    async write(ruleId, episodes, at, pace) {
      const now = new Map<number, SeriesHandle>()
      const put = (handle: SeriesHandle | undefined, value: number) => {
        if (!handle) return
        now.set(handle.id, handle)
        metrics.append(at, [[handle, value]])
      }
      await atPace(episodes, pace, (episode) => {
        if (episode.state === 'closed') return
        const alertstate = episode.state === 'pending' ? 'pending' : 'firing'
        put(metrics.series('ALERTS', { ...episode.labels, alertstate }), 1)
        put(metrics.series('ALERTS_FOR_STATE', episode.labels), Math.floor(episode.activeAt / 1000))
      })
      const ended = [...(written.get(ruleId) ?? [])].filter(([id]) => !now.has(id)).map(([, handle]) => handle)
      if (ended.length > 0) metrics.markStale(at, ended)
      if (now.size > 0) written.set(ruleId, now)
      else written.delete(ruleId)
    },
  }
}
