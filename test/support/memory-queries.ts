/** Ranges of PromQL over samples in memory, instant by instant: what the query service answers, without its workers. */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { QueryService } from '#main/query/query-service.ts'
import { labelKey } from '#shared/promql/values.ts'
import { samplesOf } from '#test/promql/evaluated.ts'

export function memoryQueries(metrics: MetricStore): Pick<QueryService, 'range'> {
  return {
    async range({ expr, from, to, stepMs }, _as, signal) {
      signal.throwIfAborted()
      const stepCount = Math.floor((to - from) / stepMs) + 1
      const rows = new Map<string, { labels: Record<string, string>; values: Map<number, number> }>()
      for (let step = 0; step < stepCount; step++) {
        for (const { labels, value } of await samplesOf(expr, metrics, from + step * stepMs)) {
          const row = rows.get(labelKey(labels)) ?? { labels: { ...labels }, values: new Map() }
          rows.set(labelKey(labels), row)
          row.values.set(step, value)
        }
      }
      const all = [...rows.values()]
      const cells = all.flatMap(({ values }) => Array.from({ length: stepCount }, (_, step) => values.get(step)))
      const steps = {
        labels: all.map(({ labels }) => labels),
        stepCount,
        values: Float64Array.from(cells, (value) => value ?? 0),
        present: Uint8Array.from(cells, (value) => Number(value !== undefined)),
      }
      return {
        ...{ type: 'vector', tier: 'raw', samples: cells.length, warnings: [], infos: [], damage: [], durationMs: 1 },
        result: { form: 'steps', steps },
        when: { type: 'range', start: from, end: to, stepMs },
      }
    },
  }
}
