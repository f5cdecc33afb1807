/** What happened to checks over a range: settled history from the store, joined with what is not settled yet. */
import type { MetricStore, ReducedSeries } from '#main/metrics/metric-store.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { CheckHistory, Reason, StateInterval, StateTotals, Uptime } from '#shared/contract/checks.ts'
import { type CheckState, openIntervals } from '#shared/domain/check-state.ts'
import { heartbeatBar, timeline, totals, uptime, type Window } from '#shared/domain/timeline.ts'
import type { Journal } from './journal.ts'

export interface CheckHistories {
  /** Of all of them over one window that ends now at the latest, in the order of `ids`. */
  timelines(ids: readonly string[], window: Window, now: number): Promise<StateInterval[][]>
  of(ids: readonly string[], buckets: number, now: number): Promise<CheckHistory[]>
  timeline(
    id: string,
    range: Window,
    now: number,
  ): Promise<{ intervals: StateInterval[]; totals: StateTotals; uptime: Uptime }>
}

const dayMs = 86_400_000
/** Points of the latency sparkline: half an hour each. */
const latencyPoints = 48
const latencyStepMs = dayMs / latencyPoints

const notWatched: Reason = { code: 'not-watched', message: 'The check was not watched.' }

export function createCheckHistories(
  store: StateStore,
  metrics: MetricStore,
  journal: Pick<Journal, 'settled'>,
  stateOf: (id: string) => CheckState,
): CheckHistories {
  /**
   * Per check ascending: what is settled, then what is not. The open stretches are taken first, and all that is settled
   * before them is stored by then; what is settled meanwhile comes twice, and the timeline leaves it to the settled one.
   */
  async function intervalsOf(ids: readonly string[], { from, to }: Window, now: number) {
    const open = ids.map((id) => openIntervals(stateOf(id), now))
    await journal.settled()
    const settled = await store.askLong('check.intervals', { checkIds: [...ids], from, to })
    const byId = new Map<string, StateInterval[]>(ids.map((id) => [id, []]))
    for (const { checkId, ...interval } of settled) byId.get(checkId)?.push(interval)
    ids.forEach((id, index) => {
      byId.get(id)?.push(...(open[index] ?? []))
    })
    return byId
  }

  return {
    async of(ids, buckets, now) {
      const month = { from: now - 30 * dayMs, to: now }
      const day = { from: now - dayMs, to: now }
      const [intervals, latencies] = await Promise.all([
        intervalsOf(ids, month, now),
        metrics.reduce(
          [
            { label: '__name__', op: '=', value: 'probe_duration_seconds' },
            { label: 'check', op: '=~', value: ids.map(escaped).join('|') },
          ],
          day,
          latencyStepMs,
        ),
      ])
      const latencyById = new Map(latencies.series.map((series) => [series.labels['check'] ?? '', series]))
      return ids.map((id) => {
        const known = intervals.get(id) ?? []
        const over = (days: number) =>
          uptime(totals(timeline(known, { from: now - days * dayMs, to: now }, notWatched)))
        return {
          id,
          bar: heartbeatBar(timeline(known, day, notWatched), day, buckets),
          uptime: { day: over(1), week: over(7), month: over(30) },
          latencyMs: meanMs(latencyById.get(id)),
        }
      })
    },
    async timelines(ids, window, now) {
      const known = await intervalsOf(ids, window, now)
      return ids.map((id) => timeline(known.get(id) ?? [], window, notWatched))
    },
    async timeline(id, range, now) {
      // What is to come is nobody's failing: the range ends now.
      const window = range.from < now ? { from: range.from, to: Math.min(range.to, now) } : range
      const intervals = timeline((await intervalsOf([id], window, now)).get(id) ?? [], window, notWatched)
      const sums = totals(intervals)
      return { intervals, totals: sums, uptime: uptime(sums) }
    },
  }
}

function meanMs(series: ReducedSeries | undefined): (number | null)[] {
  return Array.from({ length: latencyPoints }, (_, step) => {
    const count = series?.count[step] ?? 0
    return count === 0 ? null : Math.round((1e5 * (series?.sum[step] ?? 0)) / count) / 100
  })
}

/** An id as a regular expression that matches just it. */
function escaped(id: string): string {
  return id.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
