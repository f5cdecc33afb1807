/**
 * A dashboard as its file holds it: variables, annotations and panels on a grid of 24 columns. Written without what is as
 * by default; a field that is not known is an error, so that a typing error never goes unseen.
 */
import { z } from 'zod'
import { Labels } from '../../contract/common.ts'
import { parseDurationMs } from '../../promql/duration.ts'
import { durationOrNothing, Link, Panel, VariableName } from './panels.ts'
import { SeriesColor } from './values.ts'

/** The version that is written. Older ones are brought to it, see upgrade.ts. */
export const dashboardVersion = 1

/** As a chosen value: all of them. */
export const allValues = '$__all'

export const DashboardUid = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, {
  error: 'expected lower case letters, digits, dashes and underscores, at most 80, such as "this-machine".',
})

const variableFields = {
  name: VariableName,
  /** Shown instead of the name. */
  label: z.string().max(60).default(''),
  description: z.string().max(500).default(''),
  isHidden: z.boolean().default(false),
}
const choice = {
  isMulti: z.boolean().default(false),
  includesAll: z.boolean().default(false),
  /** What "all" stands for, such as `.*`; null: every value, as a regular expression. */
  allValue: z.string().max(500).nullable().default(null),
  /** Chosen when the board opens: values, or `$__all`; empty: the first there is. */
  current: z.array(z.string().max(2000)).max(1000).default([]),
}

export const Variable = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('query'),
    ...variableFields,
    ...choice,
    /** `label_values(label)`, `label_values(metric, label)`, `label_names()`, `metrics(regex)` or `query_result(expr)`. */
    query: z.string().min(1).max(5000),
    /** RE2. Values without a match are left out; a group is what is kept, `(?P<text>...)` and `(?P<value>...)` by name. */
    regex: z.string().max(500).default(''),
    sort: z
      .enum(['none', 'alphabetical', 'alphabetical-descending', 'numerical', 'numerical-descending', 'natural'])
      .default('alphabetical'),
  }),
  z.strictObject({
    type: z.literal('custom'),
    ...variableFields,
    ...choice,
    /** `text` empty: the value itself. */
    options: z
      .array(z.strictObject({ text: z.string().max(200).default(''), value: z.string().max(2000) }))
      .min(1)
      .max(500),
  }),
  z.strictObject({ type: z.literal('constant'), ...variableFields, value: z.string().max(2000) }),
  z.strictObject({
    type: z.literal('interval'),
    ...variableFields,
    options: z
      .array(
        z.string().refine((text) => (parseDurationMs(text) ?? 0) > 0, { error: 'expected a duration such as 5m.' }),
      )
      .min(1)
      .max(50),
    /** Offers `auto` too: the range in so many steps, none shorter than `autoMin`. */
    hasAuto: z.boolean().default(false),
    autoSteps: z.number().int().min(1).max(1000).default(30),
    autoMin: z
      .string()
      .refine((text) => (parseDurationMs(text) ?? 0) > 0, { error: 'expected a duration such as 10s.' })
      .default('10s'),
    /** One of the options, or `auto`; empty: the first. */
    current: z.string().max(20).default(''),
  }),
  z.strictObject({ type: z.literal('textbox'), ...variableFields, current: z.string().max(2000).default('') }),
])
export type Variable = z.infer<typeof Variable>

const annotationFields = {
  name: z.string().min(1).max(60),
  isShown: z.boolean().default(true),
  color: SeriesColor.default('series-4'),
}

export const Annotation = z.discriminatedUnion('source', [
  /** When alerts fired and resolved; labels as `name="value"`, all of which must hold. */
  z.strictObject({
    source: z.literal('alerts'),
    ...annotationFields,
    labels: z.array(z.string().max(500)).max(20).default([]),
  }),
  /** When checks changed their state. */
  z.strictObject({
    source: z.literal('check-changes'),
    ...annotationFields,
    labels: Labels.default({}),
    text: z.string().max(120).default(''),
  }),
  /** What Belfry says of itself, and time that it did not observe. */
  z.strictObject({ source: z.literal('notices'), ...annotationFields }),
  /** Stretches in which a query has a value; texts take `{{label}}`. */
  z.strictObject({
    source: z.literal('query'),
    ...annotationFields,
    expr: z.string().min(1).max(20_000),
    title: z.string().max(500).default(''),
    text: z.string().max(2000).default(''),
    step: durationOrNothing.default(''),
  }),
])
export type Annotation = z.infer<typeof Annotation>

export const Dashboard = z
  .strictObject({
    /** For editors. */
    $schema: z.string().max(500).optional(),
    version: z.literal(dashboardVersion),
    /** Names the board in its address: `/dashboards/<uid>`. */
    uid: DashboardUid,
    title: z.string().trim().min(1).max(120),
    description: z.string().max(5000).default(''),
    tags: z.array(z.string().trim().min(1).max(60)).max(30).default([]),
    /** As it is typed: `now-6h`, `now/d`, `2026-01-05 14:00`. */
    timeRange: z
      .strictObject({ from: z.string().max(40).default('now-6h'), to: z.string().max(40).default('now') })
      .prefault({}),
    /** `auto`: as often as there is something new; `off`; or a duration such as `30s`. */
    refresh: z
      .string()
      .refine((text) => ['auto', 'off'].includes(text) || (parseDurationMs(text) ?? 0) >= 1000, {
        error: 'expected "auto", "off" or a duration of at least 1s, such as 30s.',
      })
      .default('auto'),
    variables: z.array(Variable).max(50).default([]),
    annotations: z.array(Annotation).max(20).default([]),
    links: z.array(Link).max(20).default([]),
    panels: z.array(Panel).max(500).default([]),
  })
  .superRefine(({ variables, panels }, context) => {
    const names = new Set<string>()
    for (const [index, { name }] of variables.entries()) {
      if (names.has(name)) complain(['variables', index, 'name'], `expected names to differ, came "${name}" twice.`)
      names.add(name)
    }
    const ids = new Set<number>()
    for (const [index, panel] of panels.entries()) {
      if (ids.has(panel.id)) complain(['panels', index, 'id'], `expected ids to differ, came ${panel.id} twice.`)
      ids.add(panel.id)
      if (panel.repeat !== null && !names.has(panel.repeat.variable)) {
        const there = [...names].join(', ') || 'none'
        complain(
          ['panels', index, 'repeat', 'variable'],
          `expected a variable of this board (${there}), came "${panel.repeat.variable}".`,
        )
      }
    }
    function complain(path: (string | number)[], message: string): void {
      context.addIssue({ code: 'custom', path, message })
    }
  })
export type Dashboard = z.infer<typeof Dashboard>
/** As files and requests hold it: what is as by default may be left out. */
export type DashboardInput = z.input<typeof Dashboard>
