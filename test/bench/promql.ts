/**
 * PromQL over a range: an hour of 1,000 series with a sample every 15 s, evaluated at every 15 s. Belfry's figure is the
 * evaluation of samples that are at hand; the peer's is what query_range says that its evaluation took, reading included.
 */
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { rangeOf } from '#shared/promql/evaluate.ts'
import type { StepRange } from '#shared/promql/evaluation.ts'
import { fetchesOf } from '#shared/promql/fetches.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { resultOf } from '#shared/promql/steps.ts'
import { hasPrometheus, startPrometheus } from '#test/support/prometheus-server.ts'
import { remoteWriteBody, remoteWriteHeaders } from '#test/support/remote-write.ts'
import { type BenchContext, type Measure, median, type Scenario } from './scenario.ts'

const seriesCount = 1000
const everyMs = 15_000
const hourMs = 3_600_000
const beforeMs = 600_000
const startAt = 1_700_000_000_000
const rounds = 15

const expressions = [
  'sum by (x) (rate(m_total[5m]))',
  'rate(m_total[5m])',
  'max_over_time(m_total[10m])',
  'avg by (x) (m_total)',
  'm_total / on(i) m_total > 0.5',
  'histogram_quantile(0.9, sum by (le) (rate(m_total[5m])))',
  'quantile_over_time(0.9, m_total[5m])',
  'topk(5, m_total)',
  'sum(max_over_time(rate(m_total[1m])[5m:1m]))',
]

export const promql: Scenario = {
  name: 'promql',
  async run({ note }: BenchContext): Promise<readonly Measure[]> {
    const series = samples()
    const range: StepRange = { start: startAt, end: startAt + hourMs, stepMs: everyMs }
    const theirs = await durationsOfPrometheus(series, range, note)
    return expressions.map((text): Measure => {
      const parsed = parsePromql(text)
      const data = new Map<VectorSelector, readonly SelectedSeries[]>(
        fetchesOf(parsed.expr, range).map(({ selector, from, to }) => [selector, between(series, from, to)]),
      )
      const durationsMs = Array.from({ length: rounds }, () => {
        const before = performance.now()
        resultOf(rangeOf(parsed, data, range))
        return performance.now() - before
      })
      const peer = typeof theirs === 'string' ? theirs : theirs.get(text)
      return {
        what: text,
        unit: 'ms',
        belfry: median(durationsMs),
        peer:
          typeof peer === 'number'
            ? { name: 'Prometheus 2.42', value: peer }
            : { name: 'Prometheus 2.42', skipped: peer ?? 'it gave no answer' },
        goal: { ratioAtMost: 1 },
      }
    })
  },
}

function samples(): SelectedSeries[] {
  const count = (hourMs + beforeMs) / everyMs + 1
  return Array.from({ length: seriesCount }, (_, id) => {
    const values = new Float64Array(count)
    let value = id
    for (let index = 0; index < count; index++) {
      value = (index * 7 + id) % 97 === 0 ? 0 : value + ((index * 31 + id * 17) % 23) / 4
      values[index] = value
    }
    return {
      ...{ id, name: 'm_total', values },
      labels: { i: `instance-${id}`, job: 'bench', le: String(id % 20 === 19 ? '+Inf' : id % 20), x: `x${id % 10}` },
      times: Float64Array.from({ length: count }, (_, index) => startAt - beforeMs + index * everyMs),
    }
  })
}

function between(series: readonly SelectedSeries[], from: number, to: number): SelectedSeries[] {
  return series.map((one) => {
    const first = one.times.findIndex((at) => at >= from)
    const end = one.times.findLastIndex((at) => at < to) + 1
    return { ...one, times: one.times.slice(first, end), values: one.values.slice(first, end) }
  })
}

/** Milliseconds by expression, or why there are none. */
async function durationsOfPrometheus(
  series: readonly SelectedSeries[],
  { start, end, stepMs }: StepRange,
  note: BenchContext['note'],
): Promise<Map<string, number> | string> {
  if (!hasPrometheus) return 'prometheus is not installed'
  const server = await startPrometheus()
  try {
    const body = remoteWriteBody(series)
    const written = await fetch(`${server.url}/api/v1/write`, { method: 'POST', headers: remoteWriteHeaders, body })
    if (!written.ok) return `Prometheus did not take the samples: ${written.status}`
    note('Prometheus has the samples')
    const durations = new Map<string, number>()
    for (const query of expressions) {
      const asked = { query, start: String(start / 1000), end: String(end / 1000), step: String(stepMs / 1000) }
      const durationsMs: number[] = []
      for (let round = 0; round < rounds; round++) {
        const reply = await fetch(`${server.url}/api/v1/query_range?stats=all`, {
          method: 'POST',
          body: new URLSearchParams(asked),
        })
        const text = await reply.text()
        const seconds = /"execTotalTime":([\d.e-]+)/.exec(text)?.[1]
        if (seconds !== undefined) durationsMs.push(Number(seconds) * 1000)
      }
      durations.set(query, median(durationsMs))
    }
    return durations
  } finally {
    await server.stop()
  }
}
