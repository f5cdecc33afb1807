/**
 * The pure evaluator: an expression, the samples it asked for, and an instant give a value. Prometheus 3's semantics:
 * ranges and the lookback are left-open. What must be fetched is said by `selectorsOf`, so that gathering (which may
 * wait) and computing (which may not) stay apart.
 */
import { isStaleAt, type Labels, type Matcher, type SelectedSeries } from '../domain/series.ts'
import { aggregate } from './aggregations.ts'
import type { Expr, FunctionCall, MatrixSelector, VectorSelector } from './ast.ts'
import { evaluateBinary, negate } from './binary.ts'
import type { Data, Evaluation, EvaluationOptions } from './evaluation.ts'
import { functions } from './functions/index.ts'
import type { Parsed } from './parse.ts'
import { problemAt } from './problem.ts'
import { eachOf, resultOf, type Steps } from './steps.ts'
import type { RangeSeries, Sample, Value, Vector } from './values.ts'

/** A selector looks back this far for the newest sample. Prometheus's default. */
const defaultLookbackMs = 300_000

/** What a selector needs: all samples of the matching series in `[from, to)`. */
export interface Fetch {
  readonly selector: VectorSelector
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly to: number
  /** Whether the newest sample of each series suffices. */
  readonly newestOnly: boolean
}

/** Everything to fetch before `expr` can be evaluated at `at`, one entry for each selector node. */
export function selectorsOf(expr: Expr, at: number, options: EvaluationOptions = {}): Fetch[] {
  const closed = options.closedRanges ? 0 : 1
  return selectorsIn(expr).map(({ selector, rangeMs }) => {
    const to = at - selector.offsetMs
    return {
      selector,
      matchers: selector.matchers,
      from: to - (rangeMs ?? options.lookbackMs ?? defaultLookbackMs) + closed,
      to: to + 1,
      newestOnly: rangeMs === null,
    }
  })
}

type Result = Exclude<Value, { type: 'matrix' }>

/**
 * The expression's value at an instant, in steps. A matrix is no result of its own and is refused. Throws AppError `invalid`, with
 * the position, where vectors cannot be matched or a result would hold the same labels twice.
 */
export function* evaluationOf(parsed: Parsed, data: Data, at: number, options: EvaluationOptions = {}): Steps<Result> {
  const evaluation: Evaluation = {
    at,
    text: parsed.text,
    data,
    lookbackMs: options.lookbackMs ?? defaultLookbackMs,
    closedRanges: options.closedRanges ?? false,
  }
  const value = yield* evaluated(parsed.expr, evaluation)
  if (value.type === 'matrix') throw problemAt(parsed.text, 0, 'expected an instant vector or a scalar, got a range')
  return value
}

/** The same in one go. */
export const evaluate = (...args: Parameters<typeof evaluationOf>): Result => resultOf(evaluationOf(...args))

/** Every selector with its range, in the order of the text; `rangeMs` null for instant selectors. */
export function selectorsIn(expr: Expr): { selector: VectorSelector; rangeMs: number | null }[] {
  switch (expr.type) {
    case 'vector-selector':
      return [{ selector: expr, rangeMs: null }]
    case 'matrix-selector':
      return [{ selector: expr.selector, rangeMs: expr.rangeMs }]
    case 'paren':
    case 'subquery':
      return selectorsIn(expr.inner)
    case 'unary':
      return selectorsIn(expr.operand)
    case 'binary':
      return [...selectorsIn(expr.left), ...selectorsIn(expr.right)]
    case 'call':
      return expr.args.flatMap(selectorsIn)
    case 'aggregation':
      return [...(expr.parameter ? selectorsIn(expr.parameter) : []), ...selectorsIn(expr.operand)]
    case 'number':
    case 'string':
      return []
  }
}

function* evaluated(expr: Expr, evaluation: Evaluation): Steps<Value> {
  switch (expr.type) {
    case 'number':
      return { type: 'scalar', value: expr.value }
    case 'string':
      return { type: 'string', value: expr.value }
    case 'paren':
      return yield* evaluated(expr.inner, evaluation)
    case 'vector-selector':
      return yield* instantVector(expr, evaluation)
    case 'matrix-selector':
      return yield* rangeVector(expr, evaluation)
    case 'subquery':
      throw problemAt(evaluation.text, expr.span.from, 'subqueries such as x[5m:1m] are not evaluated yet')
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
      const operand = yield* evaluated(expr.operand, evaluation)
      const parameter = expr.parameter ? yield* evaluated(expr.parameter, evaluation) : null
      return yield* aggregate(expr, operand, parameter, evaluation)
    }
    case 'call':
      return yield* called(expr, evaluation)
  }
}

function* called(expr: FunctionCall, evaluation: Evaluation): Steps<Value> {
  const known = Object.hasOwn(functions, expr.name) ? functions[expr.name] : undefined
  if (!known) throw problemAt(evaluation.text, expr.span.from, `the function ${expr.name} is not supported yet`)
  const args: Value[] = []
  for (const arg of expr.args) args.push(yield* evaluated(arg, evaluation))
  const answer = known.call(args, expr, evaluation)
  return 'type' in answer ? answer : yield* answer
}

/** The newest sample of each series within the lookback, unless a stale marker came last. */
function* instantVector(selector: VectorSelector, evaluation: Evaluation): Steps<Vector> {
  const to = evaluation.at - selector.offsetMs
  const from = to - evaluation.lookbackMs
  const samples: Sample[] = []
  yield* eachOf(seriesOf(selector, evaluation), (series) => {
    let index = series.times.length - 1
    while (index >= 0 && (series.times[index] ?? 0) > to) index--
    const at = series.times[index]
    if (at === undefined || at < from || (at === from && !evaluation.closedRanges)) return
    if (isStaleAt(series.values, index)) return
    samples.push({ labels: namedLabels(series), value: series.values[index] ?? Number.NaN, at })
  })
  return { type: 'vector', samples }
}

function* rangeVector(expr: MatrixSelector, evaluation: Evaluation): Steps<Value> {
  const to = evaluation.at - expr.selector.offsetMs
  const window = { from: to - expr.rangeMs, to }
  const inside: RangeSeries[] = []
  yield* eachOf(seriesOf(expr.selector, evaluation), (series) => {
    const cut = within(series, window.from + (evaluation.closedRanges ? 0 : 1), to + 1)
    if (cut.times.length > 0) inside.push(cut)
  })
  return { type: 'matrix', series: inside, window }
}

/** Samples in `[from, to)` without stale markers. */
function within(series: SelectedSeries, from: number, to: number): RangeSeries {
  let start = 0
  while (start < series.times.length && (series.times[start] ?? 0) < from) start++
  let end = series.times.length
  while (end > start && (series.times[end - 1] ?? 0) >= to) end--
  const labels = namedLabels(series)
  const times = series.times.subarray(start, end)
  const values = series.values.subarray(start, end)
  if (!values.some((value, index) => Number.isNaN(value) && isStaleAt(values, index))) return { labels, times, values }
  const kept = [...values.keys()].filter((index) => !isStaleAt(values, index))
  return {
    labels,
    times: Float64Array.from(kept, (index) => times[index] ?? 0),
    values: Float64Array.from(kept, (index) => values[index] ?? 0),
  }
}

function seriesOf(selector: VectorSelector, evaluation: Evaluation): readonly SelectedSeries[] {
  if (selector.at !== null) throw problemAt(evaluation.text, selector.span.from, '@ is not evaluated yet')
  const series = evaluation.data.get(selector)
  // A missing answer is a mistake of the caller; an empty vector would hide it as "no data".
  if (!series) throw new Error(`no data was gathered for the selector at ${selector.span.from}`)
  return series
}

const namedLabels = (series: SelectedSeries): Labels => ({ __name__: series.name, ...series.labels })
