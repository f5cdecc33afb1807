/**
 * Draws what a rule looks at: turns its expression into metric questions, and their answers into one line per alert with
 * the threshold beside it. It computes point by point what a chart can show truly (arithmetic, aggregation, rates) and
 * says null for the rest, rather than drawing something that looks like the rule and is not.
 */

import type { MetricQuery } from '#shared/contract/metrics.ts'
import type { Labels } from '#shared/domain/series.ts'
import {
  type ComparisonOperator,
  type Expr,
  isArithmetic,
  isComparison,
  type Moment,
  unwrapped,
} from '#shared/promql/ast.ts'
import type { Unit } from '../../format/unit.ts'
import { type ArithmeticSign, calculate, isSign } from './plot-arithmetic.ts'

export type PlotQuery = Pick<MetricQuery, 'metric' | 'matchers' | 'reduce'>

export type Aggregate = 'sum' | 'avg' | 'min' | 'max' | 'count'

export type Plot =
  | { readonly type: 'number'; readonly value: number }
  /** The instant itself, in seconds since 1970. */
  | { readonly type: 'time' }
  /** The series of query number `query` that fit the alert's labels, made one by `aggregate`; null: there must be one. */
  | { readonly type: 'series'; readonly query: number; readonly aggregate: Aggregate | null }
  | { readonly type: 'arithmetic'; readonly sign: ArithmeticSign; readonly left: Plot; readonly right: Plot }

export interface ExpressionPlot {
  readonly queries: readonly PlotQuery[]
  readonly plot: Plot
  readonly unit: Unit
  /** What the line is compared with; null when the rule compares with something that moves, or the line is its input. */
  readonly threshold: { readonly op: ComparisonOperator; readonly value: number } | null
  /** False: the line is the metric the rule reads, not the rule's own value. */
  readonly isExact: boolean
}

/** The labels whose series are many: asked for by value instead of sorted out here. */
const selectiveLabels = ['check']

/** Null when the expression has nothing to draw a line from. */
export function plotOf(expr: Expr, alertLabels: Labels): ExpressionPlot | null {
  const { subject, threshold } = comparisonOf(expr)
  const exact = build(subject, alertLabels)
  if (exact && exact.queries.length > 0)
    return { queries: exact.queries, plot: exact.plot, unit: exact.unit, threshold, isExact: true }
  const input = firstSelector(subject)
  const plain = input && build(input, alertLabels)
  if (!plain) return null
  return { queries: plain.queries, plot: plain.plot, unit: plain.unit, threshold: null, isExact: false }
}

function comparisonOf(expr: Expr): { subject: Expr; threshold: ExpressionPlot['threshold'] } {
  const node = unwrapped(expr)
  if (node.type !== 'binary') return { subject: node, threshold: null }
  if (node.op === 'and' || node.op === 'unless') return comparisonOf(node.left)
  if (!isComparison(node.op)) return { subject: node, threshold: null }
  const right = constantOf(node.right)
  if (right !== null) return { subject: node.left, threshold: { op: node.op, value: right } }
  const left = constantOf(node.left)
  if (left !== null) return { subject: node.right, threshold: { op: turned[node.op], value: left } }
  return { subject: node.left, threshold: null }
}

/** `1 < x` is `x > 1`. */
const turned: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

function constantOf(expr: Expr): number | null {
  const node = unwrapped(expr)
  if (node.type === 'number') return node.value
  if (node.type === 'unary') {
    const value = constantOf(node.operand)
    return value === null ? null : node.op === '-' ? -value : value
  }
  if (node.type !== 'binary' || !isArithmetic(node.op)) return null
  const [left, right] = [constantOf(node.left), constantOf(node.right)]
  if (left === null || right === null || !isSign(node.op)) return null
  return calculate(node.op, left, right)
}

interface Built {
  readonly plot: Plot
  readonly queries: readonly PlotQuery[]
  readonly unit: Unit
}

function build(expr: Expr, labels: Labels): Built | null {
  const constant = constantOf(expr)
  if (constant !== null) return { plot: { type: 'number', value: constant }, queries: [], unit: 'none' }
  const node = unwrapped(expr)
  switch (node.type) {
    case 'vector-selector':
      return isNow(node) ? series(node, 'avg', labels) : null
    case 'call':
      return buildCall(node, labels)
    case 'aggregation': {
      const inner = build(node.operand, labels)
      if (!inner || node.parameter || inner.plot.type !== 'series' || inner.plot.aggregate || !isAggregate(node.op))
        return null
      const unit = node.op === 'count' ? 'none' : inner.unit
      return { ...inner, plot: { ...inner.plot, aggregate: node.op }, unit }
    }
    case 'unary': {
      const inner = build(node.operand, labels)
      const zero: Plot = { type: 'number', value: 0 }
      const sign = node.op
      return inner && { ...inner, plot: { type: 'arithmetic', sign, left: zero, right: inner.plot } }
    }
    case 'binary': {
      const [left, right] = [build(node.left, labels), build(node.right, labels)]
      if (!left || !right || !isSign(node.op)) return null
      return joined(node.op, left, right)
    }
    default:
      return null
  }
}

const callReductions: Readonly<Record<string, PlotQuery['reduce']>> = {
  rate: 'rate',
  irate: 'rate',
  increase: 'increase',
  avg_over_time: 'avg',
  min_over_time: 'min',
  max_over_time: 'max',
  last_over_time: 'last',
}

function buildCall(call: Expr & { type: 'call' }, labels: Labels): Built | null {
  if (call.name === 'time') return { plot: { type: 'time' }, queries: [], unit: 'seconds' }
  const first = call.args[0] && unwrapped(call.args[0])
  if (first && call.name === 'scalar') return build(first, labels)
  const reduce = callReductions[call.name]
  if (call.args.length !== 1 || first?.type !== 'matrix-selector' || reduce === undefined) return null
  return isNow(first.selector) ? series(first.selector, reduce, labels) : null
}

const isNow = ({ at, offsetMs }: Moment) => at === null && offsetMs === 0

function series(
  selector: Expr & { type: 'vector-selector' },
  reduce: PlotQuery['reduce'],
  alertLabels: Labels,
): Built | null {
  const metric = selector.matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value
  if (metric === undefined) return null
  const matchers = selector.matchers.filter(({ label }) => label !== '__name__')
  for (const label of selectiveLabels) {
    const value = alertLabels[label]
    if (value !== undefined) matchers.push({ label, op: '=', value })
  }
  return {
    plot: { type: 'series', query: 0, aggregate: null },
    queries: [{ metric, matchers, reduce }],
    unit: unitOf(metric, reduce),
  }
}

function joined(sign: ArithmeticSign, left: Built, right: Built): Built {
  return {
    plot: { type: 'arithmetic', sign, left: left.plot, right: shifted(right.plot, left.queries.length) },
    queries: [...left.queries, ...right.queries],
    unit: joinedUnit(sign, left, right),
  }
}

function shifted(plot: Plot, by: number): Plot {
  switch (plot.type) {
    case 'number':
    case 'time':
      return plot
    case 'series':
      return { ...plot, query: plot.query + by }
    case 'arithmetic':
      return { ...plot, left: shifted(plot.left, by), right: shifted(plot.right, by) }
  }
}

function joinedUnit(sign: ArithmeticSign, left: Built, right: Built): Unit {
  if (sign === '/' && left.unit === right.unit && right.queries.length > 0) return 'ratio'
  if (sign === '+' || sign === '-') {
    if (left.plot.type === 'number') return right.unit
    if (right.plot.type === 'number' || left.unit === right.unit) return left.unit
  }
  return 'none'
}

/** From the name, as Prometheus's conventions have it. Seconds counted per second are a share of time. */
function unitOf(metric: string, reduce: PlotQuery['reduce']): Unit {
  const name = metric.replace(/_total$/, '')
  if (name.endsWith('_ratio')) return 'ratio'
  if (name.endsWith('_celsius')) return 'celsius'
  if (name.endsWith('_bytes')) return reduce === 'rate' ? 'bytesPerSecond' : 'bytes'
  if (name.endsWith('_seconds')) return reduce === 'rate' ? 'ratio' : 'seconds'
  return reduce === 'rate' ? 'perSecond' : 'none'
}

function firstSelector(expr: Expr): Expr | null {
  const node = unwrapped(expr)
  switch (node.type) {
    case 'vector-selector':
      return node
    case 'matrix-selector':
      return node.selector
    case 'subquery':
      return firstSelector(node.inner)
    case 'call':
      return node.args.map(firstSelector).find((found) => found !== null) ?? null
    case 'aggregation':
    case 'unary':
      return firstSelector(node.operand)
    case 'binary':
      return firstSelector(node.left) ?? firstSelector(node.right)
    case 'number':
    case 'string':
      return null
  }
}

function isAggregate(op: string): op is Aggregate {
  return op === 'sum' || op === 'avg' || op === 'min' || op === 'max' || op === 'count'
}
