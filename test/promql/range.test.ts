/** A range query is as many instant queries: each of its steps must say what an instant query says there. */
import { describe, expect, it } from 'vitest'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { rangeOf } from '#shared/promql/evaluate.ts'
import type { EvaluationOptions, StepRange } from '#shared/promql/evaluation.ts'
import { fetchesOf } from '#shared/promql/fetches.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { resultOf } from '#shared/promql/steps.ts'
import { showLabels } from '#shared/promql/values.ts'
import { generated } from './differential/expressions.ts'
import { answerOf, differenceOf } from './differential/peer.ts'
import { samples, startAt } from './differential/samples.ts'
import { linesOf } from './evaluated.ts'
import { loadSeries } from './series-notation.ts'

const minute = 60_000

const world = loadSeries(
  [
    { series: 'load{host="a",core="0"}', values: '0+1x20 NaN Inf 3 -Inf 5 _x4 7+2x10' },
    { series: 'load{host="b",core="0"}', values: '20-1x40' },
    { series: 'load{host="b",core="1"}', values: '_x10 5 5 5 stale _x5 8 9 1 2 3' },
    { series: 'total{host="a"}', values: '0+60x5 0+60x20 7 stale _ _ 10+60x10' },
    { series: 'total{host="b"}', values: '5 5 5 5 9 9 9 1 1 1 15 15 15 20+0.5x20' },
    { series: 'gone{host="a"}', values: '1x5 stale' },
    { series: 'cores{host="a"}', values: '4x40' },
    { series: 'cores{host="b"}', values: '8x17 _x8 9x20' },
    { series: 'info{host="a",version="1.2"}', values: '1x20 stale' },
    { series: 'info{host="a",version="1.3"}', values: '_x21 1x20' },
    { series: 'flat', values: '7x40' },
    { series: 'wait_bucket{le="0.1"}', values: '0+1x40' },
    { series: 'wait_bucket{le="1"}', values: '0+3x40' },
    { series: 'wait_bucket{le="+Inf"}', values: '0+4x40' },
  ],
  minute,
)

const expressions = [
  'load',
  'load offset 3m',
  'load offset -3m',
  'load @ 300',
  'load @ start() + load @ end()',
  'rate(load[5m] @ end())',
  'predict_linear(load[5m] @ 900, time())',
  'timestamp(load)',
  'timestamp(load + 1)',
  'rate(total[5m])',
  'increase(total[7m] offset 1m)',
  'delta(load[5m])',
  'irate(total[5m])',
  'idelta(load[5m])',
  'deriv(load[5m])',
  'predict_linear(load[5m], 600)',
  'holt_winters(load[8m], 0.3, 0.6)',
  'resets(total[9m])',
  'changes(load[9m])',
  ...['avg', 'min', 'max', 'sum', 'count', 'first', 'last', 'present', 'stddev', 'stdvar', 'mad', 'absent'].map(
    (name) => `${name}_over_time(load[6m])`,
  ),
  ...['first', 'last', 'max', 'min'].map((name) => `ts_of_${name}_over_time(load[6m])`),
  'quantile_over_time(0.3, load[6m])',
  'quantile_over_time(time() / 3000, load[6m])',
  'sum_over_time(load[1m])',
  'max_over_time(rate(total[3m])[10m:1m])',
  'avg_over_time(load[10m:])',
  'sum_over_time(sum by (host) (load)[10m:90s] offset 2m)',
  'sum_over_time(load[10m:1m] @ 1200)',
  'histogram_quantile(0.9, wait_bucket)',
  'histogram_quantile(time() / 2000, rate(wait_bucket[5m]))',
  'histogram_fraction(0, 0.5, wait_bucket)',
  'sum(load)',
  'sum by (host) (load)',
  'avg without (core) (load)',
  'min by (host) (load)',
  'max(load)',
  'count by (core) (load)',
  'group by (host) (load)',
  'stddev(load)',
  'stdvar by (host) (load)',
  'quantile(0.4, load)',
  'quantile by (host) (time() / 2000, load)',
  'count_values("value", cores)',
  'load + on(host) group_left() cores',
  'load * on(host) group_left(version) info',
  'info * on(host) group_right(version) load',
  'sum by (host) (load) / cores',
  'cores == on(host) cores',
  'load > 5',
  '5 < bool load',
  'load > bool on(host) group_left() cores',
  'load and on(host) info',
  'load or on(host) total',
  'load unless on(host) info{version="1.3"}',
  '-load',
  'load atan2 ignoring(core) group_left() cores',
  'absent(gone)',
  'absent(load{host="c"})',
  'scalar(cores{host="b"})',
  'vector(time())',
  'time()',
  'hour() + minute(load * 100)',
  'clamp(load, scalar(cores{host="b"}), 9)',
  'clamp_min(load, 3) + clamp_max(load, 4)',
  'round(load / 3, 0.5)',
  'label_replace(load, "node", "$1", "host", "(.*)")',
  'label_join(load, "all", "-", "host", "core")',
  'sgn(load) + abs(load) + sqrt(load)',
  'scalar(sum(load)) * pi()',
  'sum(count_over_time(load[3m])) or vector(0)',
]

const range: StepRange = { start: 2 * minute, end: 45 * minute, stepMs: 47_000 }

async function linesByStep(text: string, steps: StepRange, options: EvaluationOptions): Promise<string[][]> {
  const parsed = parsePromql(text)
  const data = new Map<VectorSelector, SelectedSeries[]>()
  for (const { selector, matchers, from, to } of fetchesOf(parsed.expr, steps, options)) {
    data.set(selector, await world.select(matchers, { from, to }))
  }
  const { series } = resultOf(rangeOf(parsed, data, steps, options))
  const count = Math.floor((steps.end - steps.start) / steps.stepMs) + 1
  return Array.from({ length: count }, (_, step) =>
    series
      .flatMap(({ labels, values, present }) =>
        present[step] === 1 ? [`${showLabels(labels)} ${(values[step] ?? 0).toPrecision(12)}`] : [],
      )
      .sort(),
  )
}

/** An instant query's own range is its instant: the ends are written out. */
function atOnce(text: string): string {
  return text.replaceAll('start()', String(range.start / 1000)).replaceAll('end()', String(range.end / 1000))
}

describe.each([
  ['left-open ranges', {}],
  ['closed ranges', { closedRanges: true }],
])('a range query with %s', (_what, options: EvaluationOptions) => {
  it.each(expressions)('gives at each step what an instant query gives there: %s', async (text) => {
    const byStep = await linesByStep(text, range, options)
    for (const [step, lines] of byStep.entries()) {
      const at = range.start + step * range.stepMs
      const instant = await linesOf(atOnce(text), world, at, options, (value) => value.toPrecision(12))
      expect({ at, lines }).toEqual({ at, lines: instant })
    }
  })
})

it('gives at each step what instant queries give there, for whatever is asked', () => {
  const series = samples()
  const steps: StepRange = { start: startAt + 5 * minute, end: startAt + 25 * minute, stepMs: 97_000 }
  for (const text of generated(300, 7)) {
    const byStep = new Map<number, Map<string, number>>()
    for (const [labels, values] of answerOf(text, steps, series)) {
      for (const [at, value] of values) byStep.set(at, (byStep.get(at) ?? new Map()).set(labels, value))
    }
    for (let at = steps.start; at <= steps.end; at += steps.stepMs) {
      const there = new Map([...(byStep.get(at) ?? [])].map(([labels, value]) => [labels, new Map([[at, value]])]))
      expect({ text, at, difference: differenceOf(there, answerOf(text, at, series)) }).toEqual({
        ...{ text, at },
        difference: null,
      })
    }
  }
})

describe('a range query', () => {
  it('picks the best at each step', async () => {
    const byStep = await linesByStep('topk(1, load{core="0"})', { start: 0, end: 20 * minute, stepMs: 10 * minute }, {})
    expect(byStep).toEqual([
      ['load{core="0", host="b"} 20.0000000000'],
      ['load{core="0", host="a"} 10.0000000000'],
      ['load{core="0", host="a"} 20.0000000000'],
    ])
  })

  it('refuses a range vector, and has no steps when it ends before it begins', async () => {
    await expect(linesByStep('load[5m]', range, {})).rejects.toThrow(
      /1:1: expected an instant vector or a number to evaluate over a range, got a range vector/,
    )
    expect(await linesByStep('load', { start: 5, end: 4, stepMs: 1 }, {})).toEqual([])
  })
})
