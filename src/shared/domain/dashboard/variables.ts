/** What the variables of a board can be, in which order they are asked for, and what is chosen of them. */
import type { RE2JS } from 're2js'
import { AppError } from '../../contract/errors.ts'
import { formatDurationMs, parseDurationMs } from '../../promql/duration.ts'
import { compilePattern } from '../pattern.ts'
import { panelStepMs } from './built-in.ts'
import { plainValue, type VariableValue, variablesIn } from './interpolate.ts'
import { allValues, type Variable } from './variable.ts'

export interface VariableOption {
  readonly value: string
  readonly text: string
}

/** Names of other variables that must be known before this one can be asked for. */
function dependenciesOf(variable: Variable, all: readonly Variable[]): string[] {
  if (variable.type !== 'query') return []
  const known = new Set(all.map(({ name }) => name))
  return variablesIn(`${variable.query} ${variable.regex}`).filter((name) => known.has(name))
}

/**
 * Variables in waves: those of one wave need only earlier ones, and may be asked for at once. `cycle` names those that
 * need each other, the first one again at the end; then there are no waves.
 */
export function variableWaves(variables: readonly Variable[]): {
  readonly waves: readonly (readonly Variable[])[]
  readonly cycle: readonly string[] | null
} {
  const needs = new Map(variables.map((one) => [one.name, dependenciesOf(one, variables)]))
  const done = new Set<string>()
  const waves: Variable[][] = []
  let left = [...variables]
  while (left.length > 0) {
    const ready = left.filter(({ name }) => needs.get(name)?.every((need) => done.has(need)))
    const first = left[0]
    if (ready.length === 0 && first) return { waves: [], cycle: cycleFrom(first.name, needs, done) }
    for (const { name } of ready) done.add(name)
    waves.push(ready)
    left = left.filter(({ name }) => !done.has(name))
  }
  return { waves, cycle: null }
}

/** Follows the first need that is not met until a name comes again. */
function cycleFrom(name: string, needs: ReadonlyMap<string, readonly string[]>, done: ReadonlySet<string>): string[] {
  const path = [name]
  for (;;) {
    const next = needs.get(path.at(-1) ?? '')?.find((need) => !done.has(need)) ?? name
    const start = path.indexOf(next)
    if (start >= 0) return [...path.slice(start), next]
    path.push(next)
  }
}

export type VariableQuery =
  /** Values of a label; `selector` empty: of all series. */
  | { readonly kind: 'label-values'; readonly label: string; readonly selector: string }
  | { readonly kind: 'label-names'; readonly selector: string }
  | { readonly kind: 'metrics'; readonly regex: string }
  | { readonly kind: 'query-result'; readonly expr: string }

const queryForms =
  'label_values(label), label_values(metric, label), label_names(), label_names(metric), metrics(regex) or query_result(expr)'

/** AppError `invalid` when the text is none of the forms. */
export function parseVariableQuery(text: string): VariableQuery {
  const call = /^\s*(label_values|label_names|metrics|query_result)\s*\(([\s\S]*)\)\s*$/.exec(text)
  const body = call?.[2]?.trim() ?? ''
  switch (call?.[1]) {
    case 'label_values': {
      const label = /(?:^|,)\s*([A-Za-z_$][\w${}]*)\s*$/.exec(body)
      if (!label?.[1]) break
      return { kind: 'label-values', label: label[1], selector: body.slice(0, label.index).trim() }
    }
    case 'label_names':
      return { kind: 'label-names', selector: body }
    case 'metrics':
      return { kind: 'metrics', regex: body }
    case 'query_result':
      if (body !== '') return { kind: 'query-result', expr: body }
  }
  throw new AppError('invalid', `expected ${queryForms}, came "${text.slice(0, 200)}".`)
}

/** One line of a query's result as its variable sees it, such as `up{job="node"} 1 1700000000000`. */
export function resultLine(labels: Readonly<Record<string, string>>, value: number | string, atMs: number): string {
  const { __name__: name = '', ...rest } = labels
  const pairs = Object.keys(rest)
    .sort()
    .map((label) => `${label}=${JSON.stringify(rest[label])}`)
  return `${name}{${pairs.join(',')}} ${value} ${atMs}`
}

/**
 * What a query variable offers, from what was answered: filtered and cut by its regular expression, each value once,
 * sorted. AppError `invalid` when the regular expression is none.
 */
export function queryOptions(
  variable: Extract<Variable, { type: 'query' }>,
  answered: readonly string[],
): VariableOption[] {
  const pattern = variable.regex === '' ? null : compiled(variable)
  const options = new Map<string, VariableOption>()
  for (const line of answered) {
    for (const option of pattern === null ? [{ value: line, text: line }] : optionsIn(line, pattern)) {
      if (!options.has(option.value)) options.set(option.value, option)
    }
  }
  return sorted([...options.values()], variable.sort)
}

function compiled({ name, regex }: { name: string; regex: string }): RE2JS {
  try {
    return compilePattern(regex)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'invalid',
      `The variable "${name}" needs a regular expression as RE2 knows it; "${regex}" is none: ${cause}.`,
    )
  }
}

function optionsIn(line: string, pattern: RE2JS): VariableOption[] {
  const matcher = pattern.matcher(line)
  if (!matcher.find()) return []
  const named = pattern.namedGroups()
  const group = (name: string) => (Object.hasOwn(named, name) ? matcher.group(name) : null)
  const [value, text] = [group('value'), group('text')]
  if (value !== null || text !== null) return [{ value: value ?? text ?? '', text: text ?? value ?? '' }]
  if (matcher.groupCount() === 0) return [{ value: line, text: line }]
  const first = matcher.group(1)
  return first === null ? [] : [{ value: first, text: first }]
}

function sorted(options: VariableOption[], order: Extract<Variable, { type: 'query' }>['sort']): VariableOption[] {
  const byText = (a: VariableOption, b: VariableOption) => compareTexts(a.text, b.text)
  const byNumber = (a: VariableOption, b: VariableOption) => numberIn(a.text) - numberIn(b.text) || byText(a, b)
  switch (order) {
    case 'none':
      return options
    case 'alphabetical':
      return options.sort(byText)
    case 'alphabetical-descending':
      return options.sort((a, b) => byText(b, a))
    case 'numerical':
      return options.sort(byNumber)
    case 'numerical-descending':
      return options.sort((a, b) => byNumber(b, a))
    case 'natural':
      return options.sort((a, b) => natural.compare(a.text, b.text) || byText(a, b))
  }
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
/** The first number in a text; those without one come last. */
const numberIn = (text: string) => Number(/-?\d+(?:\.\d+)?/.exec(text)?.[0] ?? Number.MAX_VALUE)

/** What a variable that asks for nothing offers; empty for a text box and a constant. */
export function ownOptions(variable: Variable): VariableOption[] {
  switch (variable.type) {
    case 'custom':
      return variable.options.map(({ value, text }) => ({ value, text: text || value }))
    case 'interval': {
      const options = variable.options.map((value) => ({ value, text: value }))
      return variable.hasAuto ? [{ value: 'auto', text: 'auto' }, ...options] : options
    }
    default:
      return []
  }
}

/**
 * The variable's value. `chosen` is what somebody picked, null where nobody did; what is no longer among the options is
 * left out, and where nothing remains the first option is taken. `range` is for intervals.
 */
export function variableValue(
  variable: Variable,
  options: readonly VariableOption[],
  chosen: readonly string[] | null,
  range: { readonly from: number; readonly to: number },
): VariableValue {
  switch (variable.type) {
    case 'constant':
      return plainValue(variable.value)
    case 'textbox':
      return plainValue(chosen?.[0] ?? variable.current)
    case 'interval':
      return plainValue(intervalOf(variable, chosen?.[0] ?? variable.current, range))
    default:
      return choiceOf(variable, options, chosen ?? variable.current)
  }
}

function intervalOf(
  variable: Extract<Variable, { type: 'interval' }>,
  asked: string,
  range: { readonly from: number; readonly to: number },
): string {
  const known = ownOptions(variable)
  const chosen = known.some(({ value }) => value === asked) ? asked : (variable.options[0] ?? '1m')
  if (chosen !== 'auto') return chosen
  return formatDurationMs(
    panelStepMs(range.to - range.from, variable.autoSteps, parseDurationMs(variable.autoMin) ?? 0),
  )
}

function choiceOf(
  variable: Extract<Variable, { type: 'query' | 'custom' }>,
  options: readonly VariableOption[],
  chosen: readonly string[],
): VariableValue {
  const { includesAll, allValue, isMulti } = variable
  const isRegex = isMulti || includesAll
  const there = options.filter(({ value }) => chosen.includes(value))
  const isAll = includesAll && (chosen.includes(allValues) || there.length === 0)
  const picked = isAll ? options : there.length > 0 ? there : options.slice(0, 1)
  const taken = isAll || isMulti ? picked : picked.slice(0, 1)
  return {
    values: taken.map(({ value }) => value),
    texts: isAll ? ['All'] : taken.map(({ text }) => text),
    isMulti: isRegex,
    all: isAll ? allValue : null,
  }
}
