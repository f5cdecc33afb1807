/** Gathers what an expression asks for and evaluates it: the only place where rules meet the sample store. */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { evaluationOf } from '#shared/promql/evaluate.ts'
import type { Data, EvaluationOptions } from '#shared/promql/evaluation.ts'
import { type Fetch, selectorsOf } from '#shared/promql/fetches.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import { presenceOf } from '#shared/promql/presence.ts'
import type { Sample } from '#shared/promql/values.ts'
import { atPace, type Pace, resultAtPace } from './pace.ts'

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
  looked(pace: Pace): Promise<readonly Sample[]>
}

export interface Asking {
  readonly metrics: Pick<MetricStore, 'select' | 'latest'>
  /** Epoch ms. */
  readonly at: number
  readonly signal: AbortSignal
  readonly pace: Pace
  readonly gathered?: Gathered
  readonly options?: EvaluationOptions
}

/** Rejects with AppError `invalid` where vectors cannot be matched, `too-large` beyond the limits; or when aborted. */
export async function evaluateExpression(parsed: Parsed, asking: Asking): Promise<RuleAnswer> {
  const { at, pace, options = {} } = asking
  const data = await gather(parsed, asking)
  const found = [...data.values()]
  return {
    samples: await samplesOf(parsed, data, at, pace, options),
    foundData: found.length === 0 || found.some((series) => series.length > 0),
    looked(lookingPace) {
      const { expr, empty } = presenceOf(parsed.expr)
      const nothing = empty.map((selector) => [selector, []] as const)
      return samplesOf({ ...parsed, expr }, new Map([...data, ...nothing]), at, lookingPace, options)
    },
  }
}

async function gather(parsed: Parsed, asking: Asking): Promise<Data> {
  const { at, gathered = new Map(), options } = asking
  const data = new Map<VectorSelector, SelectedSeries[]>()
  await Promise.all(
    selectorsOf(parsed.expr, at, options).map(async (fetch) => {
      const key = JSON.stringify([fetch.matchers, fetch.from, fetch.to, fetch.newestOnly])
      const answer = gathered.get(key) ?? fetched(fetch, asking)
      gathered.set(key, answer)
      data.set(fetch.selector, await answer)
    }),
  )
  return data
}

async function fetched(fetch: Fetch, { metrics, signal, pace }: Asking): Promise<SelectedSeries[]> {
  const { matchers, from, to, newestOnly } = fetch
  if (!newestOnly) return metrics.select(matchers, { from, to }, { maxSamples, signal })
  const series: SelectedSeries[] = []
  await atPace(await metrics.latest(matchers, to - 1, to - from), pace, ({ id, name, labels, at, value }) => {
    series.push({ id, name, labels, times: Float64Array.of(at), values: Float64Array.of(value) })
  })
  return series
}

async function samplesOf(
  parsed: Parsed,
  data: Data,
  at: number,
  pace: Pace,
  options: EvaluationOptions,
): Promise<readonly Sample[]> {
  const value = await resultAtPace(evaluationOf(parsed, data, at, options), pace)
  if (value.type === 'vector') return value.samples
  if (value.type === 'scalar') return [{ labels: {}, value: value.value, at }]
  throw new AppError('invalid', 'expected an expression with numbers, got a string')
}
