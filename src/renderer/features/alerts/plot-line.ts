/** Computes the line of a plot from the answers to its questions, point by point; a gap in any of them is a gap. */
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { Aggregate, ExpressionPlot, Plot } from './expression-plot.ts'
import { calculate } from './plot-arithmetic.ts'

export interface PlottedLine {
  readonly times: readonly number[]
  readonly values: readonly (number | null)[]
}

/** The line of the answers, in the order of `queries`; null when several series fit and none can be chosen. */
export function lineOf(
  plot: ExpressionPlot,
  answers: readonly MetricAnswer[],
  alertLabels: Labels,
): PlottedLine | null {
  const times = answers[0]?.times ?? []
  const at = evaluator(plot.plot, answers, alertLabels)
  return at && { times, values: times.map((_, index) => at(index)) }
}

type ValueAt = (index: number) => number | null

function evaluator(plot: Plot, answers: readonly MetricAnswer[], labels: Labels): ValueAt | null {
  switch (plot.type) {
    case 'number':
      return () => plot.value
    case 'time':
      return (index) => (answers[0]?.times[index] ?? 0) / 1000
    case 'arithmetic': {
      const left = evaluator(plot.left, answers, labels)
      const right = evaluator(plot.right, answers, labels)
      if (!left || !right) return null
      return (index) => {
        const [a, b] = [left(index), right(index)]
        return a === null || b === null ? null : calculate(plot.sign, a, b)
      }
    }
    case 'series': {
      const fitting = answers[plot.query]?.series.filter((candidate) => fits(candidate.labels, labels)) ?? []
      const [only, ...others] = fitting
      if (!only || (plot.aggregate === null && others.length > 0)) return null
      const { aggregate } = plot
      if (aggregate === null) return (index) => only.values[index] ?? null
      return (index) => {
        const values = fitting.map(({ values }) => values[index] ?? null).filter((value) => value !== null)
        return values.length === 0 ? null : aggregated(aggregate, values)
      }
    }
  }
}

/** Labels both have must agree; labels of only one side say nothing. */
function fits(seriesLabels: Labels, alertLabels: Labels): boolean {
  return Object.entries(seriesLabels).every(([name, value]) => (alertLabels[name] ?? value) === value)
}

function aggregated(how: Aggregate, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  switch (how) {
    case 'sum':
      return sum
    case 'avg':
      return sum / values.length
    case 'min':
      return Math.min(...values)
    case 'max':
      return Math.max(...values)
    case 'count':
      return values.length
  }
}
