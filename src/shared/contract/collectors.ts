/** Collectors of services: what Belfry reads from databases, caches, engines and endpoints on a schedule of each. */
import { z } from 'zod'
import { Reason } from './checks.ts'
import { DurationMs, Instant, Labels, Nothing } from './common.ts'
import { defineContract } from './define.ts'

/** What an operator writes; the same content as an entry of `collectors:` in belfry.yaml. */
export const CollectorDraft = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: z.string().min(1).max(40),
  enabled: z.boolean().default(true),
  everyMs: DurationMs.min(1000).max(86_400_000).default(30_000).meta({ title: 'Interval', unit: 'ms' }),
  /** Covers everything: name resolution to the last answer. */
  timeoutMs: DurationMs.min(100).max(300_000).default(10_000).meta({ title: 'Timeout', unit: 'ms' }),
  labels: Labels.default({}).meta({
    title: 'Labels',
    description: 'Of all its series, for filters, rules and routing',
  }),
  /** As the kind's schema says. */
  config: z.record(z.string(), z.json()),
})
export type CollectorDraft = z.infer<typeof CollectorDraft>

/**
 * `up`: the last run read what it should. `failing`: it could not, and `reason` says why. `unobserved`: nobody looked,
 * or this machine could not (no network of its own, no free socket), which says nothing about the service.
 */
export const CollectorState = z.enum(['up', 'failing', 'unobserved', 'paused'])
export type CollectorState = z.infer<typeof CollectorState>

const Fact = z.strictObject({ name: z.string(), value: z.string() })

export const CollectorStatus = z.strictObject({
  /** Also the value of the label `collector` of all its series. */
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  /** What is read, as one line; also the label `instance`. */
  target: z.string(),
  enabled: z.boolean(),
  everyMs: z.number(),
  labels: Labels,
  state: CollectorState,
  stateSince: Instant,
  reason: Reason,
  lastAt: Instant.nullable(),
  lastDurationMs: z.number().nullable(),
  /** Of the last run. */
  samples: z.number().int(),
  /** Parts of the last run that could not be read though the rest could. */
  problems: z.array(z.string()),
  /** What the last good run saw beside numbers, such as the server's version. */
  facts: z.array(Fact),
  nextRunAt: Instant.nullable(),
})
export type CollectorStatus = z.infer<typeof CollectorStatus>

export const MetricType = z.enum(['counter', 'gauge', 'untyped'])
export type MetricType = z.infer<typeof MetricType>

/** One metric with its newest samples; labels are those of the metric itself. */
export const MetricFamilyView = z.strictObject({
  name: z.string(),
  type: MetricType,
  help: z.string(),
  /** As units are written in names: seconds, bytes, ratio; empty where it counts. */
  unit: z.string(),
  /** A sample's number; null for what JSON has no number for. */
  samples: z.array(z.strictObject({ labels: Labels, value: z.number().nullable() })),
})
export type MetricFamilyView = z.infer<typeof MetricFamilyView>

/** A chart that tells most of a kind. */
export const CollectorChart = z.strictObject({
  title: z.string(),
  unit: z.enum(['count', 'bytes', 'seconds', 'ratio', 'perSecond', 'bytesPerSecond']),
  lines: z.array(
    z.strictObject({
      metric: z.string(),
      /** Absent: named by the label of `sumBy`. */
      label: z.string().optional(),
      reduce: z.enum(['avg', 'max', 'last', 'rate', 'increase']).default('avg'),
      /** Labels that keep lines apart; what differs in others is added up. */
      sumBy: z.array(z.string()).default([]),
    }),
  ),
})
export type CollectorChart = z.infer<typeof CollectorChart>

export const CollectorKindView = z.strictObject({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema of `config`, with title, description, unit and secret flags. */
  schema: z.json(),
  defaults: z.record(z.string(), z.json()),
  charts: z.array(CollectorChart),
})
export type CollectorKindView = z.infer<typeof CollectorKindView>

export const CollectorTrial = z.strictObject({
  at: Instant,
  durationMs: z.number(),
  /** Null when everything was read. */
  failure: Reason.nullable(),
  problems: z.array(z.string()),
  facts: z.array(Fact),
  metrics: z.array(MetricFamilyView),
  /** Of all metrics; more than are shown where it had too many. */
  samples: z.number().int(),
})
export type CollectorTrial = z.infer<typeof CollectorTrial>

const ById = z.strictObject({ id: z.string() })

export const collectorsContract = defineContract({
  calls: {
    'collectors.kinds': {
      summary: 'Kinds of collectors, the schema of each, and the charts that tell most of it',
      role: 'viewer',
      input: Nothing,
      output: z.array(CollectorKindView),
    },
    'collectors.list': {
      summary: 'All collectors of services with their state and last run',
      role: 'viewer',
      input: Nothing,
      output: z.array(CollectorStatus),
    },
    'collectors.get': { summary: 'One collector', role: 'viewer', input: ById, output: CollectorStatus },
    'collectors.latest': {
      summary: 'What the last run of a collector read, by metric',
      role: 'viewer',
      input: ById,
      output: z.strictObject({
        at: Instant.nullable(),
        metrics: z.array(MetricFamilyView),
        /** Of all metrics; more than are told where it had too many. */
        samples: z.number().int(),
      }),
    },
    'collectors.definition': {
      summary: 'What the operator wrote for a collector, secrets replaced by a mark that "collectors.save" keeps',
      role: 'operator',
      input: ById,
      output: CollectorDraft,
    },
    'collectors.detect': {
      summary: 'Services of this machine that answer at their usual places, each as a draft',
      role: 'operator',
      input: Nothing,
      output: z.array(z.strictObject({ title: z.string(), found: z.string(), draft: CollectorDraft })),
    },
    'collectors.save': {
      summary: 'Create a collector, or replace the one with this id',
      role: 'operator',
      /** `before`: the definition the change began with; a collector that is another by now is a conflict. */
      input: z.strictObject({
        id: z.string().nullable().default(null),
        draft: CollectorDraft,
        before: CollectorDraft.nullable().default(null),
      }),
      output: CollectorStatus,
    },
    'collectors.remove': {
      summary: 'Remove a collector; its history is kept, and saving under the same id brings it back',
      role: 'operator',
      input: ById,
      output: z.strictObject({ id: z.string(), draft: CollectorDraft }),
    },
    'collectors.setEnabled': {
      summary: 'Pause or resume collectors',
      role: 'operator',
      input: z.strictObject({ ids: z.array(z.string()).min(1).max(1000), enabled: z.boolean() }),
      output: z.array(CollectorStatus),
    },
    'collectors.run': {
      summary: 'Run a collector now',
      role: 'operator',
      input: ById,
      output: CollectorStatus,
      timeoutMs: 310_000,
    },
    'collectors.try': {
      summary: 'Run a draft once without saving it, and show what it reads',
      role: 'operator',
      /** `id`: of the saved collector that the draft changes, whose secrets it may keep. */
      input: z.strictObject({ id: z.string().nullable().default(null), draft: CollectorDraft }),
      output: CollectorTrial,
      timeoutMs: 310_000,
    },
  },
  events: {
    'collectors.changed': CollectorStatus,
    'collectors.removed': z.strictObject({ id: z.string() }),
  },
})
