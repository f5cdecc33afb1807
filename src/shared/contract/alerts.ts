/** Alerts: one row per episode, from the first true evaluation to its resolution, and the rules behind them. */
import { z } from 'zod'
import { Cursor, DurationMs, Instant, Labels, Limit, Nothing, Severity } from './common.ts'
import { FileDifference } from './config.ts'
import { defineContract } from './define.ts'

/** `resolved` is the archived form of inactive. */
export const AlertState = z.enum(['pending', 'firing', 'recovering', 'resolved'])
export type AlertState = z.infer<typeof AlertState>

export const Acknowledgement = z.strictObject({
  by: z.string(),
  at: Instant,
  note: z.string(),
  /** When it lapses by itself; null: with the episode. */
  until: Instant.nullable(),
})

export const AlertView = z.strictObject({
  /** Of the episode: minted when pending starts, never used again. */
  id: z.string(),
  rule: z.string(),
  severity: Severity,
  labels: Labels,
  annotations: Labels,
  state: AlertState,
  health: z.enum(['ok', 'nodata', 'error']),
  /** The expression's value when it was last true; null when it gives none. */
  value: z.number().nullable(),
  activeAt: Instant,
  firedAt: Instant.nullable(),
  resolvedAt: Instant.nullable(),
  resolution: z.enum(['cleared', 'stale', 'manual', 'rule-removed']).nullable(),
  acknowledgement: Acknowledgement.nullable(),
  snoozedUntil: Instant.nullable(),
  /** The check it speaks of, when it does. */
  checkId: z.string().nullable(),
})
export type AlertView = z.infer<typeof AlertView>

/** Append-only. What happened to the episode, oldest first. */
export const AlertEvent = z.strictObject({
  at: Instant,
  type: z.enum([
    'pending',
    'fired',
    'recovering',
    'refired',
    'resolved',
    'acknowledged',
    'unacknowledged',
    'snoozed',
    'unsnoozed',
    'health',
    'suppressed',
  ]),
  by: z.string().nullable(),
  message: z.string(),
})
export type AlertEvent = z.infer<typeof AlertEvent>

export const Delivery = z.strictObject({
  id: z.string(),
  /** The idempotency key: the same for every attempt of one message. */
  key: z.string(),
  alertId: z.string().nullable(),
  channel: z.string(),
  event: z.enum(['fired', 'resolved', 'test']),
  title: z.string(),
  state: z.enum(['queued', 'sending', 'delivered', 'retrying', 'dead']),
  createdAt: Instant,
  nextAttemptAt: Instant.nullable(),
  attempts: z.array(z.strictObject({ at: Instant, durationMs: z.number(), ok: z.boolean(), answer: z.string() })),
})
export type Delivery = z.infer<typeof Delivery>

export const AlertDetail = z.strictObject({
  alert: AlertView,
  events: z.array(AlertEvent),
  deliveries: z.array(Delivery),
  /** Full sentences: why it fired, why somebody was told or not, what comes next and when. */
  explanation: z.array(z.string()),
  expr: z.string(),
  forMs: z.number(),
  /** Earlier episodes of the same rule and labels, newest first, at most ten. */
  similar: z.array(AlertView),
})
export type AlertDetail = z.infer<typeof AlertDetail>

export const RuleDraft = z.strictObject({
  alert: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected letters, digits and _ only, such as DiskFull')
    .max(120),
  expr: z.string().trim().min(1).max(5000),
  forMs: DurationMs.default(0),
  keepFiringForMs: DurationMs.default(0),
  /** `severity` among them. */
  labels: Labels.default({}),
  annotations: Labels.default({}),
})
export type RuleDraft = z.infer<typeof RuleDraft>

export const RuleView = z.strictObject({
  /** `file;group;alert`, stable while those are. */
  id: z.string(),
  origin: z.enum(['preset', 'own', 'file']),
  file: z.string(),
  group: z.string(),
  everyMs: z.number(),
  enabled: z.boolean(),
  rule: RuleDraft,
  health: z.enum(['ok', 'nodata', 'error', 'waiting']),
  problem: z.string().nullable(),
  lastEvaluatedAt: Instant.nullable(),
  lastDurationMs: z.number().nullable(),
  firing: z.number().int(),
  pending: z.number().int(),
})
export type RuleView = z.infer<typeof RuleView>

/** A recording rule as it stands. */
export const RecordingRuleView = z.strictObject({
  type: z.literal('record'),
  id: z.string(),
  /** The metric it writes. */
  record: z.string(),
  expr: z.string(),
  labels: Labels,
  health: RuleView.shape.health,
  problem: z.string().nullable(),
  lastEvaluatedAt: Instant.nullable(),
  lastDurationMs: z.number().nullable(),
})
export type RecordingRuleView = z.infer<typeof RecordingRuleView>

const GroupedAlertRule = RuleView.extend({
  type: z.literal('alert'),
  /** Its active alerts, where they were asked for. */
  alerts: z.array(AlertView),
})

/** Rules in the order in which they are evaluated. */
export const RuleGroupView = z.strictObject({
  /** `file;group`. */
  id: z.string(),
  name: z.string(),
  file: z.string(),
  origin: RuleView.shape.origin,
  everyMs: z.number(),
  /** Series or alerts a rule may give; 0: no limit. */
  limit: z.number().int(),
  queryOffsetMs: z.number(),
  lastEvaluatedAt: Instant.nullable(),
  /** Of all its rules together. */
  lastDurationMs: z.number().nullable(),
  /** Evaluations left out since the start. */
  skipped: z.number().int(),
  rules: z.array(z.discriminatedUnion('type', [GroupedAlertRule, RecordingRuleView])),
})
export type RuleGroupView = z.infer<typeof RuleGroupView>

const Tier = z.enum(['raw', '5m', '1h'])

/** What a rule would have done over stored history. */
export const Backtest = z.strictObject({
  from: Instant,
  to: Instant,
  /** Between two evaluations: the group's interval, or more where the range has too many of those. */
  stepMs: z.number(),
  /** Which history answered, oldest first, without gaps. */
  tiers: z.array(z.strictObject({ tier: Tier, from: Instant, to: Instant })),
  /** Time in which somebody looked; the rest of the range is neither calm nor firing. */
  observedMs: z.number(),
  /** The rest, oldest first; of very many only the longest. */
  unobserved: z.array(z.strictObject({ from: Instant, to: Instant })),
  /** How often it would have fired, on all series. */
  fired: z.number().int(),
  firingMs: z.number(),
  /** Sets of labels that the expression looked at. */
  seriesSeen: z.number().int(),
  /** Those on which it fired or was pending: longest firing first, at most a hundred. */
  series: z.array(
    z.strictObject({
      labels: Labels,
      fired: z.number().int(),
      firingMs: z.number(),
      pendingMs: z.number(),
      /** The value farthest beyond the condition; null when it is no number. */
      worst: z.number().nullable(),
      intervals: z.array(z.strictObject({ state: z.enum(['pending', 'firing']), from: Instant, to: Instant })),
    }),
  ),
  /** Further ones that fired or were pending. */
  seriesLeftOut: z.number().int(),
  durationMs: z.number(),
})
export type Backtest = z.infer<typeof Backtest>

export const BacktestQuestion = z.strictObject({
  expr: z.string().trim().min(1).max(5000),
  forMs: DurationMs.default(0),
  keepFiringForMs: DurationMs.default(0),
  /** How often the rule is evaluated. */
  everyMs: z.number().int().min(1000).max(86_400_000).default(15_000),
  from: Instant,
  to: Instant,
  /** Names this backtest in the events that tell how far it is. */
  key: z.string().max(100).default(''),
})
export type BacktestQuestion = z.infer<typeof BacktestQuestion>

export const InboxItem = z.strictObject({
  id: z.string(),
  at: Instant,
  alertId: z.string().nullable(),
  event: z.enum(['fired', 'resolved', 'test']),
  severity: Severity,
  title: z.string(),
  body: z.string(),
  readAt: Instant.nullable(),
})
export type InboxItem = z.infer<typeof InboxItem>

export const ChannelView = z.strictObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  enabled: z.boolean(),
  available: z.boolean(),
  mechanism: z.string(),
  problem: z.string().nullable(),
  lastDelivery: z.strictObject({ at: Instant, ok: z.boolean(), answer: z.string() }).nullable(),
})
export type ChannelView = z.infer<typeof ChannelView>

const Ids = z.strictObject({ ids: z.array(z.string()).min(1).max(1000) })
const AlertList = z.array(AlertView)

export const alertsContract = defineContract({
  calls: {
    'alerts.list': {
      summary: 'Episodes, active ones first by severity and age, then resolved ones newest first',
      role: 'viewer',
      input: z.strictObject({
        states: z.array(AlertState).default(['pending', 'firing', 'recovering']),
        severities: z.array(Severity).default([]),
        /** `name=value` label filters, all of which must hold. */
        labels: z.array(z.string().max(300)).max(20).default([]),
        text: z.string().max(200).default(''),
        limit: Limit.default(200),
        cursor: Cursor.default(null),
      }),
      output: z.strictObject({ alerts: AlertList, next: Cursor }),
    },
    'alerts.get': {
      summary: 'One episode with its history, deliveries and explanation',
      role: 'viewer',
      input: z.strictObject({ id: z.string() }),
      output: AlertDetail,
    },
    'alerts.acknowledge': {
      summary: 'Take the alerts on: repeats stop, others see who holds them',
      role: 'operator',
      input: Ids.extend({ note: z.string().max(2000).default(''), until: Instant.nullable().default(null) }),
      output: AlertList,
    },
    'alerts.unacknowledge': { summary: 'Undo an acknowledgement', role: 'operator', input: Ids, output: AlertList },
    'alerts.snooze': {
      summary: 'Say nothing of the alerts until then',
      role: 'operator',
      input: Ids.extend({ until: Instant }),
      output: AlertList,
    },
    'alerts.unsnooze': { summary: 'End a snooze now', role: 'operator', input: Ids, output: AlertList },
    'alerts.resolve': {
      summary: 'Close the episodes by hand; a condition that still holds after having been false opens new ones',
      role: 'operator',
      input: Ids.extend({ note: z.string().max(2000).default('') }),
      output: AlertList,
    },
    'rules.list': {
      summary: 'All rules with health and last evaluation',
      role: 'viewer',
      input: Nothing,
      output: z.array(RuleView),
    },
    'rules.groups': {
      summary: 'Groups of rules, recording rules among them, with their evaluation',
      role: 'viewer',
      input: z.strictObject({ alerts: z.boolean().default(false) }),
      output: z.array(RuleGroupView),
    },
    'rules.save': {
      summary: 'Create an own rule or replace one; an own rule named like a preset takes its place',
      role: 'operator',
      input: z.strictObject({ id: z.string().nullable().default(null), rule: RuleDraft }),
      output: RuleView,
    },
    'rules.preview': {
      summary: 'What saving a rule would make of the file; nothing is written',
      role: 'operator',
      input: z.strictObject({ id: z.string().nullable().default(null), rule: RuleDraft }),
      output: z.strictObject({ files: z.array(FileDifference) }),
    },
    'rules.remove': {
      summary: 'Remove an own rule',
      role: 'operator',
      input: z.strictObject({ id: z.string() }),
      output: z.strictObject({ rule: RuleDraft }),
    },
    'rules.setEnabled': {
      summary: 'Switch a rule on or off',
      role: 'operator',
      input: z.strictObject({ id: z.string(), enabled: z.boolean() }),
      output: RuleView,
    },
    'rules.test': {
      summary: 'What an expression gives now, without saving anything',
      role: 'viewer',
      input: z.strictObject({ expr: z.string().max(5000) }),
      output: z.strictObject({
        results: z.array(z.strictObject({ labels: Labels, value: z.number().nullable() })),
        durationMs: z.number(),
      }),
    },
    'rules.backtest': {
      summary: 'What a rule would have done over stored history; ends when the caller cancels',
      role: 'viewer',
      input: BacktestQuestion,
      output: Backtest,
      timeoutMs: 10 * 60_000,
    },
    'inbox.list': {
      summary: 'What Belfry told, newest first',
      role: 'viewer',
      input: z.strictObject({ limit: Limit.default(100), cursor: Cursor.default(null) }),
      output: z.strictObject({ items: z.array(InboxItem), unread: z.number().int(), next: Cursor }),
    },
    'inbox.markRead': {
      summary: 'Mark messages as read; an empty list means all',
      role: 'operator',
      input: z.strictObject({ ids: z.array(z.string()).max(1000) }),
      output: z.strictObject({ unread: z.number().int() }),
    },
    'notify.channels': {
      summary: 'Channels and whether they work here',
      role: 'viewer',
      input: Nothing,
      output: z.array(ChannelView),
    },
    'notify.test': {
      summary: 'Send a test message through the real path and show the answer',
      role: 'operator',
      input: z.strictObject({ channel: z.string() }),
      output: Delivery,
      timeoutMs: 30_000,
    },
    'notify.deliveries': {
      summary: 'Delivery log, newest first',
      role: 'viewer',
      input: z.strictObject({
        alertId: z.string().nullable().default(null),
        limit: Limit.default(100),
        cursor: Cursor.default(null),
      }),
      output: z.strictObject({ deliveries: z.array(Delivery), next: Cursor }),
    },
  },
  events: {
    'alerts.changed': AlertView,
    'rules.changed': z.strictObject({}),
    /** How far a backtest is: 0 to 1. */
    'rules.backtestAdvanced': z.strictObject({ key: z.string(), share: z.number() }),
    'inbox.added': InboxItem,
    'deliveries.changed': Delivery,
  },
})
