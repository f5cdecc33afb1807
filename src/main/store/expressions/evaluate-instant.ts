/** An expression at one instant. */
import type { Labels } from '#shared/domain/series.ts'
import { instantOf, type LimitedOptions } from '#shared/promql/evaluate.ts'
import type { Data } from '#shared/promql/evaluation.ts'
import type { Noted } from '#shared/promql/notes.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import type { Steps } from '#shared/promql/steps.ts'
import type { RangeSeries } from '#shared/promql/values.ts'
import type { EvaluatedResult, PointMatrix, When } from './messages.ts'
import { pointsJson, scalarJson, stringJson } from './prometheus-json.ts'

export interface Asked {
  readonly parsed: Parsed
  readonly data: Data
  readonly when: When
  readonly as: 'columns' | 'json'
  readonly options: LimitedOptions
}

export function* evaluateInstant(asked: Asked): Steps<Noted & { readonly result: EvaluatedResult }> {
  const { parsed, data, when, as, options } = asked
  const at = when.start
  const value = yield* instantOf(parsed, data, at, options)
  const { warnings, infos } = value
  const isJson = as === 'json'
  switch (value.type) {
    case 'string': {
      const result: EvaluatedResult = isJson ? json(stringJson(at, value.value)) : { form: 'text', text: value.value }
      return { result, warnings, infos }
    }
    case 'scalar': {
      const points = pointsAt(at, [{ labels: {}, value: value.value }])
      const result: EvaluatedResult = isJson ? json(scalarJson(at, value.value)) : { form: 'points', points }
      return { result, warnings, infos }
    }
    case 'vector': {
      const points = pointsAt(at, value.samples)
      const result = isJson ? json(yield* pointsJson('vector', points)) : ({ form: 'points', points } as const)
      return { result, warnings, infos }
    }
    case 'matrix': {
      const points = yield* pointsOf(value.series)
      const result = isJson ? json(yield* pointsJson('matrix', points)) : ({ form: 'points', points } as const)
      return { result, warnings, infos }
    }
  }
}

export const json = (chunks: readonly Uint8Array[]): EvaluatedResult => ({ form: 'json', chunks })

function pointsAt(at: number, samples: readonly { readonly labels: Labels; readonly value: number }[]): PointMatrix {
  return {
    labels: samples.map(({ labels }) => labels),
    counts: new Uint32Array(samples.length).fill(1),
    times: new Float64Array(samples.length).fill(at),
    values: Float64Array.from(samples, ({ value }) => value),
  }
}

function* pointsOf(series: readonly RangeSeries[]): Steps<PointMatrix> {
  const total = series.reduce((sum, { times }) => sum + times.length, 0)
  const [times, values] = [new Float64Array(total), new Float64Array(total)]
  let at = 0
  for (const one of series) {
    times.set(one.times, at)
    values.set(one.values, at)
    at += one.times.length
    yield
  }
  return {
    labels: series.map(({ labels }) => labels),
    counts: Uint32Array.from(series, (one) => one.times.length),
    times,
    values,
  }
}
