/** Time, and changes of form: scalar to vector and back, presence, instants, bounds that may be empty. */
import type { Matcher } from '../../domain/series.ts'
import { type Expr, unwrapped } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { emptyVector, type Identity, rangesOf, scalarOf, unlabelled, type Vector, vectorOf } from '../operands.ts'
import type { FunctionName } from '../signatures.ts'
import { eachWindow, windowsOf } from '../windows.ts'
import { type PromqlFunction, perSample, renamed } from './function.ts'

export const conversionFunctions = {
  time: (_args, _call, { grid }) => ({ type: 'scalar', values: secondsOf(grid) }),
  pi: (_args, _call, { grid }) => ({ type: 'scalar', values: new Float64Array(grid.count).fill(Math.PI) }),
  scalar: (args, _call, evaluation) => ({ type: 'scalar', values: onlyValues(vectorOf(args[0]), evaluation) }),
  vector: (args, _call, { grid }) => unlabelled(scalarOf(args[0]), new Uint8Array(grid.count).fill(1)),
  *timestamp(args, call, evaluation) {
    const vector = vectorOf(args[0])
    const arg = call.args[0] && unwrapped(call.args[0])
    // The evaluator gives a selector's instants; what is computed is of the instant of evaluation.
    if (arg?.type === 'vector-selector') return yield* renamed(vector, call, evaluation)
    const seconds = secondsOf(evaluation.grid)
    const values = vector.values.map((_, index) => seconds[index % seconds.length] ?? Number.NaN)
    return yield* renamed({ ...vector, values }, call, evaluation)
  },
  clamp: (args, call, evaluation) => {
    const vector = vectorOf(args[0])
    const [least, most] = [scalarOf(args[1]), scalarOf(args[2])]
    const { count } = evaluation.grid
    const isEmpty = least.map((value, step) => ((most[step] ?? Number.NaN) < value ? 1 : 0))
    const present = isEmpty.includes(1)
      ? vector.present.map((one, index) => (isEmpty[index % count] === 1 ? 0 : one))
      : vector.present
    return clamped([{ ...vector, present }, ...args.slice(1)], call, evaluation)
  },
  absent: (args, call, evaluation) => {
    const vector = vectorOf(args[0])
    const { count } = evaluation.grid
    const isThere = new Uint8Array(count)
    vector.present.forEach((one, index) => {
      if (one === 1) isThere[index % count] = 1
    })
    return absence(isThere, call.args[0])
  },
  absent_over_time: (args, call, evaluation) => {
    const ranges = rangesOf(args[0])
    const isThere = new Uint8Array(evaluation.grid.count)
    for (const { times } of ranges.samples) {
      eachWindow(times, windowsOf(ranges, evaluation), (step) => {
        isThere[step] = 1
      })
    }
    return absence(isThere, call.args[0])
  },
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

const clamped = perSample((value, least = Number.NaN, most = Number.NaN) => Math.max(least, Math.min(most, value)))

const secondsOf = ({ start, stepMs, count }: Evaluation['grid']) =>
  Float64Array.from({ length: count }, (_, step) => (start + step * stepMs) / 1000)

/** The value where there is exactly one sample, NaN elsewhere. */
function onlyValues(vector: Vector, { grid: { count } }: Evaluation): Float64Array {
  const values = new Float64Array(count).fill(Number.NaN)
  const found = new Float64Array(count)
  vector.present.forEach((one, index) => {
    if (one !== 1) return
    const step = index % count
    found[step] = (found[step] ?? 0) + 1
    values[step] = found[step] === 1 ? (vector.values[index] ?? Number.NaN) : Number.NaN
  })
  return values
}

function absence(isThere: Uint8Array, arg: Expr | undefined): Vector {
  if (!isThere.includes(0)) return emptyVector
  const row: Identity = { name: '', labels: labelsOfAbsent(arg), isNameLeaving: false }
  const present = isThere.map((one) => 1 - one)
  return { type: 'vector', rows: [row], values: new Float64Array(isThere.length).fill(1), present }
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
