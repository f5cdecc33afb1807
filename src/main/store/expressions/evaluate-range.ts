/** An expression at each step of a range, its series in Prometheus's order. */
import { AppError } from '#shared/contract/errors.ts'
import { rangeOf } from '#shared/promql/evaluate.ts'
import type { Noted } from '#shared/promql/notes.ts'
import type { Steps } from '#shared/promql/steps.ts'
import { labelKey } from '#shared/promql/values.ts'
import { type Asked, json } from './evaluate-instant.ts'
import type { EvaluatedResult, StepMatrix } from './messages.ts'
import { stepsJson } from './prometheus-json.ts'

export function* evaluateRange(asked: Asked): Steps<Noted & { readonly result: EvaluatedResult }> {
  const { parsed, data, when, as, options } = asked
  const answer = yield* rangeOf(parsed, data, when, options)
  const { warnings, infos } = answer
  if (answer.type === 'string') throw new AppError('invalid', '1:1: expected numbers over a range, got a string')
  const keyed = answer.series.map((series) => ({ ...series, key: labelKey(series.labels) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
  const stepCount = Math.floor((when.end - when.start) / when.stepMs) + 1
  const steps: StepMatrix = {
    labels: keyed.map(({ labels }) => labels),
    stepCount,
    values: new Float64Array(keyed.length * stepCount),
    present: new Uint8Array(keyed.length * stepCount),
  }
  for (const [i, { values, present }] of keyed.entries()) {
    steps.values.set(values, i * stepCount)
    steps.present.set(present, i * stepCount)
    yield
  }
  if (as === 'columns') return { result: { form: 'steps', steps }, warnings, infos }
  const times = Float64Array.from({ length: stepCount }, (_, i) => when.start + i * when.stepMs)
  return { result: json(yield* stepsJson(steps, times)), warnings, infos }
}
