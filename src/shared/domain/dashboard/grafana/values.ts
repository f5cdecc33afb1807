/** How Grafana reads numbers, in Belfry's words: units, thresholds, mappings and what holds for single series. */
import type { z } from 'zod'
import { patternProblem } from '../../pattern.ts'
import { Mapping, Override, type Reducer, type Thresholds, type valueShape } from '../values.ts'
import { seriesColorOf, stateOf } from './colors.ts'
import { clipped, currentSyntax, field, has, isSet, listIn, numberIn, patternOf, textIn } from './fields.ts'
import type { Complaints } from './not-taken.ts'
import { unitOf } from './units.ts'

type ValueInput = { -readonly [K in keyof typeof valueShape]?: z.input<(typeof valueShape)[K]> }

/** Of `fieldConfig.defaults`. */
export function valuesOf(defaults: unknown, complain: Complaints, takesThresholds: boolean): ValueInput {
  const values: ValueInput = { ...unitFields(textIn(defaults, 'unit'), complain) }
  const decimals = numberIn(defaults, 'decimals')
  if (decimals !== null) values.decimals = Math.min(10, Math.max(0, Math.round(decimals)))
  const [min, max] = [numberIn(defaults, 'min'), numberIn(defaults, 'max')]
  if (min !== null) values.min = min
  if (max !== null) values.max = max
  if (takesThresholds) values.thresholds = thresholdsOf(field(defaults, 'thresholds'), complain)
  values.mappings = mappingsOf(listIn(defaults, 'mappings'), complain)
  values.noValue = clipped(textIn(defaults, 'noValue'), 60)
  return values
}

export function unitFields(name: string, complain: Complaints): Pick<ValueInput, 'unit' | 'suffix'> {
  const { unit, suffix, isKnown } = unitOf(name)
  if (!isKnown) complain.partly(`unit "${name}"`, 'Belfry has no such unit; the plain number is shown.')
  return { unit, suffix }
}

function thresholdsOf(thresholds: unknown, complain: Complaints): z.input<typeof Thresholds> {
  const steps = listIn(thresholds, 'steps')
  const colors = steps.map((step) => ({ value: numberIn(step, 'value'), state: stateOf(textIn(step, 'color')) }))
  // The step without a value is the base; older boards wrote -Infinity as null, too.
  const [base] = colors.filter(({ value }) => value === null)
  const taken = colors.flatMap(({ value, state }) => (value === null ? [] : [{ value, state }]))
  if (taken.length > 20) complain.partly('thresholds', `Of ${taken.length} steps the first 20 are taken.`)
  return {
    mode: textIn(thresholds, 'mode') === 'percentage' ? 'percent' : 'absolute',
    base: base?.state ?? 'neutral',
    steps: taken.slice(0, 20),
  }
}

/** Both the present form (by `type` names and `options`) and the older one (by numbers). */
function mappingsOf(mappings: readonly unknown[], complain: Complaints): z.input<typeof Mapping>[] {
  const taken = mappings.flatMap((mapping): z.input<typeof Mapping>[] => {
    switch (field(mapping, 'type')) {
      case 'value':
        return Object.entries(Object(field(mapping, 'options')))
          .toSorted(([, a], [, b]) => (numberIn(a, 'index') ?? 0) - (numberIn(b, 'index') ?? 0))
          .map(([value, result]) => ({ type: 'value', value, ...resultOf(result) }))
      case 'range':
        return [
          {
            type: 'range',
            from: numberIn(mapping, 'options', 'from'),
            to: numberIn(mapping, 'options', 'to'),
            ...resultOf(field(mapping, 'options', 'result')),
          },
        ]
      case 'regex': {
        const pattern = patternOf(textIn(mapping, 'options', 'pattern'))
        return [{ type: 'regex', pattern, ...resultOf(field(mapping, 'options', 'result')) }]
      }
      case 'special': {
        const match = specialMatches[textIn(mapping, 'options', 'match')]
        if (match !== undefined) return [{ type: 'special', match, ...resultOf(field(mapping, 'options', 'result')) }]
        complain.not('mappings', `There is no value "${textIn(mapping, 'options', 'match')}" in series.`)
        return []
      }
      case 1:
        return [oldValue(textIn(mapping, 'value') || String(numberIn(mapping, 'value') ?? ''), mapping)]
      case 2:
        return [{ type: 'range', from: numberIn(mapping, 'from'), to: numberIn(mapping, 'to'), ...resultOf(mapping) }]
      default:
        complain.not('mappings', 'Its kind is not known.')
        return []
    }
  })
  return taken.slice(0, 200).filter((mapping) => {
    const parsed = Mapping.safeParse(mapping)
    if (!parsed.success) complain.not('mappings', parsed.error.issues[0]?.message ?? '')
    return parsed.success
  })
}

/** `null` stands for no value. */
function oldValue(value: string, result: unknown): z.input<typeof Mapping> {
  return value === 'null'
    ? { type: 'special', match: 'none-or-nan', ...resultOf(result) }
    : { type: 'value', value, ...resultOf(result) }
}

const specialMatches: Readonly<Record<string, 'none' | 'nan' | 'none-or-nan'>> = {
  null: 'none',
  nan: 'nan',
  'null+nan': 'none-or-nan',
  empty: 'none',
}

function resultOf(result: unknown): { text: string; state: z.input<typeof Mapping>['state'] } {
  const color = textIn(result, 'color')
  return { text: clipped(textIn(result, 'text'), 120), state: color === '' ? null : stateOf(color) }
}

const reducersByName: Readonly<Record<string, Reducer>> = {
  last: 'last',
  lastNotNull: 'last',
  current: 'last',
  first: 'first',
  firstNotNull: 'first',
  min: 'min',
  max: 'max',
  mean: 'avg',
  avg: 'avg',
  sum: 'sum',
  total: 'sum',
  count: 'count',
  range: 'range',
  diff: 'change',
  delta: 'change',
  median: 'median',
}

export function reducerOf(name: string, complain: Complaints): Reducer {
  if (name === '') return 'last'
  if (Object.hasOwn(reducersByName, name)) return reducersByName[name] ?? 'last'
  complain.partly(`calculation "${name}"`, 'It is not there; the last value is shown.')
  return 'last'
}

export function reducersOf(names: readonly unknown[], complain: Complaints): Reducer[] {
  const known = names.filter((name) => typeof name === 'string')
  return [...new Set(known.map((name) => reducerOf(name, complain)))].slice(0, 10)
}

/** Of `fieldConfig.overrides`: those whose matcher and properties have a counterpart. */
export function overridesOf(overrides: readonly unknown[], complain: Complaints): z.input<typeof Override>[] {
  return overrides.slice(0, 100).flatMap((override, index) => {
    const match = matchOf(override, `overrides[${index}]`, complain)
    if (match === null) return []
    const set: z.input<typeof Override>['set'] = {}
    for (const property of listIn(override, 'properties')) {
      const name = textIn(property, 'id')
      const take = Object.hasOwn(properties, name) ? properties[name] : undefined
      const isTaken = take?.(set, field(property, 'value'), complain) ?? false
      if (!isTaken) complain.not(`overrides[${index}] ${name}`, `Nothing like it is there for "${match.value}".`)
    }
    const parsed = Override.safeParse({ match, set })
    if (!parsed.success) complain.not(`overrides[${index}]`, parsed.error.issues[0]?.message ?? '')
    return parsed.success && Object.keys(set).length > 0 ? [{ match, set }] : []
  })
}

function matchOf(override: unknown, what: string, complain: Complaints): z.input<typeof Override>['match'] | null {
  const options = currentSyntax(textIn(override, 'matcher', 'options'))
  switch (textIn(override, 'matcher', 'id')) {
    case 'byName':
      return { by: 'name', value: options }
    case 'byFrameRefID':
      return { by: 'target', value: options }
    case 'byRegexp': {
      const pattern = patternOf(options)
      const problem = patternProblem(pattern)
      if (problem === null) return { by: 'regex', value: pattern }
      complain.not(what, problem)
      return null
    }
    default:
      complain.not(
        `${what} (${textIn(override, 'matcher', 'id') || 'no matcher'})`,
        'Series are chosen by name, regular expression or query.',
      )
      return null
  }
}

type Set = z.input<typeof Override>['set']
/** False: this value has no counterpart. */
type Take = (set: Set, value: unknown, complain: Complaints) => boolean

const number =
  (take: (set: Set, value: number) => void): Take =>
  (set, value) => {
    const found = numberIn({ value }, 'value')
    if (found !== null) take(set, found)
    return found !== null
  }

/** Looks and nothing else: no word is lost on them. */
const look: Take = () => true

const properties: Readonly<Record<string, Take>> = {
  unit(set, value, complain) {
    Object.assign(set, unitFields(typeof value === 'string' ? value : '', complain))
    return true
  },
  displayName(set, value) {
    if (typeof value === 'string') set.displayName = clipped(labelSyntax(value), 200)
    return true
  },
  decimals: number((set, value) => {
    set.decimals = Math.min(10, Math.max(0, Math.round(value)))
  }),
  min: number((set, value) => {
    set.min = value
  }),
  max: number((set, value) => {
    set.max = value
  }),
  thresholds(set, value, complain) {
    set.thresholds = thresholdsOf(value, complain)
    return true
  },
  mappings(set, value, complain) {
    set.mappings = mappingsOf(Array.isArray(value) ? value : [], complain)
    return true
  },
  color(set, value) {
    const color = seriesColorOf(textIn(value, 'fixedColor'))
    if (color !== null) set.color = color
    return true
  },
  'custom.axisPlacement'(set, value) {
    if (value === 'right') set.axis = 'right'
    else if (value === 'left') set.axis = 'left'
    return ['left', 'right', 'auto', 'hidden'].includes(String(value))
  },
  'custom.drawStyle'(set, value) {
    const draw = drawOf(value)
    if (draw !== null) set.draw = draw
    return draw !== null
  },
  'custom.fillOpacity': number((set, value) => {
    set.fill = Math.min(1, Math.max(0, value / 100))
  }),
  'custom.lineWidth': number((set, value) => {
    set.lineWidth = Math.min(10, Math.max(0, value))
  }),
  'custom.stacking'(set, value) {
    set.stacking = stackingOf(textIn(value, 'mode'))
    return true
  },
  'custom.transform'(set, value) {
    if (value === 'negative-Y') set.isNegated = true
    return value === 'negative-Y'
  },
  'custom.hideFrom'(set, value) {
    if (isSet(value, 'viz') || isSet(value, 'legend')) set.isHidden = isSet(value, 'viz')
    return true
  },
  'custom.hidden'(set, value) {
    set.isHidden = value === true
    return true
  },
  'custom.width': number((set, value) => {
    set.widthPx = Math.min(2000, Math.max(20, Math.round(value)))
  }),
  'custom.align': look,
  'custom.lineStyle': look,
  'custom.gradientMode': look,
  'custom.pointSize': look,
  'custom.showPoints': look,
  'custom.axisLabel': look,
  'custom.axisColorMode': look,
  'custom.filterable': look,
  'custom.minWidth': look,
  'custom.displayMode': look,
  'custom.cellOptions': look,
}

export function drawOf(value: unknown): 'line' | 'bars' | 'points' | null {
  return value === 'line' || value === 'bars' || value === 'points' ? value : null
}

export function stackingOf(mode: string): 'none' | 'normal' | 'percent' {
  return mode === 'normal' || mode === 'percent' ? mode : 'none'
}

/** `${__field.labels.instance}` is `{{instance}}` here. */
export function labelSyntax(text: string): string {
  return text.replace(/\$\{__field\.labels\.(\w+)\}/g, '{{$1}}').replace(/\$\{__field\.labels\["(\w+)"\]\}/g, '{{$1}}')
}

/** Whether the panel's thresholds show anywhere: by default every panel has some, and few use them. */
export function usesThresholds(defaults: unknown, isAlwaysColored: boolean): boolean {
  const mode = textIn(defaults, 'color', 'mode')
  const style = textIn(defaults, 'custom', 'thresholdsStyle', 'mode')
  if (style !== '' && style !== 'off') return true
  return isAlwaysColored ? mode === '' || mode === 'thresholds' : mode === 'thresholds' && has(defaults, 'thresholds')
}
