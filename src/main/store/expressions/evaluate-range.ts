/** An expression at each step of a range, its series in Prometheus's order. */
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import { evaluationOf } from '#shared/promql/evaluate.ts'
import type { Data } from '#shared/promql/evaluation.ts'
import type { Parsed } from '#shared/promql/parse.ts'
import type { Steps } from '#shared/promql/steps.ts'
import { labelKey } from '#shared/promql/values.ts'
import { type Asked, json } from './evaluate-instant.ts'
import { refuseMoreThan } from './gather.ts'
import type { EvaluatedResult, Limits, StepMatrix, When } from './messages.ts'
import { stepsJson } from './prometheus-json.ts'

export function* evaluateRange(asked: Asked, { maxPoints }: Limits): Steps<EvaluatedResult> {
  const { when, as, mostValues } = asked
  const stepCount = stepCountOf(when)
  if (stepCount > maxPoints) {
    throw new AppError(
      'invalid',
      `The range has ${stepCount} steps, more than ${maxPoints}, the limit query.maxPoints. Ask for larger steps or a shorter range.`,
    )
  }
  const series = yield* rangeOf(asked.parsed, asked.data, when)
  refuseMoreThan(mostValues, series.length * stepCount)
  series.sort((a, b) => (a.key < b.key ? -1 : 1))
  const steps: StepMatrix = {
    labels: series.map(({ labels }) => labels),
    stepCount,
    values: new Float64Array(series.length * stepCount),
    present: new Uint8Array(series.length * stepCount),
  }
  for (const [i, { values, present }] of series.entries()) {
    steps.values.set(values, i * stepCount)
    steps.present.set(present, i * stepCount)
    yield
  }
  if (as === 'columns') return { form: 'steps', steps }
  const times = Float64Array.from({ length: stepCount }, (_, i) => when.start + i * when.stepMs)
  return json(yield* stepsJson(steps, times))
}

interface StepSeries {
  readonly key: string
  readonly labels: Labels
  readonly values: Float64Array
  readonly present: Uint8Array
}

function* rangeOf(parsed: Parsed, data: Data, when: When): Steps<StepSeries[]> {
  const stepCount = stepCountOf(when)
  const found = new Map<string, StepSeries>()
  for (let step = 0; step < stepCount; step++) {
    const result = yield* evaluationOf(parsed, data, when.start + step * when.stepMs)
    if (result.type === 'string')
      throw new AppError('invalid', 'expected numbers at each step of a range, got a string')
    const samples = result.type === 'scalar' ? [{ labels: {}, value: result.value }] : result.samples
    for (const { labels, value } of samples) {
      const key = labelKey(labels)
      const series = found.get(key) ?? {
        ...{ key, labels },
        values: new Float64Array(stepCount),
        present: new Uint8Array(stepCount),
      }
      found.set(key, series)
      series.values[step] = value
      series.present[step] = 1
    }
    yield
  }
  return [...found.values()]
}

const stepCountOf = ({ start, end, stepMs }: When): number => Math.floor((end - start) / stepMs) + 1
