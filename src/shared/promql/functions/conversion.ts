/** Time, and changes of form: scalar to vector and back, presence, instants. */
import type { Matcher } from '../../domain/series.ts'
import { type Expr, unwrapped } from '../ast.ts'
import { eachOf } from '../steps.ts'
import { refuseDoubles } from '../unique.ts'
import { type Sample, withoutName } from '../values.ts'
import { matrixOf, type PromqlFunction, scalarOf, vectorOf } from './function.ts'

export const conversionFunctions: Readonly<Record<string, PromqlFunction>> = {
  time: { args: [], returns: 'scalar', call: (_args, _expr, { at }) => ({ type: 'scalar', value: at / 1000 }) },
  scalar: {
    args: ['vector'],
    returns: 'scalar',
    call(args) {
      const { samples } = vectorOf(args[0])
      return { type: 'scalar', value: samples.length === 1 ? (samples[0]?.value ?? Number.NaN) : Number.NaN }
    },
  },
  vector: {
    args: ['scalar'],
    returns: 'vector',
    call: (args, _expr, { at }) => ({ type: 'vector', samples: [{ labels: {}, value: scalarOf(args[0]), at }] }),
  },
  timestamp: {
    args: ['vector'],
    returns: 'vector',
    *call(args, expr, evaluation) {
      const samples: Sample[] = []
      yield* eachOf(vectorOf(args[0]).samples, ({ labels, at }) => {
        samples.push({ labels: withoutName(labels), value: at / 1000, at: evaluation.at })
      })
      return yield* refuseDoubles({ type: 'vector', samples }, expr.span, evaluation)
    },
  },
  absent: {
    args: ['vector'],
    returns: 'vector',
    call: (args, expr, { at }) => absence(vectorOf(args[0]).samples.length, expr.args[0], at),
  },
  absent_over_time: {
    args: ['matrix'],
    returns: 'vector',
    call: (args, expr, { at }) => absence(matrixOf(args[0]).series.length, expr.args[0], at),
  },
}

function absence(present: number, arg: Expr | undefined, at: number) {
  const samples = present > 0 ? [] : [{ labels: labelsOfAbsent(arg), value: 1, at }]
  return { type: 'vector' as const, samples }
}

/** What is certain of a series that is not there: the labels a selector asks for by equality, each asked for once. */
function labelsOfAbsent(arg: Expr | undefined): Record<string, string> {
  const selector = arg ? unwrapped(arg) : undefined
  const matchers: readonly Matcher[] =
    selector?.type === 'vector-selector'
      ? selector.matchers
      : selector?.type === 'matrix-selector'
        ? selector.selector.matchers
        : []
  const once = matchers.filter(
    ({ label, op, value }) =>
      label !== '__name__' &&
      op === '=' &&
      value !== '' &&
      matchers.filter((other) => other.label === label).length === 1,
  )
  return Object.fromEntries(once.map(({ label, value }) => [label, value]))
}
