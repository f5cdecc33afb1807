/** The panels of a dashboard, one schema a kind. Positions are those of the board with every row open. */
import { z } from 'zod'
import { Labels, Severity } from '../../contract/common.ts'
import { parseDurationMs } from '../../promql/duration.ts'
import { Override, Reducer, valueShape } from './values.ts'

/** Columns of the grid. */
export const gridColumns = 24

export const Grid = z
  .strictObject({
    x: z
      .number()
      .int()
      .min(0)
      .max(gridColumns - 1),
    y: z.number().int().min(0).max(10_000),
    w: z.number().int().min(1).max(gridColumns),
    h: z.number().int().min(1).max(200),
  })
  .refine(({ x, w }) => x + w <= gridColumns, {
    error: `expected x + w of at most ${gridColumns}: the panel reaches beyond the grid.`,
  })
export type Grid = z.infer<typeof Grid>

/** Empty, or a duration such as `30s`; variables are allowed where `$` begins. */
export const durationOrNothing = z
  .string()
  .max(100)
  .refine((text) => text === '' || text.startsWith('$') || (parseDurationMs(text) ?? 0) > 0, {
    error: 'expected a duration such as 30s or 5m, or nothing.',
  })

export const VariableName = z.string().regex(/^(?!__)[A-Za-z_]\w{0,63}$/, {
  error: 'expected letters, digits and underscores, at most 64, such as "instance"; "__" is kept for what is built in.',
})

export const Link = z.strictObject({
  title: z.string().min(1).max(120),
  /** Variables are allowed. */
  url: z
    .string()
    .max(2000)
    .regex(/^(https?:\/\/|\/(?!\/)|#)/, {
      error: 'expected an address with http:// or https://, or a path of Belfry with /.',
    }),
})
export type Link = z.infer<typeof Link>

export const Target = z.strictObject({
  /** Names the target within its panel: `A`, `B` ... */
  refId: z.string().regex(/^[A-Za-z0-9_]{1,20}$/, { error: 'expected a short name such as "A".' }),
  /** PromQL; variables are allowed. */
  expr: z.string().max(20_000),
  /** Such as `{{instance}}`; empty: the labels in which the series differ. */
  legend: z.string().max(500).default(''),
  /** `instant`: one value at the end of the range, for tables, stats and bars. */
  mode: z.enum(['range', 'instant']).default('range'),
  /** No step is shorter. */
  minStep: durationOrNothing.default(''),
  isHidden: z.boolean().default(false),
})
export type Target = z.infer<typeof Target>

const common = {
  /** Names the panel within its board. */
  id: z.number().int().min(1).max(1e9),
  title: z.string().max(200).default(''),
  /** Markdown (see text panels), shown at the title. */
  description: z.string().max(5000).default(''),
  grid: Grid,
  links: z.array(Link).max(20).default([]),
  /** One panel for each chosen value of a variable. */
  repeat: z
    .strictObject({
      variable: VariableName,
      direction: z.enum(['across', 'down']).default('across'),
      /** Beside each other. */
      mostInRow: z.number().int().min(1).max(gridColumns).default(4),
    })
    .nullable()
    .default(null),
}

const data = {
  targets: z.array(Target).max(26).default([]),
  /** The panel's own stretch of time up to the board's end, such as `1h`; empty: the board's range. */
  timeFrom: durationOrNothing.default(''),
  /** So much earlier than the board's range, such as `1d`. */
  timeShift: durationOrNothing.default(''),
  /** At most so many points a series; null: as many as the panel is wide. */
  maxPoints: z.number().int().min(2).max(4000).nullable().default(null),
}

const values = { ...valueShape, overrides: z.array(Override).max(100).default([]) }

const Legend = z
  .strictObject({
    mode: z.enum(['hidden', 'list', 'table']).default('list'),
    place: z.enum(['bottom', 'right']).default('bottom'),
    /** Columns of a table, or numbers beside the names of a list. */
    values: z.array(Reducer).max(10).default([]),
  })
  .prefault({})

const TimeSeriesPanel = z.strictObject({
  type: z.literal('timeseries'),
  ...common,
  ...data,
  ...values,
  legend: Legend,
  draw: z.enum(['line', 'bars', 'points']).default('line'),
  interpolation: z.enum(['linear', 'step', 'smooth']).default('linear'),
  /** How opaque the area below a line is, 0..1. */
  fill: z.number().min(0).max(1).default(0.1),
  lineWidth: z.number().min(0).max(10).default(1.5),
  stacking: z.enum(['none', 'normal', 'percent']).default('none'),
  /** Whether a line goes on over steps without a sample. */
  connectsGaps: z.boolean().default(false),
  axisLabel: z.string().max(60).default(''),
  scale: z.enum(['linear', 'log2', 'log10']).default('linear'),
  /** How thresholds are drawn. */
  thresholdStyle: z.enum(['none', 'line', 'area']).default('none'),
})

const StatPanel = z.strictObject({
  type: z.literal('stat'),
  ...common,
  ...data,
  ...values,
  reduce: Reducer.default('last'),
  /** `auto`: names where there are several series. */
  show: z.enum(['auto', 'value', 'name', 'value-and-name']).default('auto'),
  graph: z.enum(['none', 'area']).default('area'),
  /** What takes the state's colour. */
  colors: z.enum(['none', 'value', 'background']).default('value'),
})

const GaugePanel = z.strictObject({
  type: z.literal('gauge'),
  ...common,
  ...data,
  ...values,
  reduce: Reducer.default('last'),
  showsThresholds: z.boolean().default(true),
})

const BarPanel = z.strictObject({
  type: z.literal('bar'),
  ...common,
  ...data,
  ...values,
  reduce: Reducer.default('last'),
  orientation: z.enum(['horizontal', 'vertical']).default('horizontal'),
  /** Largest first, or as the query orders them. */
  order: z.enum(['value', 'query']).default('query'),
})

const TablePanel = z.strictObject({
  type: z.literal('table'),
  ...common,
  ...data,
  ...values,
  /** From a range to the one number in its cell. */
  reduce: Reducer.default('last'),
  /**
   * Targets are joined by their labels. Columns are labels by name, and `Value` or `Value #A` for the numbers of a
   * target; those that are not listed follow in their order.
   */
  columns: z
    .array(
      z.strictObject({
        name: z.string().max(200),
        title: z.string().max(200).default(''),
        isHidden: z.boolean().default(false),
      }),
    )
    .max(100)
    .default([]),
  sort: z
    .strictObject({ column: z.string().max(200), isDescending: z.boolean().default(true) })
    .nullable()
    .default(null),
  /** What takes the state's colour. */
  colors: z.enum(['none', 'value', 'background']).default('value'),
})

const HeatmapPanel = z.strictObject({
  type: z.literal('heatmap'),
  ...common,
  ...data,
  ...values,
  /** `buckets`: series with the label `le`, each counting all that is below; `values`: numbers sorted into buckets. */
  from: z.enum(['buckets', 'values']).default('buckets'),
  bucketCount: z.number().int().min(2).max(100).default(20),
})

const StateTimelinePanel = z.strictObject({
  type: z.literal('state-timeline'),
  ...common,
  ...data,
  ...values,
  /** Neighbours of the same state are one bar. */
  mergesEqual: z.boolean().default(true),
  showsValues: z.boolean().default(true),
  /** 0..1 */
  rowHeight: z.number().min(0.1).max(1).default(0.8),
})

const HeartbeatPanel = z.strictObject({
  type: z.literal('heartbeat'),
  ...common,
  /** Checks that have all of these labels and this text in their name or target; variables are allowed. */
  checks: z.strictObject({ labels: Labels.default({}), text: z.string().max(120).default('') }).prefault({}),
  limit: z.number().int().min(1).max(200).default(50),
})

const TextPanel = z.strictObject({
  type: z.literal('text'),
  ...common,
  /** Headings, paragraphs, lists, quotes, code, bold, italic, links; HTML is shown as it is written. */
  markdown: z.string().max(50_000).default(''),
})

const AlertListPanel = z.strictObject({
  type: z.literal('alert-list'),
  ...common,
  states: z
    .array(z.enum(['pending', 'firing', 'recovering', 'resolved']))
    .max(4)
    .default(['firing', 'recovering']),
  severities: z.array(Severity).max(4).default([]),
  /** As `name="value"`, all of which must hold; variables are allowed. */
  labels: z.array(z.string().max(500)).max(20).default([]),
  limit: z.number().int().min(1).max(200).default(20),
})

const LogListPanel = z.strictObject({
  type: z.literal('log-list'),
  ...common,
  query: z.string().max(5000).default(''),
  limit: z.number().int().min(1).max(500).default(100),
})

/** Heads the panels below it, up to the next row. */
const RowPanel = z.strictObject({
  type: z.literal('row'),
  ...common,
  isCollapsed: z.boolean().default(false),
})

export const Panel = z.discriminatedUnion('type', [
  TimeSeriesPanel,
  StatPanel,
  GaugePanel,
  BarPanel,
  TablePanel,
  HeatmapPanel,
  StateTimelinePanel,
  HeartbeatPanel,
  TextPanel,
  AlertListPanel,
  LogListPanel,
  RowPanel,
])
export type Panel = z.infer<typeof Panel>
export type PanelType = Panel['type']
/** Panels that ask for series. */
export type DataPanel = Extract<Panel, { targets: unknown }>
export type TextPanel = z.infer<typeof TextPanel>

export const isDataPanel = (panel: Panel): panel is DataPanel => 'targets' in panel
