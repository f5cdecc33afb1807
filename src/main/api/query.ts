/** PromQL in the contract's words: columns become lists, numbers that JSON does not know become words. */
import type { Answer, QueryService } from '#main/query/query-service.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import type { InstantAnswer, QueryValue, RangeAnswer } from '#shared/contract/query.ts'
import { abortSignalOf } from './abort-signal.ts'

/**
 * Values in one answer: what its copying, checking and writing as JSON may cost the main loop. A screen with a hundred
 * series of a thousand points has as many; programs that need more ask Prometheus's API, which streams.
 */
const mostValues = 100_000

export function queryHandlers(queries: QueryService): HandlersOf<'query'> {
  return {
    async 'query.range'(question, { signal }) {
      return rangeAnswer(await queries.range(question, 'columns', abortSignalOf(signal)))
    },
    async 'query.instant'(question, { signal }) {
      return instantAnswer(await queries.instant(question, 'columns', abortSignalOf(signal)))
    },
    async 'query.check'({ expr }, { signal }) {
      const { type, problems, metrics } = await queries.check(expr, abortSignalOf(signal))
      return { type, problems: [...problems], metrics: [...metrics] }
    },
    'query.labelNames': (selection, { signal }) => queries.labelNames(selection, abortSignalOf(signal)),
    'query.labelValues': ({ label, ...selection }, { signal }) =>
      queries.labelValues(label, selection, abortSignalOf(signal)),
    async 'query.series'({ limit, ...selection }, { signal }) {
      const found = await queries.series(selection, limit, abortSignalOf(signal))
      return found.map(({ name, labels }) => ({ __name__: name, ...labels }))
    },
    'query.metadata': ({ metric }) => queries.metadata(metric),
  }
}

function rangeAnswer(answer: Answer): RangeAnswer {
  const { result, when } = answer
  if (result.form !== 'steps') throw new Error(`expected an answer in steps, got ${result.form}`)
  const { labels, stepCount, values, present } = result.steps
  refuseMoreValues(values.length)
  const times = Array.from({ length: stepCount }, (_, step) => when.start + step * when.stepMs)
  const series = labels.map((one, i) => ({
    labels: one,
    values: Array.from({ length: stepCount }, (_, step) => {
      const at = i * stepCount + step
      return present[at] === 1 ? queryValueOf(values[at] ?? Number.NaN) : null
    }),
  }))
  return { resultType: 'matrix', stepMs: when.stepMs, times, series, ...toldOf(answer) }
}

function instantAnswer(answer: Answer): InstantAnswer {
  const { type, result, when } = answer
  const told = { resultType: type, at: when.start, ...toldOf(answer) }
  if (result.form === 'text') return { ...told, series: [], text: result.text }
  if (result.form !== 'points') throw new Error(`expected an answer in points, got ${result.form}`)
  const { labels, counts, times, values } = result.points
  refuseMoreValues(values.length)
  let at = 0
  const series = labels.map((one, i) => ({
    labels: one,
    samples: Array.from({ length: counts[i] ?? 0 }, (): [number, QueryValue] => [
      times[at] ?? 0,
      queryValueOf(values[at++] ?? Number.NaN),
    ]),
  }))
  return { ...told, series, text: null }
}

const toldOf = ({ tier, warnings, samples, durationMs }: Answer) => ({
  tier,
  warnings: [...warnings],
  stats: { samples, durationMs },
})

function queryValueOf(value: number): QueryValue {
  if (Number.isFinite(value)) return value
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}

function refuseMoreValues(count: number): void {
  if (count <= mostValues) return
  throw new AppError(
    'too-large',
    `The answer has ${count} values, more than the ${mostValues} that one holds. Ask for fewer series, larger steps or a shorter range.`,
  )
}
