/** PromQL over what is stored, and what there is to ask about: the one query language of panels, rules and the HTTP API. */
import { z } from 'zod'
import { Instant, Labels } from './common.ts'
import { defineContract } from './define.ts'

/** JSON has no NaN and no infinities. */
export const QueryValue = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])])
export type QueryValue = z.infer<typeof QueryValue>

/** The longest expression that is looked at, in characters. */
const longestExpression = 100_000
const Expression = z.string().max(longestExpression)

/** PromQL vector selectors, as in `match[]`; what matches any of them counts. */
const Selectors = z.array(z.string().max(10_000)).max(100).default([])

const Tier = z.enum(['raw', '5m', '1h'])

const Stats = z.strictObject({
  /** Stored samples, or buckets of summaries, that were read. */
  samples: z.number().int(),
  durationMs: z.number(),
})

export const RangeAnswer = z.strictObject({
  resultType: z.literal('matrix'),
  /** Which history answered: raw samples or summaries. Never mixed within an answer. */
  tier: Tier,
  stepMs: z.number().int(),
  /** One instant a step, ascending; shared by all series. */
  times: z.array(Instant),
  /** `values` has one entry a step: null where there is no sample. A scalar is one series without labels. */
  series: z.array(z.strictObject({ labels: Labels, values: z.array(QueryValue.nullable()) })),
  warnings: z.array(z.string()),
  stats: Stats,
})
export type RangeAnswer = z.infer<typeof RangeAnswer>

export const InstantAnswer = z.strictObject({
  resultType: z.enum(['vector', 'scalar', 'matrix', 'string']),
  at: Instant,
  tier: Tier,
  /** A scalar is one series without labels and one sample. */
  series: z.array(z.strictObject({ labels: Labels, samples: z.array(z.tuple([Instant, QueryValue])) })),
  /** Of a string only. */
  text: z.string().nullable(),
  warnings: z.array(z.string()),
  stats: Stats,
})
export type InstantAnswer = z.infer<typeof InstantAnswer>

const ExpressionCheck = z.strictObject({
  /** Null where the expression is not valid. */
  type: z.enum(['scalar', 'vector', 'matrix', 'string']).nullable(),
  /** Half-open offsets into the text, in UTF-16 code units. */
  problems: z.array(z.strictObject({ message: z.string(), from: z.number().int(), to: z.number().int() })),
  /** Names of metrics that the expression asks for, ascending. */
  metrics: z.array(z.string()),
})

export const MetricMetadata = z.strictObject({
  metric: z.string(),
  /** As the exposition formats name it: counter, gauge, histogram, summary, untyped, info, stateset, ... */
  type: z.string(),
  help: z.string(),
  unit: z.string(),
})
export type MetricMetadata = z.infer<typeof MetricMetadata>

/** Longer than the longest `query.timeout`, so that the limit by its name is what is told. */
const timeoutMs = 130_000
const when = { from: Instant.nullable(), to: Instant.nullable() }

export const queryContract = defineContract({
  calls: {
    'query.range': {
      summary: 'A PromQL expression at each step of a range',
      role: 'viewer',
      timeoutMs,
      input: z.strictObject({ expr: Expression, from: Instant, to: Instant, stepMs: z.number().int().min(1) }),
      output: RangeAnswer,
    },
    'query.instant': {
      summary: 'A PromQL expression at one instant; now where none is given',
      role: 'viewer',
      timeoutMs,
      input: z.strictObject({ expr: Expression, at: Instant.nullable() }),
      output: InstantAnswer,
    },
    'query.check': {
      summary: 'What a PromQL expression is, or what is wrong with it and where',
      role: 'viewer',
      input: z.strictObject({ expr: Expression }),
      output: ExpressionCheck,
    },
    'query.labelNames': {
      summary: 'Names of labels of matching series',
      role: 'viewer',
      input: z.strictObject({ selectors: Selectors, ...when }),
      output: z.array(z.string()),
    },
    'query.labelValues': {
      summary: 'Values of one label of matching series',
      role: 'viewer',
      input: z.strictObject({ label: z.string().min(1).max(1000), selectors: Selectors, ...when }),
      output: z.array(z.string()),
    },
    'query.series': {
      summary: 'Labels of matching series, their names as __name__',
      role: 'viewer',
      input: z.strictObject({
        selectors: Selectors,
        ...when,
        limit: z.number().int().min(1).max(100_000).default(10_000),
      }),
      output: z.array(Labels),
    },
    'query.metadata': {
      summary: 'Type, help and unit of metrics, as their sources tell them',
      role: 'viewer',
      input: z.strictObject({ metric: z.string().max(1000).nullable() }),
      output: z.array(MetricMetadata),
    },
  },
  events: {},
})
