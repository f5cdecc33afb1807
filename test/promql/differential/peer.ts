/** One question to Prometheus and to Belfry's evaluator, and both answers in one form. */
import { AppError } from '#shared/contract/errors.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import type { Matcher, SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { instantOf, type LimitedOptions, rangeOf } from '#shared/promql/evaluate.ts'
import type { StepRange } from '#shared/promql/evaluation.ts'
import { type Fetch, fetchesOf, selectorsOf } from '#shared/promql/fetches.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { resultOf } from '#shared/promql/steps.ts'
import { showLabels } from '#shared/promql/values.ts'

export type When = number | StepRange

/** Series as text to their values by instant; or what kind of mistake it is. */
export type Answer = Map<string, Map<number, number>> | 'bad_data' | 'execution'

/** Debian's Prometheus is of 2.x. */
const options = { closedRanges: true }

export function answerOfBelfry(text: string, when: When, series: readonly SelectedSeries[]): Answer {
  try {
    return answerOf(text, when, series, options)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.code === 'invalid' ? 'bad_data' : 'execution'
  }
}

/** Belfry's answer; throws what the evaluator throws. */
export function answerOf(
  text: string,
  when: When,
  series: readonly SelectedSeries[],
  options: LimitedOptions = {},
): Map<string, Map<number, number>> {
  const parsed = parsePromql(text)
  if (typeof when === 'number') {
    const value = resultOf(instantOf(parsed, gathered(selectorsOf(parsed.expr, when, options), series), when, options))
    switch (value.type) {
      case 'scalar':
        return new Map([['{}', new Map([[when, value.value]])]])
      case 'vector':
        return new Map(value.samples.map((one) => [showLabels(one.labels), new Map([[when, one.value]])]))
      case 'matrix':
        return new Map(
          value.series.map(({ labels, times, values }) => [
            showLabels(labels),
            new Map(Array.from(times, (at, index) => [at, values[index] ?? 0])),
          ]),
        )
      case 'string':
        return new Map()
    }
  }
  const data = gathered(fetchesOf(parsed.expr, when, options), series)
  return new Map(
    resultOf(rangeOf(parsed, data, when, options)).series.map(({ labels, values, present }) => [
      showLabels(labels),
      new Map(
        Array.from(values, (value, step) => [when.start + step * when.stepMs, value] as const).filter(
          (_, step) => present[step] === 1,
        ),
      ),
    ]),
  )
}

function gathered(fetches: readonly Fetch[], series: readonly SelectedSeries[]): Map<VectorSelector, SelectedSeries[]> {
  return new Map(
    fetches.map(({ selector, matchers, from, to }) => [
      selector,
      matching(matchers, series)
        .map((one) => between(one, from, to))
        .filter(({ times }) => times.length > 0),
    ]),
  )
}

function matching(matchers: readonly Matcher[], series: readonly SelectedSeries[]): SelectedSeries[] {
  const tests = matchers.map((matcher) => ({ label: matcher.label, holds: compileMatcher(matcher) }))
  return series.filter(({ name, labels }) =>
    tests.every(({ label, holds }) => holds(label === '__name__' ? name : (labels[label] ?? ''))),
  )
}

function between(series: SelectedSeries, from: number, to: number): SelectedSeries {
  const inside = (at: number) => at >= from && at < to
  const first = series.times.findIndex(inside)
  const last = series.times.findLastIndex(inside)
  const [start, end] = first < 0 ? [0, 0] : [first, last + 1]
  return { ...series, times: series.times.slice(start, end), values: series.values.slice(start, end) }
}

export async function answerOfPrometheus(url: string, text: string, when: When): Promise<Answer> {
  const query: Record<string, string> =
    typeof when === 'number'
      ? { query: text, time: String(when / 1000) }
      : {
          query: text,
          ...{ start: String(when.start / 1000), end: String(when.end / 1000), step: String(when.stepMs / 1000) },
        }
  const path = typeof when === 'number' ? 'query' : 'query_range'
  const reply = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(query) })
  const body: unknown = await reply.json()
  return readReply(body)
}

interface Reply {
  readonly status: 'success' | 'error'
  readonly errorType?: string
  readonly data?: {
    readonly resultType: 'scalar' | 'vector' | 'matrix'
    readonly result: Point | { metric: Record<string, string>; value?: Point; values?: Point[] }[]
  }
}

type Point = [at: number, value: string]

function readReply(body: unknown): Answer {
  // What Prometheus says of its own accord is trusted.
  const { errorType, data } = body as Reply
  if (errorType !== undefined) return errorType === 'bad_data' ? 'bad_data' : 'execution'
  if (!data) throw new Error('Prometheus gave no data')
  const rows =
    data.resultType === 'scalar'
      ? [{ metric: {}, value: data.result as Point }]
      : (data.result as { metric: Record<string, string>; value?: Point; values?: Point[] }[])
  return new Map(
    rows.map(({ metric, value, values = value ? [value] : [] }) => [
      showLabels(metric),
      new Map(values.map(([at, text]) => [Math.round(at * 1000), numberOf(text)])),
    ]),
  )
}

const numberOf = (text: string) =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)

/** The first thing in which two answers differ; null when they are the same within 1e-9 of the values. */
export function differenceOf(belfry: Answer, prometheus: Answer): string | null {
  if (typeof belfry === 'string' || typeof prometheus === 'string') {
    return belfry === prometheus ? null : `Belfry: ${shown(belfry)}, Prometheus: ${shown(prometheus)}`
  }
  for (const [series, wanted] of prometheus) {
    const came = belfry.get(series)
    if (!came) return `Belfry has no ${series}`
    for (const [at, value] of wanted) {
      const own = came.get(at)
      if (own === undefined) return `Belfry has no sample of ${series} at ${at}, Prometheus ${value}`
      if (!isEqual(own, value)) return `${series} at ${at}: Belfry ${own}, Prometheus ${value}`
    }
    const extra = [...came.keys()].find((at) => !wanted.has(at))
    if (extra !== undefined) return `Belfry has a sample of ${series} at ${extra}, Prometheus none`
  }
  const extra = [...belfry.keys()].find((series) => !prometheus.has(series))
  return extra === undefined ? null : `Prometheus has no ${extra}`
}

const tolerance = 1e-9
/** Differences of nearly equal numbers of this world's size have no nine digits. */
const nothing = 1e-12

function isEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  if (a === b) return true
  const difference = Math.abs(a - b)
  return difference <= tolerance * Math.max(Math.abs(a), Math.abs(b)) || difference < nothing
}

const shown = (answer: Answer) => (typeof answer === 'string' ? answer : `${answer.size} series`)
