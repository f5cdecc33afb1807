/** Stored series, as charts ask for them. */
import { z } from 'zod'
import { Instant, Labels, TimeRange } from './common.ts'
import { defineContract } from './define.ts'

const Matcher = z.strictObject({
  label: z.string().max(200),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(2000),
})

export const MetricQuery = z.strictObject({
  /** Metric name, such as `node_load1`. */
  metric: z.string().min(1).max(300),
  matchers: z.array(Matcher).max(20).default([]),
  range: TimeRange,
  /** At most this many points a series; the step is chosen so that they are round. */
  points: z.number().int().min(2).max(4000).default(600),
  /** What each point says of its step. `rate` is the counter's increase per second, resets accounted for. */
  reduce: z.enum(['avg', 'min', 'max', 'last', 'rate', 'increase']).default('avg'),
  /** Add up series that agree in these labels; null: each series for itself. */
  sumBy: z.array(z.string()).max(10).nullable().default(null),
})
export type MetricQuery = z.infer<typeof MetricQuery>

export const MetricAnswer = z.strictObject({
  stepMs: z.number(),
  /** Which history answered: raw samples or summaries. Never mixed within an answer. */
  tier: z.enum(['raw', '5m', '1h']),
  /** Start of each step, ascending; shared by all series. */
  times: z.array(Instant),
  series: z.array(
    z.strictObject({
      labels: Labels,
      /** Same length as `times`; null where nothing was observed. */
      values: z.array(z.number().nullable()),
    }),
  ),
})
export type MetricAnswer = z.infer<typeof MetricAnswer>

export const metricsContract = defineContract({
  calls: {
    'metrics.query': {
      summary: 'Several reduced ranges in one question, answered in order',
      role: 'viewer',
      input: z.strictObject({ queries: z.array(MetricQuery).min(1).max(24) }),
      output: z.array(MetricAnswer),
    },
    'metrics.latest': {
      summary: 'The newest value of each matching series, none older than five minutes',
      role: 'viewer',
      input: z.strictObject({ metric: z.string().min(1).max(300), matchers: z.array(Matcher).max(20).default([]) }),
      output: z.array(z.strictObject({ labels: Labels, at: Instant, value: z.number().nullable() })),
    },
    'metrics.names': {
      summary: 'Names of stored metrics',
      role: 'viewer',
      input: z.strictObject({ prefix: z.string().max(300).default('') }),
      output: z.array(z.string()),
    },
  },
  events: {
    /** New samples may be asked for, up to this instant. At most one a second. */
    'metrics.advanced': z.strictObject({ at: Instant }),
  },
})
