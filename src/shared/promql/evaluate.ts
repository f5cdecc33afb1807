/**
 * The pure evaluator: an expression, the samples it asked for, and instants give values. Each node is evaluated over all
 * instants at once, so that work is shared between them; one instant is a range of one step. Semantics are those of
 * Prometheus 3. What must be fetched is said in fetches.ts.
 */
import { aggregate } from './aggregations/aggregate.ts'
import { type Expr, type FunctionCall, type Subquery, unwrapped } from './ast.ts'
import { evaluateBinary, negate } from './binary/binary.ts'
import { defaultLimits, effortWithin } from './effort.ts'
import type { Data, Evaluation, EvaluationOptions, QueryLimits, StepRange } from './evaluation.ts'
import { defaultLookbackMs, defaultSubqueryStepMs } from './fetches.ts'
import { fixedPartsOf } from './fixed.ts'
import { functions } from './functions/index.ts'
import { courseOf, type Grid, gridOf, instantGrid, subqueryGrid } from './grid.ts'
import { type Noted, notesOn } from './notes.ts'
import { labelsOf, merged, type Operand, type Ranges, type Vector, vectorBuilder, vectorOf } from './operands.ts'
import type { Parsed } from './parse.ts'
import { problemAt } from './problem.ts'
import { instantVector, selectedRanges, subqueryRanges } from './selectors.ts'
import { isFunctionName } from './signatures.ts'
import { resultOf, type Steps } from './steps.ts'
import type { RangeResult, RangeSeries, Sample, StepSeries, Value } from './values.ts'
import { eachWindow, windowsOf } from './windows.ts'

export type LimitedOptions = EvaluationOptions & { readonly limits?: QueryLimits }

/**
 * The expression's values at all steps of a range, in steps of work. Throws AppError `invalid` with a position for a range
 * vector; `unprocessable` where vectors cannot be matched or a result would hold the same labels twice; `too-large` with
 * the name of the limit.
 */
export function* rangeOf(
  parsed: Parsed,
  data: Data,
  steps: StepRange,
  options: LimitedOptions = {},
): Steps<RangeResult & Noted> {
  const evaluation = evaluationOver(parsed, data, gridOf(steps), { start: steps.start, end: steps.end }, options)
  const value = yield* completed(parsed.expr, evaluation)
  const noted = evaluation.notes.all()
  const { count } = evaluation.grid
  switch (value.type) {
    case 'matrix': {
      const message = 'expected an instant vector or a number to evaluate over a range, got a range vector'
      throw problemAt(parsed.text, parsed.expr.span.from, message)
    }
    case 'string':
      return { type: 'string', series: [], text: value.value, ...noted }
    case 'scalar':
      return {
        type: 'scalar',
        series: [{ labels: {}, values: value.values, present: new Uint8Array(count).fill(1) }],
        ...noted,
      }
    case 'vector':
      return { type: 'matrix', series: yield* stepSeriesOf(value, evaluation), ...noted }
  }
}

/** The expression's value at an instant, of whatever type. Throws as `rangeOf`. */
export function* instantOf(parsed: Parsed, data: Data, at: number, options: LimitedOptions = {}): Steps<Value & Noted> {
  const evaluation = evaluationOver(parsed, data, instantGrid(at), { start: at, end: at }, options)
  const value = yield* completed(parsed.expr, evaluation)
  const noted = evaluation.notes.all()
  switch (value.type) {
    case 'scalar':
      return { type: 'scalar', value: value.values[0] ?? Number.NaN, ...noted }
    case 'string':
      return { type: 'string', value: value.value, ...noted }
    case 'matrix':
      return { type: 'matrix', series: yield* rangeSeriesOf(value, evaluation), ...noted }
    case 'vector':
      return { type: 'vector', samples: yield* samplesOf(value, at, evaluation), ...noted }
  }
}

type Result = Exclude<Value, { type: 'matrix' }>

/** The same for those who have no use for a range, which is refused. */
export function* evaluationOf(parsed: Parsed, data: Data, at: number, options: LimitedOptions = {}): Steps<Result> {
  const value = yield* instantOf(parsed, data, at, options)
  if (value.type === 'matrix') {
    throw problemAt(parsed.text, parsed.expr.span.from, 'expected an instant vector or a number, got a range vector')
  }
  return value
}

/** The same in one go. */
export const evaluate = (...args: Parameters<typeof evaluationOf>): Result => resultOf(evaluationOf(...args))

function evaluationOver(
  { text, expr }: Parsed,
  data: Data,
  grid: Grid,
  query: Evaluation['query'],
  options: LimitedOptions,
): Evaluation {
  const effort = effortWithin(options.limits ?? defaultLimits)
  effort.hold(1, grid.count)
  for (const series of data.values()) for (const { times } of series) effort.read(times.length)
  return {
    ...{ grid, query, text, data, effort },
    fixed: text.includes('@') ? fixedPartsOf(expr) : new Set(),
    lookbackMs: options.lookbackMs ?? defaultLookbackMs,
    closedRanges: options.closedRanges ?? false,
    subqueryStepMs: options.subqueryStepMs ?? defaultSubqueryStepMs,
    delayedNames: options.delayedNames ?? false,
    notes: notesOn(text),
  }
}

/** The value as it leaves the evaluator: without the names that were on their way out. */
function* completed(expr: Expr, evaluation: Evaluation): Steps<Operand> {
  const value = yield* evaluated(expr, evaluation)
  if (value.type !== 'vector' || !value.rows.some(({ isNameLeaving }) => isNameLeaving)) return value
  const rows = value.rows.map((row) =>
    row.isNameLeaving ? { name: '', labels: row.labels, isNameLeaving: false } : row,
  )
  return yield* merged({ ...value, rows }, expr.span, evaluation)
}

function* evaluated(expr: Expr, evaluation: Evaluation): Steps<Operand> {
  const { grid } = evaluation
  if (grid.count > 1 && evaluation.fixed.has(expr) && expr.type !== 'matrix-selector' && expr.type !== 'subquery') {
    const once = yield* evaluated(expr, { ...evaluation, grid: instantGrid(grid.start) })
    return yield* repeated(once, evaluation)
  }
  switch (expr.type) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(grid.count).fill(expr.value) }
    case 'string':
      return { type: 'string', value: expr.value }
    case 'paren':
      return yield* evaluated(expr.inner, evaluation)
    case 'vector-selector':
      return yield* instantVector(expr, evaluation)
    case 'matrix-selector':
      return yield* selectedRanges(expr, evaluation)
    case 'subquery':
      return yield* subqueried(expr, evaluation)
    case 'unary': {
      const operand = yield* evaluated(expr.operand, evaluation)
      return expr.op === '-' ? yield* negate(operand, expr, evaluation) : operand
    }
    case 'binary': {
      const left = yield* evaluated(expr.left, evaluation)
      const right = yield* evaluated(expr.right, evaluation)
      return yield* evaluateBinary(expr, left, right, evaluation)
    }
    case 'aggregation': {
      const parameter = expr.parameter ? yield* evaluated(expr.parameter, evaluation) : null
      const operand = vectorOf(yield* evaluated(expr.operand, evaluation))
      return yield* aggregate(expr, operand, parameter, evaluation)
    }
    case 'call':
      return yield* called(expr, evaluation)
  }
}

function* called(expr: FunctionCall, evaluation: Evaluation): Steps<Operand> {
  if (!isFunctionName(expr.name)) throw new Error(`${expr.name} was parsed as a function`)
  const args: Operand[] = []
  for (const arg of expr.args) {
    const inner = unwrapped(arg)
    // Only a selector's samples have instants of their own.
    const isDated = expr.name === 'timestamp' && inner.type === 'vector-selector'
    args.push(isDated ? yield* instantVector(inner, evaluation, 'instant') : yield* evaluated(arg, evaluation))
  }
  const answer = functions[expr.name](args, expr, evaluation)
  return 'type' in answer ? answer : yield* answer
}

function* subqueried(expr: Subquery, evaluation: Evaluation): Steps<Ranges> {
  const { grid, query, closedRanges } = evaluation
  const stepMs = expr.stepMs ?? evaluation.subqueryStepMs
  const innerGrid = subqueryGrid(courseOf(expr, grid, query), grid.count, {
    rangeMs: expr.rangeMs,
    stepMs,
    closedRanges,
  })
  const innerEvaluation = { ...evaluation, grid: innerGrid }
  evaluation.effort.hold(1, innerGrid.count)
  const inner = vectorOf(yield* evaluated(expr.inner, innerEvaluation))
  return yield* subqueryRanges(expr, inner, innerEvaluation, evaluation)
}

/** What was evaluated at one step, at all. */
function* repeated(once: Operand, evaluation: Evaluation): Steps<Operand> {
  const { count } = evaluation.grid
  if (once.type === 'scalar') {
    return { type: 'scalar', values: new Float64Array(count).fill(once.values[0] ?? Number.NaN) }
  }
  if (once.type !== 'vector') return once
  const builder = vectorBuilder(once.rows.length, evaluation)
  for (const [row, identity] of once.rows.entries()) {
    if (once.present[row] !== 1) continue
    const base = builder.add(identity)
    builder.values.fill(once.values[row] ?? Number.NaN, base, base + count)
    builder.present.fill(1, base, base + count)
    if (evaluation.effort.spend(count)) yield
  }
  return builder.build()
}

function* stepSeriesOf(vector: Vector, { grid: { count }, effort }: Evaluation): Steps<StepSeries[]> {
  const series: StepSeries[] = []
  for (const [row, identity] of vector.rows.entries()) {
    const base = row * count
    const present = vector.present.slice(base, base + count)
    if (present.includes(1)) {
      series.push({ labels: labelsOf(identity), values: vector.values.slice(base, base + count), present })
    }
    if (effort.spend(count)) yield
  }
  return series
}

function* samplesOf(vector: Vector, at: number, { effort }: Evaluation): Steps<Sample[]> {
  const samples: Sample[] = []
  for (const [row, identity] of vector.rows.entries()) {
    if (vector.present[row] !== 1) continue
    samples.push({ labels: labelsOf(identity), value: vector.values[row] ?? Number.NaN, at })
    if (effort.spend(10)) yield
  }
  return samples
}

function* rangeSeriesOf(ranges: Ranges, evaluation: Evaluation): Steps<RangeSeries[]> {
  const series: RangeSeries[] = []
  for (const [row, identity] of ranges.rows.entries()) {
    const samples = ranges.samples[row]
    if (!samples) continue
    eachWindow(samples.times, windowsOf(ranges, evaluation), (_step, from, to) => {
      const [times, values] = [samples.times.slice(from, to), samples.values.slice(from, to)]
      series.push({ labels: labelsOf(identity), times, values })
    })
    if (evaluation.effort.spend(samples.times.length)) yield
  }
  return series
}
