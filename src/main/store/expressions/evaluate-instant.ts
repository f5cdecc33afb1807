/** An expression at one instant. A range selector by itself is answered with its samples. */
import { isStaleAt, type Labels } from '#shared/domain/series.ts'
import { unwrapped } from '#shared/promql/ast.ts'
import { evaluationOf } from '#shared/promql/evaluate.ts'
import type { Data } from '#shared/promql/evaluation.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import { eachOf, type Steps } from '#shared/promql/steps.ts'
import { refuseMoreThan } from './gather.ts'
import type { EvaluatedResult, PointMatrix, When } from './messages.ts'
import { pointsJson, scalarJson, stringJson } from './prometheus-json.ts'

export interface Asked {
  readonly parsed: Parsed
  readonly data: Data
  readonly when: When
  readonly as: 'columns' | 'json'
  /** How many values the result may have. */
  readonly mostValues: number
}

export function* evaluateInstant({ parsed, data, when, as, mostValues }: Asked): Steps<EvaluatedResult> {
  const at = when.start
  const root = unwrapped(parsed.expr)
  if (root.type === 'matrix-selector') {
    const points = yield* samplesOf(data, root.selector)
    return as === 'json' ? json(yield* pointsJson('matrix', points)) : { form: 'points', points }
  }
  const result = yield* evaluationOf(parsed, data, at)
  switch (result.type) {
    case 'string':
      return as === 'json' ? json(stringJson(at, result.value)) : { form: 'text', text: result.value }
    case 'scalar':
      return as === 'json'
        ? json(scalarJson(at, result.value))
        : { form: 'points', points: pointsAt(at, [{ labels: {}, value: result.value }]) }
    case 'vector': {
      refuseMoreThan(mostValues, result.samples.length)
      const points = pointsAt(at, result.samples)
      return as === 'json' ? json(yield* pointsJson('vector', points)) : { form: 'points', points }
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

/** What was selected for the range, without stale markers. */
function* samplesOf(data: Data, selector: Parameters<Data['get']>[0]): Steps<PointMatrix> {
  const series = data.get(selector) ?? []
  const total = series.reduce((sum, { times }) => sum + times.length, 0)
  const [labels, counts]: [Labels[], number[]] = [[], []]
  const [times, values] = [new Float64Array(total), new Float64Array(total)]
  let at = 0
  yield* eachOf(series, (one) => {
    const before = at
    for (let i = 0; i < one.times.length; i++) {
      if (isStaleAt(one.values, i)) continue
      times[at] = one.times[i] ?? 0
      values[at++] = one.values[i] ?? 0
    }
    if (at === before) return
    labels.push({ __name__: one.name, ...one.labels })
    counts.push(at - before)
  })
  return { labels, counts: Uint32Array.from(counts), times: times.slice(0, at), values: values.slice(0, at) }
}
