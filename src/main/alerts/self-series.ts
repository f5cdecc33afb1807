/** What alerting says of itself as series: how long rules take, what was skipped, how messages fare. */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Delivery } from '#shared/contract/alerts.ts'

export interface SelfSeries {
  evaluated(group: string, at: number, durationMs: number, skipped: number): void
  /** After each attempt; `latencyMs` from the message's row to the answer. */
  attempted(delivery: Delivery, at: number, latencyMs: number): void
}

export function selfSeries(metrics: MetricStore): SelfSeries {
  const attempts = new Map<string, number>()
  const append = (at: number, name: string, labels: Record<string, string>, value: number, decimals: number) => {
    const series = metrics.series(name, labels, { decimals })
    if (series) metrics.append(at, [[series, value]])
  }
  return {
    evaluated(group, at, durationMs, skipped) {
      const labels = { rule_group: group }
      append(at, 'belfry_rule_group_duration_seconds', labels, durationMs / 1000, 4)
      append(at, 'belfry_rule_evaluations_skipped_total', labels, skipped, 0)
    },
    attempted({ channel, state }, at, latencyMs) {
      const key = `${channel} ${state}`
      const count = (attempts.get(key) ?? 0) + 1
      attempts.set(key, count)
      append(at, 'belfry_notifications_total', { channel, result: state }, count, 0)
      if (state === 'delivered') append(at, 'belfry_notification_latency_seconds', { channel }, latencyMs / 1000, 4)
    },
  }
}
