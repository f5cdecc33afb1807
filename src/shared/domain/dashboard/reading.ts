/** From a number to what is read: a text in its unit and a state. The same on screens, walls and in exports. */

import { compilePattern } from '../pattern.ts'
import { formatFixed, formatScaled, formatValue, noValue, type Scale, scaleFor } from '../unit.ts'
import type { DataPanel } from './panels.ts'
import type { Mapping, Override, PanelState, Thresholds } from './values.ts'

/** How the values of one series are read. */
export type ValueOptions = Pick<
  DataPanel,
  'unit' | 'suffix' | 'decimals' | 'min' | 'max' | 'thresholds' | 'mappings' | 'noValue'
>
/** What overrides may say beyond. */
export type SeriesOptions = ValueOptions & Omit<Override['set'], keyof ValueOptions>

/** What holds for a series of a panel: the panel's own, and the overrides that fit, later ones over earlier ones. */
export function seriesOptions(
  panel: DataPanel,
  series: { readonly name: string; readonly refId: string },
): SeriesOptions {
  let all: SeriesOptions = {
    unit: panel.unit,
    suffix: panel.suffix,
    decimals: panel.decimals,
    min: panel.min,
    max: panel.max,
    thresholds: panel.thresholds,
    mappings: panel.mappings,
    noValue: panel.noValue,
  }
  for (const { match, set } of panel.overrides) if (fits(match, series)) all = overridden(all, set)
  return all
}

function overridden(own: SeriesOptions, set: Override['set']): SeriesOptions {
  return {
    ...own,
    ...set,
    unit: given(set.unit, own.unit),
    suffix: given(set.suffix, own.suffix),
    decimals: given(set.decimals, own.decimals),
    min: given(set.min, own.min),
    max: given(set.max, own.max),
    thresholds: given(set.thresholds, own.thresholds),
    mappings: given(set.mappings, own.mappings),
    noValue: own.noValue,
  }
}

const given = <T>(over: T | undefined, own: T): T => (over === undefined ? own : over)

function fits(match: Override['match'], series: { readonly name: string; readonly refId: string }): boolean {
  switch (match.by) {
    case 'name':
      return match.value === series.name
    case 'target':
      return match.value === series.refId
    case 'regex':
      return compilePattern(match.value).matcher(series.name).find()
  }
}

/** The state a value is in; `neutral` where there is no value, or no scale to take per cent of. */
export function thresholdState(
  value: number | null,
  { mode, base, steps }: Thresholds,
  scale: { readonly min: number | null; readonly max: number | null },
): PanelState {
  if (value === null || Number.isNaN(value)) return 'neutral'
  const position = mode === 'absolute' ? value : percentOf(value, scale)
  if (position === null) return 'neutral'
  const reached = steps.filter((step) => position >= step.value).toSorted((a, b) => a.value - b.value)
  return reached.at(-1)?.state ?? base
}

function percentOf(value: number, { min, max }: { min: number | null; max: number | null }): number | null {
  const low = min ?? 0
  return max === null || max <= low ? null : ((value - low) / (max - low)) * 100
}

/** The first mapping that fits a value; texts with the groups of their regular expression put in. */
export function mapped(
  value: number | string | null,
  mappings: readonly Mapping[],
): { readonly text: string; readonly state: PanelState | null } | null {
  for (const mapping of mappings) {
    const text = textOf(value, mapping)
    if (text !== null) return { text, state: mapping.state }
  }
  return null
}

/** Null: it does not fit. */
function textOf(value: number | string | null, mapping: Mapping): string | null {
  const isNothing = value === null
  const isNotANumber = typeof value === 'number' && Number.isNaN(value)
  switch (mapping.type) {
    case 'value':
      return !isNothing && String(value) === String(mapping.value) ? mapping.text : null
    case 'range': {
      const { from, to } = mapping
      if (typeof value !== 'number' || isNotANumber) return null
      return value >= (from ?? Number.NEGATIVE_INFINITY) && value <= (to ?? Number.POSITIVE_INFINITY)
        ? mapping.text
        : null
    }
    case 'special':
      return (isNothing && mapping.match !== 'nan') || (isNotANumber && mapping.match !== 'none') ? mapping.text : null
    case 'regex': {
      if (isNothing) return null
      const matcher = compilePattern(mapping.pattern).matcher(String(value))
      if (!matcher.matches()) return null
      return mapping.text.replace(/\$(\d)/g, (_, group: string) =>
        Number(group) <= matcher.groupCount() ? (matcher.group(Number(group)) ?? '') : '',
      )
    }
  }
}

export interface Reading {
  readonly text: string
  readonly state: PanelState
}

/** A value as it is shown. `scale`: shared with others beside it; without one it takes its own best. */
export function readValue(value: number | null, options: ValueOptions, scale?: Scale): Reading {
  const found = mapped(value, options.mappings)
  const state = found?.state ?? thresholdState(value, options.thresholds, options)
  return { text: found?.text || numberText(value, options, scale), state }
}

function numberText(
  value: number | null,
  { unit, suffix, decimals, noValue: nothing }: ValueOptions,
  scale?: Scale,
): string {
  if (value === null || Number.isNaN(value)) return nothing || noValue
  const own = scale ?? scaleFor(unit, value)
  const isDate = unit === 'instant' || unit === 'instantMs'
  const number =
    isDate || !Number.isFinite(value)
      ? formatValue(value, unit)
      : decimals === null
        ? formatScaled(value, own)
        : formatFixed(value, own, decimals)
  return suffix === '' ? number : `${number} ${suffix}`
}
