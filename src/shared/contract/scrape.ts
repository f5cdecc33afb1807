/** Targets that are scraped in the manner of Prometheus, and the prometheus.yml that names them. */
import { z } from 'zod'
import { DurationMs, Instant, Labels, Nothing } from './common.ts'
import { defineContract } from './define.ts'

/** `unknown`: not looked at yet. `unobserved`: this machine could not look, which says nothing of the target. */
export const ScrapeState = z.enum(['up', 'down', 'unknown', 'unobserved'])
export type ScrapeState = z.infer<typeof ScrapeState>

export const TargetView = z.strictObject({
  id: z.string(),
  job: z.string(),
  url: z.string(),
  /** What its samples get. */
  labels: Labels,
  /** Before relabelling. */
  discovered: Labels,
  state: ScrapeState,
  lastAt: Instant.nullable(),
  lastDurationMs: DurationMs.nullable(),
  /** Of the last answer, inflated. */
  lastBytes: z.number().int().min(0).nullable(),
  samples: z.number().int().min(0).nullable(),
  /** Those that relabelling left. */
  samplesKept: z.number().int().min(0).nullable(),
  error: z.string().nullable(),
  warnings: z.array(z.string()),
  everyMs: DurationMs,
  timeoutMs: DurationMs,
  nextAt: Instant.nullable(),
})
export type TargetView = z.infer<typeof TargetView>

export const PoolView = z.strictObject({
  job: z.string(),
  /** Its line in prometheus.yml. */
  line: z.number().int().nullable(),
  everyMs: DurationMs,
  targets: z.array(TargetView),
  /** Some of those that relabelling dropped, and how many there are. */
  dropped: z.array(z.strictObject({ discovered: Labels })),
  droppedCount: z.number().int().min(0),
  /** Why some of what was discovered is not scraped. */
  problems: z.array(z.string()),
})
export type PoolView = z.infer<typeof PoolView>

const ScrapeProblem = z.strictObject({
  /** `error`: the part is not used. `warning`: it has no effect here. */
  level: z.enum(['error', 'warning']),
  file: z.string(),
  line: z.number().int().nullable(),
  message: z.string(),
})

export const ScrapeView = z.strictObject({
  /** The prometheus.yml, whether it is there or not. */
  file: z.string(),
  exists: z.boolean(),
  pools: z.array(PoolView),
  problems: z.array(ScrapeProblem),
})
export type ScrapeView = z.infer<typeof ScrapeView>

/** What was typed: `host:port`, `host:port/path` or a URL. */
const Address = z.string().trim().min(1).max(2000)

export const TriedTarget = z.strictObject({
  /** As it was asked. */
  url: z.string(),
  format: z.enum(['text', 'openmetrics']),
  durationMs: DurationMs,
  bytes: z.number().int().min(0),
  samples: z.number().int().min(0),
  metrics: z.number().int().min(0),
  /** The first, what the exporter says of itself last; as they would be stored but for the labels of the target. */
  first: z.array(z.strictObject({ name: z.string(), labels: Labels, value: z.string() })),
  /** How the exposition departs from its format; it is taken nevertheless. */
  remark: z.string().nullable(),
})
export type TriedTarget = z.infer<typeof TriedTarget>

export const scrapeContract = defineContract({
  calls: {
    'scrape.targets': {
      summary: 'All targets by job, with what their last scrape gave, and what is wrong with prometheus.yml',
      role: 'viewer',
      input: Nothing,
      output: ScrapeView,
    },
    'scrape.metadata': {
      summary: 'What targets say of their metrics',
      role: 'viewer',
      input: z.strictObject({
        /** Of targets, such as `{job="node"}`; null: all. */
        selector: z.string().max(10_000).nullable().default(null),
        metric: z.string().max(1000).nullable().default(null),
        limit: z.number().int().min(0).max(1_000_000).nullable().default(10_000),
      }),
      output: z.array(
        z.strictObject({ target: Labels, metric: z.string(), type: z.string(), help: z.string(), unit: z.string() }),
      ),
    },
    'scrape.scrapeNow': {
      summary: 'Scrapes a target at once and says what became of it',
      role: 'operator',
      input: z.strictObject({ id: z.string().max(10_000) }),
      output: TargetView,
    },
    'scrape.reload': {
      summary: 'Reads prometheus.yml and its files of targets again',
      role: 'operator',
      input: Nothing,
      output: ScrapeView,
    },
    'scrape.try': {
      summary: 'Asks an address for metrics once and shows the first samples; nothing is stored',
      role: 'operator',
      input: z.strictObject({ address: Address }),
      output: TriedTarget,
    },
    'scrape.add': {
      summary: 'Adds a target to prometheus.yml, which is made where there is none',
      role: 'admin',
      input: z.strictObject({
        address: Address,
        job: z
          .string()
          .trim()
          .min(1)
          .max(200)
          .regex(/^[^\p{Cc}]+$/u, { error: 'expected a name without control characters' }),
      }),
      output: z.strictObject({
        file: z.string(),
        /** What was written, as a unified difference. */
        difference: z.string(),
      }),
    },
  },
  events: {
    /** Targets are others, or in another state. At most one a second. */
    'scrape.changed': z.strictObject({ at: Instant }),
  },
})
