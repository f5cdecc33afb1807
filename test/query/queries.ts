/** The query service over the real sample store: files, message ports and both workers' methods. */
import { queryHandlers } from '#main/api/query.ts'
import { createMetricMetadata } from '#main/metrics/metadata.ts'
import { createQueryService } from '#main/query/query-service.ts'
import type { QuerySettings } from '#shared/config/schema.ts'
import type { InputOf } from '#shared/contract/index.ts'
import { queryContract } from '#shared/contract/query.ts'
import type { Labels } from '#shared/domain/series.ts'
import { openHarness, type StoreHarness } from '#test/metrics/store-harness.ts'

const defaultQuerySettings: QuerySettings = {
  timeout: 60_000,
  maxSamples: 20_000_000,
  maxPoints: 11_000,
  concurrency: 4,
  perMinute: 3000,
}

/** A store whose newest samples never come. */
export const stalledHarness = () =>
  openHarness({ wrap: (methods) => ({ ...methods, 'metrics.head': () => new Promise<never>(() => {}) as never }) })

export async function openQueries(settings: Partial<QuerySettings> = {}, harness?: StoreHarness) {
  const store = harness ?? (await openHarness())
  const { clock, timers } = store.time
  const metadata = createMetricMetadata()
  const queries = createQueryService({
    ...{ expressions: store.store.expressions, metadata, clock, timers },
    settings: () => ({ ...defaultQuerySettings, ...settings }),
  })
  const handlers = queryHandlers(queries)
  const context = { caller: { role: 'viewer', name: 'test' }, signal: new AbortController().signal } as const
  const { calls } = queryContract
  return {
    ...{ harness: store, queries, metadata, handlers, context },
    startedAt: clock.now(),
    /** Every `everyMs` a sample of each series: the value at the n-th. */
    async record(
      series: readonly (readonly [name: string, labels: Labels, value: (n: number) => number])[],
      { count, everyMs }: { count: number; everyMs: number },
    ) {
      const from = clock.now()
      for (let n = 0; n < count; n++) {
        store.time.setWallClock(from + n * everyMs)
        for (const [name, labels, value] of series) {
          const handle = store.store.series(name, labels)
          if (handle) store.store.append(from + n * everyMs, [[handle, value(n)]])
        }
      }
      await store.store.flush()
    },
    async range(question: InputOf<'query.range'>) {
      const answer = await handlers['query.range'](calls['query.range'].input.parse(question), context)
      return calls['query.range'].output.parse(answer)
    },
    async instant(expr: string, at: number | null = null) {
      return calls['query.instant'].output.parse(await handlers['query.instant']({ expr, at }, context))
    },
    close: () => store.close(),
  }
}

export type OpenQueries = Awaited<ReturnType<typeof openQueries>>
