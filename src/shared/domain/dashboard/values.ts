/** How the numbers of a panel are read: unit, scale, thresholds, words for values, and what holds for single series. */
import { z } from 'zod'
import { patternWithin } from '../pattern.ts'
import { units } from '../unit.ts'

/** What a value says of the thing it is of; shown by shape, word and colour. `neutral`: nothing. */
export const panelStates = ['neutral', 'up', 'degraded', 'down', 'unknown', 'maintenance'] as const
export const PanelState = z.enum(panelStates)
export type PanelState = z.infer<typeof PanelState>

/** A colour of the theme: one of the series' own, or that of a state. */
export const SeriesColor = z.enum(['series-1', 'series-2', 'series-3', 'series-4', 'series-5', ...panelStates.slice(1)])
export type SeriesColor = z.infer<typeof SeriesColor>

/** From a series to one number. `last` is the newest there is; `change` is last minus first, `range` max minus min. */
export const reducers = ['last', 'first', 'min', 'max', 'avg', 'sum', 'count', 'range', 'change', 'median'] as const
export const Reducer = z.enum(reducers)
export type Reducer = z.infer<typeof Reducer>

export const Thresholds = z.strictObject({
  /** `percent`: of the way from `min` to `max`. */
  mode: z.enum(['absolute', 'percent']).default('absolute'),
  /** Below the first step. */
  base: PanelState.default('neutral'),
  /** Each holds from its value on, up to the next; in any order in the file. */
  steps: z
    .array(z.strictObject({ value: z.number(), state: PanelState }))
    .max(20)
    .default([]),
})
export type Thresholds = z.infer<typeof Thresholds>

const shown = {
  /** Instead of the number; empty keeps it. */
  text: z.string().max(120).default(''),
  /** Null: what the thresholds say. */
  state: PanelState.nullable().default(null),
}

const Pattern = patternWithin(500)

/** The first that fits is taken. */
export const Mapping = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('value'), value: z.union([z.number(), z.string().max(500)]), ...shown }),
  /** Both ends belong to it; null: open. */
  z.strictObject({ type: z.literal('range'), from: z.number().nullable(), to: z.number().nullable(), ...shown }),
  z.strictObject({ type: z.literal('special'), match: z.enum(['none', 'nan', 'none-or-nan']), ...shown }),
  /** RE2, the whole text; `$1` in `text` is its first group. */
  z.strictObject({ type: z.literal('regex'), pattern: Pattern, ...shown }),
])
export type Mapping = z.infer<typeof Mapping>

export const valueShape = {
  unit: z.enum(units).default('none'),
  /** After the number where no unit fits, such as `req`. */
  suffix: z.string().max(30).default(''),
  /** Null: as many as tell values apart. */
  decimals: z.number().int().min(0).max(10).nullable().default(null),
  /** Ends of the axis or the gauge; null: from the data. */
  min: z.number().nullable().default(null),
  max: z.number().nullable().default(null),
  thresholds: Thresholds.prefault({}),
  mappings: z.array(Mapping).max(200).default([]),
  /** Where there is no value; empty: a dash. */
  noValue: z.string().max(60).default(''),
}

export const Override = z.strictObject({
  /** `name` is the whole legend, `regex` (RE2) any part of it, `target` all series of a target by its refId. */
  match: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('name'), value: z.string().max(500) }),
    z.strictObject({ by: z.literal('regex'), value: Pattern }),
    z.strictObject({ by: z.literal('target'), value: z.string().max(20) }),
  ]),
  /** Only what is given takes the place of the panel's own. */
  set: z.strictObject({
    displayName: z.string().max(200).optional(),
    unit: valueShape.unit.unwrap().optional(),
    suffix: valueShape.suffix.unwrap().optional(),
    decimals: valueShape.decimals.unwrap().optional(),
    min: valueShape.min.unwrap().optional(),
    max: valueShape.max.unwrap().optional(),
    thresholds: Thresholds.optional(),
    mappings: valueShape.mappings.unwrap().optional(),
    color: SeriesColor.optional(),
    isHidden: z.boolean().optional(),
    axis: z.enum(['left', 'right']).optional(),
    draw: z.enum(['line', 'bars', 'points']).optional(),
    /** 0..1 */
    fill: z.number().min(0).max(1).optional(),
    lineWidth: z.number().min(0).max(10).optional(),
    stacking: z.enum(['none', 'normal', 'percent']).optional(),
    /** Drawn below zero: outgoing traffic under incoming. */
    isNegated: z.boolean().optional(),
    /** Of a table's column. Pixels. */
    widthPx: z.number().int().min(20).max(2000).optional(),
  }),
})
export type Override = z.infer<typeof Override>
