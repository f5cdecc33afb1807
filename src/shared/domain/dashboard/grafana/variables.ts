/** The variables of a board of Grafana (`templating.list`). */
import type { z } from 'zod'
import { parseDurationMs } from '../../../promql/duration.ts'
import { patternProblem } from '../../pattern.ts'
import { allValues, Variable } from '../variable.ts'
import { parseVariableQuery, variableWaves } from '../variables.ts'
import { clipped, currentSyntax, field, isSet, listIn, numberIn, patternOf, textIn, wholeWithin } from './fields.ts'
import type { Complaints } from './not-taken.ts'
import type { Sources } from './sources.ts'

type VariableInput = z.input<typeof Variable>

const mostVariables = 50

export function variablesOf(
  board: unknown,
  inputs: ReadonlyMap<string, string>,
  sources: Sources,
  complain: Complaints,
): Variable[] {
  const taken: Variable[] = []
  for (const [index, variable] of listIn(board, 'templating', 'list').entries()) {
    const name = textIn(variable, 'name')
    const what = `variable "${clipped(name, 60)}"`
    const made = variableOf(variable, { what, inputs, sources, complain })
    if (made === null) continue
    const parsed = Variable.safeParse(made)
    if (!parsed.success)
      complain.not(what, `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
    else if (taken.some((one) => one.name === name))
      complain.not(`templating.list[${index}]`, `The name "${name}" is taken.`)
    else if (taken.length === mostVariables) complain.not(what, `A board has at most ${mostVariables} variables.`)
    else taken.push(parsed.data)
  }
  return withoutCycles(taken, complain)
}

interface Surroundings {
  readonly what: string
  readonly inputs: ReadonlyMap<string, string>
  readonly sources: Sources
  readonly complain: Complaints
}

function variableOf(variable: unknown, surroundings: Surroundings): VariableInput | null {
  const { what, inputs, complain } = surroundings
  const common = commonOf(variable)
  const query = textIn(variable, 'query')
  switch (textIn(variable, 'type')) {
    case 'query':
      return queryVariable(variable, common, surroundings)
    case 'custom':
      return customVariable(variable, common, surroundings)
    case 'interval':
      return intervalVariable(variable, common)
    case 'constant': {
      const input = /^\$\{(\w+)\}$/.exec(query)?.[1]
      const value = (input === undefined ? undefined : inputs.get(input)) ?? query
      return { type: 'constant', ...common, isHidden: true, value: clipped(value, 2000) }
    }
    case 'textbox':
      return { type: 'textbox', ...common, current: clipped(firstCurrent(variable) || query, 2000) }
    case 'datasource':
      complain.partly(what, 'Belfry is the one source of series here, so there is nothing to choose.')
      return null
    case 'adhoc':
      complain.not(what, 'Filters that are added to every query are not there; use a variable in the queries.')
      return null
    default:
      complain.not(what, `Variables of the kind "${clipped(textIn(variable, 'type'), 40)}" are not there.`)
      return null
  }
}

type Common = { name: string; label: string; description: string; isHidden: boolean }

function commonOf(variable: unknown): Common {
  return {
    name: textIn(variable, 'name'),
    label: clipped(textIn(variable, 'label'), 60),
    description: clipped(textIn(variable, 'description'), 500),
    isHidden: numberIn(variable, 'hide') === 2 || textIn(variable, 'hide') === 'hideVariable',
  }
}

const sorts = [
  'none',
  'alphabetical',
  'alphabetical-descending',
  'numerical',
  'numerical-descending',
  'alphabetical',
  'alphabetical-descending',
  'natural',
  'natural',
] as const

function queryVariable(variable: unknown, common: Common, { what, sources, complain }: Surroundings): VariableInput {
  const asked = currentSyntax(
    textIn(variable, 'query') || textIn(variable, 'query', 'query') || textIn(variable, 'definition'),
  )
  const textBox = (reason: string): VariableInput => {
    complain.partly(what, `${reason} It became a text box.`)
    return { type: 'textbox', ...common, current: clipped(firstCurrent(variable), 2000) }
  }
  const other = sources.otherThanPrometheus(field(variable, 'datasource'))
  if (other !== null) return textBox(`It asks ${other}, and Belfry answers PromQL.`)
  try {
    parseVariableQuery(asked)
  } catch (error) {
    return textBox(`Its query: ${error instanceof Error ? error.message : error}`)
  }
  const regex = patternOf(currentSyntax(textIn(variable, 'regex')))
  const problem = regex === '' ? null : patternProblem(regex)
  if (problem !== null) complain.partly(what, `Its regular expression is left out: ${problem}`)
  return {
    type: 'query',
    ...common,
    query: asked,
    regex: problem === null ? regex : '',
    sort: sorts[numberIn(variable, 'sort') ?? 0] ?? 'none',
    ...choiceOf(variable),
  }
}

function customVariable(variable: unknown, common: Common, { what, complain }: Surroundings): VariableInput {
  const query = textIn(variable, 'query')
  const written = query.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ',').trim())
  const options = written
    .filter((part) => part !== '')
    .map((part) => {
      // `Label : value`, with spaces around.
      const pair = /^(.+?)\s+:\s+(.+)$/.exec(part)
      return pair ? { text: clipped(pair[1] ?? '', 200), value: pair[2] ?? '' } : { value: part }
    })
  const listed = listIn(variable, 'options')
    .map((option) => ({ text: clipped(textIn(option, 'text'), 200), value: textIn(option, 'value') }))
    .filter(({ value }) => value !== '' && value !== allValues)
  const all = options.length > 0 ? options : listed
  if (all.length > 500) complain.partly(what, `Of its ${all.length} options the first 500 are taken.`)
  return { type: 'custom', ...common, options: all.slice(0, 500), ...choiceOf(variable) }
}

function intervalVariable(variable: unknown, common: Common): VariableInput {
  const options = textIn(variable, 'query')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => (parseDurationMs(text) ?? 0) > 0)
  const current = firstCurrent(variable)
  const autoMin = textIn(variable, 'auto_min')
  return {
    type: 'interval',
    ...common,
    options: options.slice(0, 50),
    hasAuto: isSet(variable, 'auto'),
    autoSteps: wholeWithin(numberIn(variable, 'auto_count'), 1, 1000, 30),
    autoMin: (parseDurationMs(autoMin) ?? 0) > 0 ? autoMin : '10s',
    current: current.startsWith('$__auto') ? 'auto' : current.slice(0, 20),
  }
}

function choiceOf(variable: unknown) {
  const isMulti = isSet(variable, 'multi')
  const includesAll = isSet(variable, 'includeAll')
  const all = textIn(variable, 'allValue')
  const current = currentValues(variable).map((value) => (value === 'All' ? allValues : value))
  return {
    isMulti,
    includesAll,
    allValue: all === '' ? null : clipped(currentSyntax(all), 500),
    current: current.filter((value) => value !== '' && (includesAll || value !== allValues)).slice(0, 1000),
  }
}

function currentValues(variable: unknown): string[] {
  const value = field(variable, 'current', 'value')
  const values = Array.isArray(value) ? value : [value]
  return values.filter((one) => typeof one === 'string' && one.length <= 2000)
}

const firstCurrent = (variable: unknown) => currentValues(variable)[0] ?? ''

/** Variables that need each other have no order to be asked in: the first of a circle becomes a text box. */
function withoutCycles(variables: Variable[], complain: Complaints): Variable[] {
  const { cycle } = variableWaves(variables)
  const first = cycle?.[0]
  if (!cycle || first === undefined) return variables
  complain.partly(
    `variable "${first}"`,
    `It needs itself to be asked for (${cycle.join(' → ')}). It became a text box.`,
  )
  const broken = variables.map((variable) =>
    variable.name === first ? Variable.parse({ type: 'textbox', name: first, label: variable.label }) : variable,
  )
  return withoutCycles(broken, complain)
}
