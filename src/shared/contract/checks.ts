/** Checks: probes of endpoints, their confirmed state, their history and the evidence behind it. */
import { z } from 'zod'
import { Cursor, DurationMs, Instant, Labels, Limit, Nothing, TimeRange } from './common.ts'
import { defineContract } from './define.ts'

/** What one probe found. `unknown`: it could not be measured, which is never the target's fault. */
export const Outcome = z.enum(['up', 'degraded', 'down', 'unknown'])
export type Outcome = z.infer<typeof Outcome>

/** What a stretch of time is accounted as. Nobody looked during `unobserved`. */
export const TimelineState = z.enum(['up', 'degraded', 'down', 'unknown', 'maintenance', 'unobserved'])
export type TimelineState = z.infer<typeof TimelineState>

/** Why: a stable code such as `connection-refused` and a sentence for people. */
export const Reason = z.strictObject({ code: z.string(), message: z.string() })
export type Reason = z.infer<typeof Reason>

export const Confirmation = z.strictObject({
  /** This many failures among the last `of` results make it down. */
  failures: z.number().int().min(1).max(10).default(2).meta({ title: 'Down after failures' }),
  of: z.number().int().min(1).max(10).default(3).meta({ title: 'Among the last results' }),
  /** This many successes in a row bring it back. */
  successes: z.number().int().min(1).max(10).default(2).meta({ title: 'Up after successes' }),
  /** While a change is being confirmed, probe this often. */
  retryEveryMs: DurationMs.min(1000).default(15_000).meta({ title: 'Retry every', unit: 'ms' }),
})
export type Confirmation = z.infer<typeof Confirmation>

const GroupName = z.string().trim().min(1).max(60)
const Tag = z.string().trim().min(1).max(60)
const Tags = z.array(Tag).max(50)

/** What an operator writes; the same content as an entry of `checks:` in belfry.yaml. */
export const CheckDraft = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: z.string().min(1).max(40),
  enabled: z.boolean().default(true),
  everyMs: DurationMs.min(1000).max(86_400_000).default(60_000).meta({ title: 'Interval', unit: 'ms' }),
  /** Covers everything: name resolution to the last byte. */
  timeoutMs: DurationMs.min(100).max(300_000).default(10_000).meta({ title: 'Timeout', unit: 'ms' }),
  confirm: Confirmation.prefault({}).meta({ title: 'Confirmation' }),
  /** Degraded when the 95th percentile of the last ten minutes is above; null: never. */
  slowMs: DurationMs.min(1)
    .nullable()
    .default(null)
    .meta({ title: 'Degraded when slower than', description: 'Of 95 % of the last ten minutes', unit: 'ms' }),
  labels: Labels.default({}).meta({ title: 'Labels', description: 'For filters, rules and routing' }),
  /** Of `groups:` in belfry.yaml; what the entry does not say itself comes from there. */
  group: GroupName.nullable().default(null).meta({ title: 'Group', description: 'Gives what is not said here' }),
  /** For filters and bulk edits; rules see labels only. The group's own are not among them. */
  tags: Tags.default([]).meta({ title: 'Tags', description: 'For filters and bulk edits' }),
  /** As the kind's schema says. */
  config: z.record(z.string(), z.json()),
})
export type CheckDraft = z.infer<typeof CheckDraft>

export const Phase = z.strictObject({ name: z.string(), durationMs: z.number() })
export type Phase = z.infer<typeof Phase>

export const CheckResult = z.strictObject({
  id: z.string(),
  checkId: z.string(),
  at: Instant,
  trigger: z.enum(['scheduled', 'retry', 'manual', 'trial']),
  outcome: Outcome,
  reason: Reason,
  durationMs: z.number(),
  phases: z.array(Phase),
  /** Request, response, certificate: whatever the kind saw, capped and without secrets. See evidence.ts. */
  evidence: z.json(),
})
export type CheckResult = z.infer<typeof CheckResult>

export const CheckView = z.strictObject({
  /** Also the value of the label `check` of all its series (`probe_*`, `belfry_check_state`). */
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  /** What is probed, as one line: a URL or host:port. */
  target: z.string(),
  enabled: z.boolean(),
  everyMs: z.number(),
  /** The group's and its own. */
  labels: Labels,
  group: z.string().nullable(),
  /** The group's and its own, each once. */
  tags: z.array(z.string()),
  /** Confirmed. `unobserved` while paused or not yet probed. */
  state: TimelineState,
  /** When this state began: an outage with its first failure. Time nobody looked since then is in the timeline. */
  stateSince: Instant,
  reason: Reason,
  /** Results that point elsewhere than the state, while a change is being confirmed. */
  confirming: z.strictObject({ toward: Outcome, seen: z.number().int(), needed: z.number().int() }).nullable(),
  last: z.strictObject({ at: Instant, outcome: Outcome, durationMs: z.number(), reason: Reason }).nullable(),
  nextRunAt: Instant.nullable(),
  certificateExpiresAt: Instant.nullable(),
})
export type CheckView = z.infer<typeof CheckView>

export const StateInterval = z.strictObject({ from: Instant, to: Instant, state: TimelineState, reason: Reason })
export type StateInterval = z.infer<typeof StateInterval>

/** Milliseconds per state; they sum to the window. */
export const StateTotals = z.strictObject({
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  unknown: z.number(),
  maintenance: z.number(),
  unobserved: z.number(),
})
export type StateTotals = z.infer<typeof StateTotals>

/** `availabilityRatio` is (up + degraded) / (up + degraded + down); null when that time is zero. */
export const Uptime = z.strictObject({ availabilityRatio: z.number().nullable(), coverageRatio: z.number() })
export type Uptime = z.infer<typeof Uptime>

export const CheckHistory = z.strictObject({
  id: z.string(),
  /** Heartbeat bar, oldest first, equal widths; each the worst state in its stretch. */
  bar: z.array(z.strictObject({ from: Instant, to: Instant, state: TimelineState, downMs: z.number() })),
  uptime: z.strictObject({ day: Uptime, week: Uptime, month: Uptime }),
  /** Mean duration per equal stretch of the last 24 h, oldest first; null where there is none. */
  latencyMs: z.array(z.number().nullable()),
})
export type CheckHistory = z.infer<typeof CheckHistory>

export const CheckKindView = z.strictObject({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema of `config`, with title, description, unit and secret flags. */
  schema: z.json(),
  defaults: z.record(z.string(), z.json()),
})
export type CheckKindView = z.infer<typeof CheckKindView>

/** One change to many checks; what is absent stays as it is. */
export const ChecksChange = z.strictObject({
  enabled: z.boolean().optional(),
  everyMs: CheckDraft.shape.everyMs.unwrap().optional(),
  timeoutMs: CheckDraft.shape.timeoutMs.unwrap().optional(),
  slowMs: DurationMs.min(1).nullable().optional(),
  confirm: z
    .strictObject({
      failures: z.number().int().min(1).max(10).optional(),
      of: z.number().int().min(1).max(10).optional(),
      successes: z.number().int().min(1).max(10).optional(),
      retryEveryMs: DurationMs.min(1000).optional(),
    })
    .optional(),
  /** Null: of no group. */
  group: GroupName.nullable().optional(),
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
  setLabels: Labels.optional(),
  removeLabels: z.array(z.string()).max(50).optional(),
})
export type ChecksChange = z.infer<typeof ChecksChange>

/** Checks by what they are; a check has to fit all that is given. */
const CheckFilter = z.strictObject({
  group: GroupName.nullable().optional(),
  tag: Tag.optional(),
  kind: z.string().max(40).optional(),
  enabled: z.boolean().optional(),
  /** Values of labels that it has to have. */
  labels: Labels.optional(),
  /** Part of its name or target, upper and lower case alike. */
  text: z.string().max(200).optional(),
})
export type CheckFilter = z.infer<typeof CheckFilter>

export const CheckGroupView = z.strictObject({
  name: z.string(),
  /** What its checks inherit, as it is written. */
  defaults: z.record(z.string(), z.json()),
  tags: z.array(z.string()),
  labels: Labels,
  /** Ids of its checks. */
  checks: z.array(z.string()),
})
export type CheckGroupView = z.infer<typeof CheckGroupView>

const ById = z.strictObject({ id: z.string() })

export const checksContract = defineContract({
  calls: {
    'checks.kinds': {
      summary: 'Kinds of checks and the schema of each',
      role: 'viewer',
      input: Nothing,
      output: z.array(CheckKindView),
    },
    'checks.list': {
      summary: 'All checks with their present state',
      role: 'viewer',
      input: Nothing,
      output: z.array(CheckView),
    },
    'checks.get': { summary: 'One check', role: 'viewer', input: ById, output: CheckView },
    'checks.definition': {
      summary: 'What the operator wrote for a check, secrets replaced by a mark that "checks.save" takes as unchanged',
      role: 'operator',
      input: ById,
      output: CheckDraft,
    },
    'checks.guess': {
      summary: 'A draft made from a pasted URL or host:port',
      role: 'viewer',
      input: z.strictObject({ text: z.string().max(2000) }),
      output: CheckDraft,
    },
    'checks.save': {
      summary: 'Create a check, or replace the one with this id',
      role: 'operator',
      /** `before`: the definition the change began with; a check that is another by now is a conflict. */
      input: z.strictObject({
        id: z.string().nullable().default(null),
        draft: CheckDraft,
        before: CheckDraft.nullable().default(null),
      }),
      output: CheckView,
    },
    'checks.remove': {
      summary: 'Remove a check; its history is kept, and saving under the same id brings it back',
      role: 'operator',
      input: ById,
      output: z.strictObject({ id: z.string(), draft: CheckDraft }),
    },
    'checks.setEnabled': {
      summary: 'Pause or resume checks',
      role: 'operator',
      input: z.strictObject({ ids: z.array(z.string()).min(1).max(10_000), enabled: z.boolean() }),
      output: z.array(CheckView),
    },
    'checks.groups': {
      summary: 'Groups of checks, with what each gives to its checks',
      role: 'viewer',
      input: Nothing,
      output: z.array(CheckGroupView),
    },
    'checks.editMany': {
      summary: 'One change to many checks, written at once; "config.undo" takes it back',
      role: 'operator',
      /** Ids, or whatever fits the filter. `isPreview`: tells what would change and writes nothing. */
      input: z
        .strictObject({
          ids: z.array(z.string()).min(1).max(10_000).optional(),
          filter: CheckFilter.optional(),
          change: ChecksChange,
          isPreview: z.boolean().default(false),
        })
        .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
          message: 'expected either "ids" or "filter"',
        }),
      output: z.strictObject({
        checks: z.array(CheckView),
        files: z.array(z.strictObject({ file: z.string(), isNew: z.boolean(), diff: z.string() })),
      }),
    },
    'checks.run': {
      summary: 'Run a check now',
      role: 'operator',
      input: ById,
      output: CheckResult,
      timeoutMs: 310_000,
    },
    'checks.try': {
      summary: 'Run a draft once without saving it',
      role: 'operator',
      /** `id`: of the saved check that the draft changes, whose secrets it may keep. */
      input: z.strictObject({ id: z.string().nullable().default(null), draft: CheckDraft }),
      output: CheckResult,
      timeoutMs: 310_000,
    },
    'checks.histories': {
      summary: 'Heartbeat bar, uptime with coverage and latency of some checks',
      role: 'viewer',
      input: z.strictObject({
        ids: z.array(z.string()).max(200),
        buckets: z.number().int().min(10).max(200).default(48),
      }),
      output: z.array(CheckHistory),
    },
    'checks.timeline': {
      summary: 'State intervals of a check over a range, oldest first, without gaps',
      role: 'viewer',
      input: z.strictObject({ id: z.string(), range: TimeRange }),
      output: z.strictObject({ intervals: z.array(StateInterval), totals: StateTotals, uptime: Uptime }),
    },
    'checks.results': {
      summary: 'Kept attempts with their evidence, newest first',
      role: 'viewer',
      input: z.strictObject({
        id: z.string(),
        range: TimeRange,
        failuresOnly: z.boolean().default(false),
        limit: Limit.default(50),
        cursor: Cursor.default(null),
      }),
      output: z.strictObject({ results: z.array(CheckResult), next: Cursor }),
    },
  },
  events: {
    'checks.changed': CheckView,
    'checks.removed': z.strictObject({ id: z.string() }),
  },
})
