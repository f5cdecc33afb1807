/** What a PromQL function is to the evaluator, and the forms that most of them have. Signatures are in signatures.ts. */
import type { Samples } from '../../domain/series.ts'
import type { FunctionCall } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import {
  type Identity,
  merged,
  nameless,
  namesDiffer,
  type Operand,
  rangesOf,
  refusingDoubles,
  scalarOf,
  type Vector,
  vectorBuilder,
  vectorOf,
} from '../operands.ts'
import type { Steps } from '../steps.ts'
import { type Windows, type WindowVisitor, windowsOf } from '../windows.ts'

/** In steps where it works on many samples. Types and number of arguments are checked when the expression is parsed. */
export type PromqlFunction = (
  args: readonly Operand[],
  call: FunctionCall,
  evaluation: Evaluation,
) => Operand | Steps<Operand>

/** A function of each sample's value, with scalars behind it. */
export function perSample(compute: (value: number, ...parameters: number[]) => number): PromqlFunction {
  return function* (args, call, evaluation) {
    const vector = vectorOf(args[0])
    const [first, second] = args.slice(1).map(scalarOf)
    const { count } = evaluation.grid
    const values = new Float64Array(vector.values.length)
    for (let row = 0; row < vector.rows.length; row++) {
      const base = row * count
      for (let step = 0; step < count; step++) {
        if (vector.present[base + step] !== 1) continue
        const value = vector.values[base + step] ?? Number.NaN
        values[base + step] =
          first === undefined
            ? compute(value)
            : second === undefined
              ? compute(value, first[step] ?? Number.NaN)
              : compute(value, first[step] ?? Number.NaN, second[step] ?? Number.NaN)
      }
      if (evaluation.effort.spend(count)) yield
    }
    return yield* renamed({ ...vector, values }, call, evaluation)
  }
}

/** The vector without its names, for the values mean something else now. */
export function* renamed(vector: Vector, call: Pick<FunctionCall, 'span'>, evaluation: Evaluation): Steps<Vector> {
  const rows = vector.rows.map((row) => nameless(row, evaluation))
  const unnamed = { ...vector, rows }
  return mayCollide(vector.rows, evaluation) ? yield* merged(unnamed, call.span, evaluation) : unnamed
}

/** Names that are only leaving still tell series apart. */
const mayCollide = (rows: readonly Identity[], { delayedNames }: Evaluation) => !delayedNames && namesDiffer(rows)

/** Where a window function puts its results: the row begins at `base`. */
export interface Target {
  readonly values: Float64Array
  readonly present: Uint8Array
  readonly base: number
}

export interface WindowContext {
  readonly windows: Windows
  readonly evaluation: Evaluation
  /** The scalar arguments, by step. */
  readonly parameters: readonly Float64Array[]
}

/**
 * A function of each window of each series. `over` is called once for a query and returns what is called once for a
 * series, which returns what is called for each window. A window it sets no value for has none.
 */
export function overWindows(
  over: (context: WindowContext) => (samples: Samples, target: Target) => WindowVisitor,
  options: { keepsName?: boolean; costs?: 'window' | 'sample' } = {},
): PromqlFunction {
  return function* (args, call, evaluation) {
    const ranges = rangesOf(args.find(({ type }) => type === 'matrix'))
    const parameters = args.filter(({ type }) => type === 'scalar').map(scalarOf)
    const windows = windowsOf(ranges, evaluation)
    const ofSeries = over({ windows, evaluation, parameters })
    const builder = vectorBuilder(ranges.rows.length, evaluation)
    for (const [row, identity] of ranges.rows.entries()) {
      const samples = ranges.samples[row]
      if (!samples) continue
      const base = builder.add(options.keepsName ? identity : nameless(identity, evaluation))
      const target = { values: builder.values, present: builder.present, base }
      yield* visited(samples.times, windows, ofSeries(samples, target), evaluation, options.costs === 'window')
      if (!builder.present.subarray(base, base + windows.count).includes(1)) builder.removeLast()
    }
    const vector = builder.build()
    const doublesArePossible = !options.keepsName && mayCollide(ranges.rows, evaluation)
    return doublesArePossible ? yield* refusingDoubles(vector, call.span, evaluation) : vector
  }
}

/** As eachWindow, in steps. `isRead`: the function reads each window anew, and the samples count as often as read. */
function* visited(
  times: Float64Array,
  { count, firstEnd, advanceMs, rangeMs, isClosed }: Windows,
  visit: WindowVisitor,
  { effort }: Evaluation,
  isRead: boolean,
): Steps<void> {
  const { length } = times
  let from = 0
  let to = 0
  for (let step = 0; step < count; step++) {
    const end = firstEnd + step * advanceMs
    const beginning = end - rangeMs
    while (to < length && (times[to] ?? 0) <= end) to++
    while (from < to && ((times[from] ?? 0) < beginning || (!isClosed && times[from] === beginning))) from++
    if (from === to) continue
    visit(step, from, to, end)
    if (!isRead) continue
    effort.read(to - from)
    if (effort.spend(4 * (to - from))) yield
  }
  if (effort.spend(2 * (length + count))) yield
}

/** A function that reads every window anew: null leaves the series out at that step. */
export function perWindow(
  compute: (samples: Samples, from: number, to: number, parameter: number, second: number, at: number) => number | null,
  options: { keepsName?: boolean } = {},
): PromqlFunction {
  return overWindows(
    ({ parameters: [first, second], evaluation: { grid } }) =>
      (samples, { values, present, base }) =>
      (step, from, to) => {
        const at = grid.start + step * grid.stepMs
        const value = compute(samples, from, to, first?.[step] ?? Number.NaN, second?.[step] ?? Number.NaN, at)
        if (value === null) return
        values[base + step] = value
        present[base + step] = 1
      },
    { ...options, costs: 'window' },
  )
}
