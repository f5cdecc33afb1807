/** What completion offers, asked of the console: names with their help, labels and values that are really there. */
import { type CompleteStrategy, newCompleteStrategy, type PrometheusClient } from '@prometheus-io/codemirror-promql'
import { EqlRegex, EqlSingle, Neq, NeqRegex } from '@prometheus-io/lezer-promql'
import { AppError } from '#shared/contract/errors.ts'
import type { Client } from '../../client/connect.ts'

/** Names change rarely; a list this old still serves while somebody types. */
const keptMs = 30_000
const most = 5000

type Matchers = NonNullable<Parameters<PrometheusClient['labelValues']>[2]>

/** Offers by itself where a word begins; what may follow a finished one, only when it is asked for (Ctrl-Space). */
export function completionOf(client: Client): CompleteStrategy {
  const strategy = newCompleteStrategy({ remote: completionSource(client) })
  return {
    promQL(context) {
      const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos)
      return context.explicit || /[\w:"'`{(,]/.test(before) ? strategy.promQL(context) : null
    },
    destroy: () => strategy.destroy?.(),
  }
}

function completionSource(client: Client): PrometheusClient {
  const answers = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  const kept = <T>(key: string, ask: () => Promise<T>, otherwise: T): Promise<T> => {
    const known = answers.get(key)
    // Stored under the same key, so by the same question.
    if (known && performance.now() - known.at < keptMs) return known.answer as Promise<T>
    const answer = ask().catch((error: unknown) => {
      answers.delete(key)
      // Without the console there is nothing to offer; typing goes on.
      if (error instanceof AppError) return otherwise
      throw error
    })
    answers.set(key, { at: performance.now(), answer })
    return answer
  }
  const valuesOf = (label: string, selectors: readonly string[]) =>
    kept(
      `values ${label} ${selectors.join()}`,
      async () =>
        (await client.call('query.labelValues', { label, selectors: [...selectors], from: null, to: null })).slice(
          0,
          most,
        ),
      [],
    )
  return {
    metricNames: () => valuesOf('__name__', []),
    labelNames: (metric) => {
      const selectors = metric ? [metric] : []
      return kept(`labels ${selectors.join()}`, async () => {
        const names = await client.call('query.labelNames', { selectors, from: null, to: null })
        return names.filter((name) => name !== '__name__')
      }, [])
    },
    labelValues: (label, metric, matchers) => valuesOf(label, selectorsOf(label, metric, matchers)),
    metricMetadata: () =>
      kept(
        'metadata',
        async () => {
          const all = await client.call('query.metadata', { metric: null })
          return Object.fromEntries(all.map(({ metric, type, help }) => [metric, [{ type, help }]]))
        },
        {},
      ),
    series: async () => [],
    flags: async () => ({}),
  }
}

const operators: Readonly<Record<number, string>> = {
  [EqlSingle]: '=',
  [Neq]: '!=',
  [EqlRegex]: '=~',
  [NeqRegex]: '!~',
}

/** A selector of the series whose values of `label` are wanted; none: of all series. Half-written matchers are left out. */
function selectorsOf(label: string, metric?: string, matchers: Matchers = []): readonly string[] {
  const written = matchers.flatMap(({ type, name, value }) => {
    const operator = operators[type]
    return name === label || value === '' || operator === undefined
      ? []
      : [`${name}${operator}${JSON.stringify(value)}`]
  })
  if (!metric && written.length === 0) return []
  return [`${metric ?? ''}${written.length > 0 ? `{${written.join(',')}}` : ''}`]
}
