/**
 * A board's variables and panels with their data at one moment, for whoever draws it without a screen: the same queries,
 * with the same variables and steps as a screen would ask.
 */

import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers, OutputOf } from '#shared/contract/index.ts'
import { builtInValues, panelStepMs } from '#shared/domain/dashboard/built-in.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { interpolatePromql, type Scope, type VariableValue } from '#shared/domain/dashboard/interpolate.ts'
import { seriesNames } from '#shared/domain/dashboard/legend.ts'
import type { DataPanel, Target } from '#shared/domain/dashboard/panels.ts'
import type { Variable } from '#shared/domain/dashboard/variable.ts'
import {
  ownOptions,
  parseVariableQuery,
  queryOptions,
  resultLine,
  type VariableOption,
  variableValue,
  variableWaves,
} from '#shared/domain/dashboard/variables.ts'
import type { Labels } from '#shared/domain/series.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'

type AskedCall = 'query.range' | 'query.instant' | 'query.labelValues' | 'query.labelNames'
type Ask<K extends AskedCall> = (input: Parameters<BelfryHandlers[K]>[0], signal: AbortSignal) => Promise<OutputOf<K>>

export interface BoardQueries {
  readonly range: Ask<'query.range'>
  readonly instant: Ask<'query.instant'>
  readonly labelValues: Ask<'query.labelValues'>
  readonly labelNames: Ask<'query.labelNames'>
}

/** The console's own query calls, made by nobody but a board. */
export function boardQueries(handlers: Pick<BelfryHandlers, AskedCall>): BoardQueries {
  const caller = { role: 'viewer', name: 'dashboards' } as const
  return {
    range: async (input, signal) => handlers['query.range'](input, { caller, signal }),
    instant: async (input, signal) => handlers['query.instant'](input, { caller, signal }),
    labelValues: async (input, signal) => handlers['query.labelValues'](input, { caller, signal }),
    labelNames: async (input, signal) => handlers['query.labelNames'](input, { caller, signal }),
  }
}

export interface BoardMoment {
  /** Epoch milliseconds; both belong to it. */
  readonly from: number
  readonly to: number
}

/** What was chosen, by variable name. */
export type Chosen = Readonly<Record<string, readonly string[]>>

/** Every variable's value. A variable whose query fails has none, and what needs it says so by itself. */
export async function boardScope(
  { variables }: Pick<Dashboard, 'variables'>,
  chosen: Chosen,
  moment: BoardMoment,
  queries: BoardQueries,
  signal: AbortSignal,
): Promise<Scope> {
  const scope = new Map<string, VariableValue>()
  for (const wave of variableWaves(variables).waves) {
    const values = await Promise.all(
      wave.map(async (variable) => {
        const options =
          variable.type === 'query' ? await optionsOf(variable, scope, moment, queries, signal) : ownOptions(variable)
        const picked = Object.hasOwn(chosen, variable.name) ? (chosen[variable.name] ?? null) : null
        return [variable.name, variableValue(variable, options, picked, moment)] as const
      }),
    )
    for (const [name, value] of values) scope.set(name, value)
  }
  return scope
}

async function optionsOf(
  variable: Extract<Variable, { type: 'query' }>,
  scope: Scope,
  moment: BoardMoment,
  queries: BoardQueries,
  signal: AbortSignal,
): Promise<VariableOption[]> {
  try {
    const resolved = { ...variable, regex: interpolatePromql(variable.regex, scope) }
    return queryOptions(resolved, await linesOf(variable.query, scope, moment, queries, signal))
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error
    return [] // What needs the variable finds nothing, and the screen names the query that failed.
  }
}

async function linesOf(
  query: string,
  scope: Scope,
  { from, to }: BoardMoment,
  queries: BoardQueries,
  signal: AbortSignal,
): Promise<string[]> {
  const asked = parseVariableQuery(
    interpolatePromql(query, new Map([...scope, ...builtInValues({ from, to, stepMs: 60_000 })])),
  )
  const span = { from, to }
  switch (asked.kind) {
    case 'label-values':
      return queries.labelValues({ label: asked.label, selectors: selectorsOf(asked.selector), ...span }, signal)
    case 'label-names':
      return queries.labelNames({ selectors: selectorsOf(asked.selector), ...span }, signal)
    case 'metrics': {
      const selector = asked.regex === '' ? [] : [`{__name__=~${JSON.stringify(`.*(?:${asked.regex}).*`)}}`]
      return queries.labelValues({ label: '__name__', selectors: selector, ...span }, signal)
    }
    case 'query-result': {
      const { series } = await queries.instant({ expr: asked.expr, at: to }, signal)
      return series.flatMap(({ labels, samples }) => {
        const last = samples.at(-1)
        return last ? [resultLine(labels, last[1], last[0])] : []
      })
    }
  }
}

const selectorsOf = (selector: string) => (selector === '' ? [] : [selector])

export interface PanelSeries {
  readonly refId: string
  readonly name: string
  readonly labels: Labels
  /** One a time of its answer; null where there is no sample. */
  readonly values: readonly (number | null)[]
}

export interface TargetAnswer {
  readonly refId: string
  readonly times: readonly number[]
  readonly stepMs: number
  readonly series: readonly PanelSeries[]
  /** Why there is no answer; null when there is one. */
  readonly failure: string | null
}

/** The answers of all targets that are not hidden, in order. */
export async function panelData(
  panel: DataPanel,
  scope: Scope,
  moment: BoardMoment,
  points: number,
  { queries, signal, title }: { queries: BoardQueries; signal: AbortSignal; title: string },
): Promise<TargetAnswer[]> {
  const range = momentOf(panel, scope, moment)
  const wanted = panel.targets.filter(({ isHidden, expr }) => !isHidden && expr.trim() !== '')
  return Promise.all(
    wanted.map(async (target) => {
      try {
        return await answerOf(target, range, { scope, queries, signal, title, points: panel.maxPoints ?? points })
      } catch (error) {
        if (!(error instanceof AppError) || signal.aborted) throw error
        return { refId: target.refId, times: [], stepMs: 0, series: [], failure: error.message }
      }
    }),
  )
}

async function answerOf(
  target: Target,
  { from, to }: BoardMoment,
  {
    scope,
    queries,
    signal,
    title,
    points,
  }: { scope: Scope; queries: BoardQueries; signal: AbortSignal; title: string; points: number },
): Promise<TargetAnswer> {
  const least = parseDurationMs(interpolatePromql(target.minStep, scope)) ?? 0
  const stepMs = panelStepMs(to - from, points, Math.max(least, shortestStepMs))
  const expr = interpolatePromql(target.expr, new Map([...scope, ...builtInValues({ from, to, stepMs, title })]))
  const { refId } = target
  const named = (series: readonly { labels: Labels; values: readonly (number | null)[] }[]) => {
    const names = seriesNames(
      interpolatePromql(target.legend, scope),
      series.map(({ labels }) => labels),
      refId,
    )
    return series.map(({ labels, values }, index) => ({ refId, name: names[index] ?? refId, labels, values }))
  }
  if (target.mode === 'instant') {
    const answer = await queries.instant({ expr, at: to }, signal)
    const series = answer.series.map(({ labels, samples }) => ({
      labels,
      values: [numberOf(samples.at(-1)?.[1] ?? null)],
    }))
    return { refId, times: [to], stepMs, series: named(series), failure: null }
  }
  // Steps at round instants: the same whenever it is asked.
  const start = Math.floor(from / stepMs) * stepMs
  const answer = await queries.range({ expr, from: start, to: Math.floor(to / stepMs) * stepMs, stepMs }, signal)
  const series = answer.series.map(({ labels, values }) => ({ labels, values: values.map(numberOf) }))
  return { refId, times: answer.times, stepMs: answer.stepMs, series: named(series), failure: null }
}

const shortestStepMs = 1000

/** The board's range, or the panel's own part of it, as much earlier as the panel says. */
function momentOf(panel: DataPanel, scope: Scope, { from, to }: BoardMoment): BoardMoment {
  const length = parseDurationMs(interpolatePromql(panel.timeFrom, scope)) ?? 0
  const shift = parseDurationMs(interpolatePromql(panel.timeShift, scope)) ?? 0
  return { from: Math.max(0, (length > 0 ? to - length : from) - shift), to: Math.max(1, to - shift) }
}

function numberOf(value: number | 'NaN' | '+Inf' | '-Inf' | null): number | null {
  switch (value) {
    case 'NaN':
      return Number.NaN
    case '+Inf':
      return Number.POSITIVE_INFINITY
    case '-Inf':
      return Number.NEGATIVE_INFINITY
    default:
      return value
  }
}
