/** The calls of the query service over the sample's series: the real parser and evaluator, instant by instant. */
import { AppError } from '#shared/contract/errors.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import type { Matcher, SelectedSeries } from '#shared/domain/series.ts'
import { evaluate } from '#shared/promql/evaluate.ts'
import { selectorsOf } from '#shared/promql/fetches.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import type { Mode } from './modes.ts'
import { sampleNames, sampleStored } from './sample-metrics.ts'

/** Samples are this far apart, and further in long ranges: a picture needs no more. */
const everyMs = 15_000
const mostSamples = 1500
const reachMs = 600_000

export function sampleQueryHandlers(mode: Mode): HandlersOf<'query'> {
  const stored = (matchers: readonly Matcher[]) => (mode === 'empty' ? [] : sampleStored(matchers))
  return {
    'query.range': ({ expr, from, to, stepMs }) => {
      const parsed = parsePromql(expr)
      const times = Array.from({ length: Math.floor((to - from) / stepMs) + 1 }, (_, step) => from + step * stepMs)
      const data = dataOf(parsed, from, to, stored)
      const series = new Map<string, { labels: Record<string, string>; values: (number | null)[] }>()
      for (const [step, at] of times.entries()) {
        if (at > Date.now()) break
        for (const { labels, value } of samplesOf(parsed, data, at)) {
          const key = JSON.stringify(labels)
          const one = series.get(key) ?? { labels: { ...labels }, values: times.map(() => null) }
          one.values[step] = value
          series.set(key, one)
        }
      }
      return {
        resultType: 'matrix',
        tier: stepMs >= 300_000 ? '5m' : 'raw',
        stepMs,
        times,
        series: [...series.values()].map(({ labels, values }) => ({ labels, values: values.map(wired) })),
        warnings: [],
        stats: { samples: series.size * times.length * 4, durationMs: 3.2 },
      }
    },
    'query.instant': ({ expr, at: asked }) => {
      const parsed = parsePromql(expr)
      const at = asked ?? Date.now()
      const data = dataOf(parsed, at, at, stored)
      const value = evaluate(parsed, data, at)
      const series =
        value.type === 'vector'
          ? value.samples.map(({ labels, value }): Instantly => ({ labels, samples: [[at, wired(value) ?? 'NaN']] }))
          : value.type === 'scalar'
            ? [{ labels: {}, samples: [[at, wired(value.value) ?? 'NaN']] } satisfies Instantly]
            : []
      return {
        resultType: value.type,
        at,
        tier: 'raw',
        series,
        text: value.type === 'string' ? value.value : null,
        warnings: [],
        stats: { samples: series.length, durationMs: 0.8 },
      }
    },
    'query.check': ({ expr }) => {
      try {
        parsePromql(expr)
        return { type: 'vector', problems: [], metrics: [] }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const [line = 1, column = 1] = error.message.split(':').map(Number)
        const from =
          expr
            .split('\n')
            .slice(0, line - 1)
            .join('\n').length +
          (line > 1 ? 1 : 0) +
          column -
          1
        const word = /^\w+/.exec(expr.slice(from))?.[0].length ?? 1
        const to = Math.min(expr.length, from + word)
        return { type: null, problems: [{ message: error.message.replace(/^\d+:\d+: /, ''), from, to }], metrics: [] }
      }
    },
    'query.labelNames': ({ selectors }) => [
      ...new Set(['__name__', ...selected(selectors, stored).flatMap(({ labels }) => Object.keys(labels))]),
    ],
    'query.labelValues': ({ label, selectors }) =>
      label === '__name__'
        ? sampleNames('')
        : [...new Set(selected(selectors, stored).flatMap(({ labels }) => labels[label] ?? []))].sort(),
    'query.series': ({ selectors, limit }) =>
      selected(selectors, stored)
        .map(({ name, labels }) => ({ __name__: name, ...labels }))
        .slice(0, limit),
    'query.metadata': ({ metric }) => metadata.filter((one) => metric === null || one.metric === metric),
  }
}

type Instantly = { labels: Record<string, string>; samples: [number, number | 'NaN' | '+Inf' | '-Inf'][] }
type Stored = (matchers: readonly Matcher[]) => ReturnType<typeof sampleStored>

const metadata = [
  { metric: 'node_load1', type: 'gauge' as const, help: '1m load average.', unit: '' },
  {
    metric: 'node_cpu_seconds_total',
    type: 'counter' as const,
    help: 'Seconds the CPUs spent in each mode.',
    unit: 'seconds',
  },
]

function selected(selectors: readonly string[], stored: Stored): ReturnType<typeof sampleStored> {
  if (selectors.length === 0) return stored([])
  return selectors.flatMap((selector) =>
    selectorsOf(parsePromql(selector).expr, 0).flatMap(({ matchers }) => stored(matchers)),
  )
}

function dataOf(parsed: Parsed, from: number, to: number, stored: Stored) {
  const spacing = Math.max(everyMs, (to - from + reachMs) / mostSamples)
  const first = Math.floor((from - reachMs) / spacing) * spacing
  const times = Float64Array.from(
    { length: Math.ceil((to - first) / spacing) + 1 },
    (_, step) => first + step * spacing,
  )
  return new Map(
    selectorsOf(parsed.expr, to).map(({ selector, matchers }) => [
      selector,
      stored(matchers).map(({ name, labels, at }, id): SelectedSeries => {
        const values = Float64Array.from(times, at)
        if (/_total$|_bucket$|_count$|_sum$/.test(name)) {
          for (let index = 1; index < values.length; index++)
            values[index] = (values[index - 1] ?? 0) + ((values[index] ?? 0) * spacing) / 1000
        }
        return { id, name, labels, times, values }
      }),
    ]),
  )
}

function samplesOf(parsed: Parsed, data: ReturnType<typeof dataOf>, at: number) {
  const value = evaluate(parsed, data, at)
  if (value.type === 'vector') return value.samples
  return value.type === 'scalar' ? [{ labels: {}, value: value.value }] : []
}

/** JSON has no NaN. */
function wired(value: number | null): number | 'NaN' | '+Inf' | '-Inf' | null {
  if (value === null || Number.isFinite(value)) return value
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
