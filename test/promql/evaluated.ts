import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { evaluate } from '#shared/promql/evaluate.ts'
import type { EvaluationOptions } from '#shared/promql/evaluation.ts'
import { selectorsOf } from '#shared/promql/fetches.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { type Sample, showLabels } from '#shared/promql/values.ts'

/** An expression's samples over a store; a scalar as one sample without labels. */
export async function samplesOf(
  text: string,
  metrics: MetricStore,
  at: number,
  options: EvaluationOptions = {},
): Promise<Sample[]> {
  const parsed = parsePromql(text)
  const data = new Map<VectorSelector, SelectedSeries[]>()
  for (const { selector, matchers, from, to } of selectorsOf(parsed.expr, at, options)) {
    data.set(selector, await metrics.select(matchers, { from, to }))
  }
  const value = evaluate(parsed, data, at, options)
  if (value.type === 'string') throw new Error('strings have no samples')
  return value.type === 'scalar' ? [{ labels: {}, value: value.value, at }] : [...value.samples]
}

/** `name{labels} value` lines, sorted. */
export async function linesOf(
  text: string,
  metrics: MetricStore,
  at: number,
  options: EvaluationOptions = {},
  shown: (value: number) => string = String,
): Promise<string[]> {
  const samples = await samplesOf(text, metrics, at, options)
  return samples.map(({ labels, value }) => `${showLabels(labels)} ${shown(value)}`).sort()
}
