/** What a PromQL function is to the type checker and to the evaluator. */
import type { FunctionCall, ValueType } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { eachOf, type Steps } from '../steps.ts'
import { refuseDoubles } from '../unique.ts'
import {
  type Matrix,
  type RangeSeries,
  type RangeWindow,
  type Sample,
  type Value,
  type Vector,
  withoutName,
} from '../values.ts'

export interface PromqlFunction {
  readonly args: readonly ValueType[]
  readonly returns: ValueType
  /** In steps where it works on many samples. */
  call(args: readonly Value[], expr: FunctionCall, evaluation: Evaluation): Value | Steps<Value>
}

/** A function of each range: null leaves the series out. The result loses its names unless `keepsName`. */
export function overRange(
  compute: (series: RangeSeries, window: RangeWindow, parameter: number, at: number) => number | null,
  options: { keepsName?: boolean; parameter?: boolean } = {},
): PromqlFunction {
  return {
    args: options.parameter ? ['matrix', 'scalar'] : ['matrix'],
    returns: 'vector',
    *call(args, expr, evaluation) {
      const { series: all, window } = matrixOf(args[0])
      const parameter = options.parameter ? scalarOf(args[1]) : Number.NaN
      const samples: Sample[] = []
      yield* eachOf(all, (series) => {
        const value = compute(series, window, parameter, evaluation.at)
        const labels = options.keepsName ? series.labels : withoutName(series.labels)
        if (value !== null) samples.push({ labels, value, at: evaluation.at })
      })
      return yield* refuseDoubles({ type: 'vector', samples }, expr.span, evaluation)
    },
  }
}

/** A function of each sample, with up to `parameters` scalars. */
export function perSample(compute: (value: number, ...parameters: number[]) => number, parameters = 0): PromqlFunction {
  return {
    args: ['vector', ...Array.from({ length: parameters }, () => 'scalar' as const)],
    returns: 'vector',
    *call(args, expr, evaluation) {
      const scalars = args.slice(1).map(scalarOf)
      const samples: Sample[] = []
      yield* eachOf(vectorOf(args[0]).samples, ({ labels, value }) => {
        samples.push({ labels: withoutName(labels), value: compute(value, ...scalars), at: evaluation.at })
      })
      return yield* refuseDoubles({ type: 'vector', samples }, expr.span, evaluation)
    },
  }
}

// The types of arguments are checked before evaluation; these narrow, and a miss is a bug.
export function vectorOf(value: Value | undefined): Vector {
  if (value?.type !== 'vector') throw new Error(`expected a vector, got ${value?.type}`)
  return value
}

export function matrixOf(value: Value | undefined): Matrix {
  if (value?.type !== 'matrix') throw new Error(`expected a range, got ${value?.type}`)
  return value
}

export function scalarOf(value: Value | undefined): number {
  if (value?.type !== 'scalar') throw new Error(`expected a scalar, got ${value?.type}`)
  return value.value
}
