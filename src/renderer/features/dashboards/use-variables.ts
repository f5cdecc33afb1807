/**
 * The variables of a board: what they can be, asked for in the order in which they need each other, and what is chosen
 * of them. What was known stays until the next answer is there.
 */
import { useEffect, useMemo, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import { interpolate, interpolatePromql, type Scope, type VariableValue } from '#shared/domain/dashboard/interpolate.ts'
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
import { compilePattern } from '#shared/domain/pattern.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import type { PresentRange } from '../../time-range/use-range.ts'

/** By the variables' names. */
export type Chosen = Readonly<Record<string, readonly string[]>>

export interface VariableState {
  readonly variable: Variable
  readonly options: readonly VariableOption[]
  readonly value: VariableValue
  /** Why its options could not be asked for. */
  readonly problem: string | null
}

export interface BoardVariables {
  readonly states: readonly VariableState[]
  readonly scope: Scope
  /** False until all were asked for the first time: before that panels would ask for the wrong thing. */
  readonly isReady: boolean
}

const nothing: BoardVariables = { states: [], scope: new Map(), isReady: false }

export function useVariables(variables: readonly Variable[], chosen: Chosen, range: PresentRange): BoardVariables {
  const client = useClient()
  const [known, setKnown] = useState<BoardVariables>(nothing)
  const shape = JSON.stringify(variables)
  const picked = JSON.stringify(chosen)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for what they were made of
  useEffect(() => {
    const attempt = new AbortController()
    const run = async () => {
      const states = await resolved(client, variables, chosen, range.ofThisMoment(), attempt.signal)
      if (attempt.signal.aborted) return
      setKnown({ states, scope: new Map(states.map(({ variable, value }) => [variable.name, value])), isReady: true })
    }
    void run()
    return () => attempt.abort()
  }, [client, shape, picked, range.key])
  return useMemo(() => (variables.length === 0 ? { ...nothing, isReady: true } : known), [variables.length, known])
}

/** In the order of the board. A variable that cannot be asked for has no options, and says why. */
async function resolved(
  client: Client,
  variables: readonly Variable[],
  chosen: Chosen,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<readonly VariableState[]> {
  const { waves, cycle } = variableWaves(variables)
  const scope = new Map<string, VariableValue>()
  const states = new Map<string, VariableState>()
  const put = (variable: Variable, options: readonly VariableOption[], problem: string | null) => {
    const value = variableValue(variable, options, chosen[variable.name] ?? null, range)
    scope.set(variable.name, value)
    states.set(variable.name, { variable, options, value, problem })
  }
  for (const wave of waves) {
    await Promise.all(
      wave.map(async (variable) => {
        if (variable.type !== 'query') return put(variable, ownOptions(variable), null)
        try {
          put(variable, await offered(client, variable, scope, range, signal), null)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          put(variable, [], error.message)
        }
      }),
    )
  }
  if (cycle) {
    const problem = `These variables need each other, so none can be asked for: ${cycle.join(' → ')}.`
    for (const variable of variables) if (!states.has(variable.name)) put(variable, ownOptions(variable), problem)
  }
  return variables.flatMap(({ name }) => states.get(name) ?? [])
}

async function offered(
  client: Client,
  variable: Extract<Variable, { type: 'query' }>,
  scope: Scope,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<readonly VariableOption[]> {
  const query = parseVariableQuery(interpolatePromql(variable.query, scope))
  const written = { ...variable, regex: interpolate(variable.regex, scope) }
  const selectorsOf = (selector: string) => (selector === '' ? [] : [selector])
  switch (query.kind) {
    case 'label-values': {
      const input = { label: query.label, selectors: selectorsOf(query.selector), from, to }
      return queryOptions(written, await client.call('query.labelValues', input, { signal }))
    }
    case 'label-names': {
      const input = { selectors: selectorsOf(query.selector), from, to }
      return queryOptions(written, await client.call('query.labelNames', input, { signal }))
    }
    case 'metrics': {
      const names = await client.call('query.labelValues', { label: '__name__', selectors: [], from, to }, { signal })
      return queryOptions(
        written,
        names.filter((name) => query.regex === '' || compilePattern(query.regex).matcher(name).find()),
      )
    }
    case 'query-result': {
      const { series, at } = await client.call('query.instant', { expr: query.expr, at: to }, { signal })
      const lines = series.map(({ labels, samples }) => resultLine(labels, samples.at(-1)?.[1] ?? '', at))
      return queryOptions(written, lines)
    }
  }
}

const prefix = 'var-'

/** What an address says is chosen. Several values are a JSON list. */
export function chosenIn(query: URLSearchParams): Chosen {
  return Object.fromEntries(
    [...query]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, text]) => [name.slice(prefix.length), listOf(text)]),
  )
}

/** The change of the address that chooses these values. */
export function choiceQuery(name: string, values: readonly string[]): Readonly<Record<string, string | undefined>> {
  const [only] = values
  const isPlain = values.length === 1 && only !== undefined && !only.startsWith('[')
  return { [`${prefix}${name}`]: values.length === 0 ? undefined : isPlain ? only : JSON.stringify(values) }
}

function listOf(text: string): readonly string[] {
  if (!text.startsWith('[')) return [text]
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [text]
  } catch {
    // A value that begins with a bracket is a value like any other.
    return [text]
  }
}
