/** Gathers what an expression asks for and evaluates it: the only place where rules meet the sample store. */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { evaluate, type Fetch, selectorsOf } from '#shared/promql/evaluate.ts'
import type { Data } from '#shared/promql/evaluation.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import { presenceOf } from '#shared/promql/presence.ts'
import type { Sample } from '#shared/promql/values.ts'

/** One selector of a rule may bring at most this many samples into memory. */
const maxSamples = 2_000_000

/** Answers to the fetches of one evaluation of a group: equal questions are asked once. */
export type Gathered = Map<string, Promise<SelectedSeries[]>>

export interface RuleAnswer {
  /** A scalar is one sample without labels. */
  readonly samples: readonly Sample[]
  /** Whether any selector found series; an expression without selectors has all the data it needs. */
  readonly foundData: boolean
  /** Every set of labels the expression looked at. Computed on demand, from the same data. */
  looked(): readonly Sample[]
}

/** Throws AppError `invalid` where vectors cannot be matched, `too-large` beyond the limits; rejects when aborted. */
export async function evaluateExpression(
  parsed: Parsed,
  metrics: MetricStore,
  at: number,
  signal: AbortSignal,
  gathered: Gathered = new Map(),
): Promise<RuleAnswer> {
  const data = await gather(parsed, metrics, at, signal, gathered)
  const found = [...data.values()]
  return {
    samples: samplesOf(parsed, data, at),
    foundData: found.length === 0 || found.some((series) => series.length > 0),
    looked() {
      const { expr, empty } = presenceOf(parsed.expr)
      const nothing = empty.map((selector) => [selector, []] as const)
      return samplesOf({ ...parsed, expr }, new Map([...data, ...nothing]), at)
    },
  }
}

async function gather(
  parsed: Parsed,
  metrics: MetricStore,
  at: number,
  signal: AbortSignal,
  gathered: Gathered,
): Promise<Data> {
  const data = new Map<VectorSelector, SelectedSeries[]>()
  await Promise.all(
    selectorsOf(parsed.expr, at).map(async (fetch) => {
      const key = JSON.stringify([fetch.matchers, fetch.from, fetch.to, fetch.newestOnly])
      const answer = gathered.get(key) ?? fetched(fetch, metrics, signal)
      gathered.set(key, answer)
      data.set(fetch.selector, await answer)
    }),
  )
  return data
}

async function fetched(fetch: Fetch, metrics: MetricStore, signal: AbortSignal): Promise<SelectedSeries[]> {
  const { matchers, from, to, newestOnly } = fetch
  if (!newestOnly) return metrics.select(matchers, { from, to }, { maxSamples, signal })
  const latest = await metrics.latest(matchers, to - 1, to - from)
  return latest.map(({ at, value, ...series }) => ({
    ...series,
    times: Float64Array.of(at),
    values: Float64Array.of(value),
  }))
}

function samplesOf(parsed: Parsed, data: Data, at: number): readonly Sample[] {
  const value = evaluate(parsed, data, at)
  if (value.type === 'vector') return value.samples
  if (value.type === 'scalar') return [{ labels: {}, value: value.value, at }]
  throw new AppError('invalid', 'expected an expression with numbers, got a string')
}
