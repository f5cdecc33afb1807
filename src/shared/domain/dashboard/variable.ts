/** The variables of a dashboard, as its file holds them. */
import { z } from 'zod'
import { parseDurationMs } from '../../promql/duration.ts'
import { patternProblem } from '../pattern.ts'
import { variablesIn } from './interpolate.ts'
import { VariableName } from './panels.ts'

/** As a chosen value: all of them. */
export const allValues = '$__all'

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
    regex: z
      .string()
      .max(500)
      .superRefine((text, context) => {
        const problem = variablesIn(text).length > 0 ? null : patternProblem(text)
        if (problem !== null) context.addIssue({ code: 'custom', message: problem })
      })
      .default(''),
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
