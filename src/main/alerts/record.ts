/** An alert as the engine holds it and the database keeps it: the machine's episode and all that people added to it. */
import { z } from 'zod'
import type { AlertingRule } from '#main/rules/rule.ts'
import type { StoredAlert } from '#main/store/families/alerts.ts'
import { Acknowledgement, type AlertState, type AlertView } from '#shared/contract/alerts.ts'
import { Instant, Labels, Severity } from '#shared/contract/common.ts'
import type { Episode } from '#shared/domain/alert-machine.ts'
import { isAcknowledged, type Telling } from '#shared/domain/notify-decision.ts'
import { severityOf } from '#shared/domain/severity.ts'

const EpisodeShape = z.strictObject({
  id: z.string(),
  state: z.enum(['pending', 'firing', 'recovering', 'closed']),
  health: z.enum(['ok', 'nodata', 'error']),
  labels: Labels,
  annotations: Labels,
  value: z.number().nullable(),
  activeAt: Instant,
  firedAt: Instant.nullable(),
  countsFrom: z.number(),
  seenAt: z.number(),
  missed: z.number().int(),
}) satisfies z.ZodType<Episode>

export const AlertRecord = z.strictObject({
  episode: EpisodeShape,
  ruleId: z.string(),
  rule: z.string(),
  fingerprint: z.string(),
  severity: Severity,
  checkId: z.string().nullable(),
  /** As the rule stood when the episode began. */
  expr: z.string(),
  forMs: z.number(),
  keepFiringForMs: z.number(),
  resolvedAt: Instant.nullable(),
  resolution: z.enum(['cleared', 'stale', 'manual', 'rule-removed']).nullable(),
  acknowledgement: Acknowledgement.nullable(),
  snoozedUntil: Instant.nullable(),
  /** When somebody was last told that it fires. */
  firingToldAt: Instant.nullable(),
  /** It fires and somebody is to be told as soon as nothing holds the message back. */
  owed: z.boolean(),
  /** What held the last message back. */
  suppression: z
    .strictObject({
      reason: z.enum([
        'resolved-untold',
        'resolved-unwanted',
        'severity',
        'superseded',
        'acknowledged',
        'snoozed',
        'quiet',
        'cooldown',
      ]),
      until: Instant.nullable(),
      by: z.string().optional(),
    })
    .nullable(),
})
export type AlertRecord = z.infer<typeof AlertRecord>

/** The record of an episode that begins. */
export function newRecord(
  rule: AlertingRule,
  fingerprint: string,
  episode: Episode,
  checkId: string | null,
): AlertRecord {
  const { expr, forMs, keepFiringForMs } = rule.draft
  return {
    episode,
    ruleId: rule.id,
    rule: rule.name,
    fingerprint,
    severity: severityOf(episode.labels),
    checkId,
    expr,
    forMs,
    keepFiringForMs,
    resolvedAt: null,
    resolution: null,
    acknowledgement: null,
    snoozedUntil: null,
    firingToldAt: null,
    owed: false,
    suppression: null,
  }
}

/** A record as it was saved. Throws when the database holds something else. */
export function parseRecord(body: string): AlertRecord {
  return AlertRecord.parse(JSON.parse(body))
}

export function stateOf({ episode, resolvedAt }: AlertRecord): AlertState {
  return resolvedAt !== null || episode.state === 'closed' ? 'resolved' : episode.state
}

export function storedAlert(record: AlertRecord): StoredAlert {
  const { episode, ruleId, rule, fingerprint, severity, checkId, resolvedAt } = record
  return {
    id: episode.id,
    ruleId,
    rule,
    fingerprint,
    severity,
    checkId,
    state: stateOf(record),
    live: resolvedAt === null || episode.state === 'closed',
    activeAt: episode.activeAt,
    firedAt: episode.firedAt,
    resolvedAt,
    labels: episode.labels,
    body: JSON.stringify(record),
  }
}

/** What screens are shown at an instant: lapsed acknowledgements and snoozes are gone. */
export function viewOf(record: AlertRecord, at: number): AlertView {
  const { episode, rule, severity, resolvedAt, resolution, acknowledgement, snoozedUntil, checkId } = record
  return {
    id: episode.id,
    rule,
    severity,
    labels: episode.labels,
    annotations: episode.annotations,
    state: stateOf(record),
    health: episode.health,
    value: episode.value,
    activeAt: episode.activeAt,
    firedAt: episode.firedAt,
    resolvedAt,
    resolution,
    acknowledgement: isAcknowledged(acknowledgement, at) ? acknowledgement : null,
    snoozedUntil: snoozedUntil !== null && at < snoozedUntil ? snoozedUntil : null,
    checkId,
  }
}

/** What cooldowns are counted for besides the rule: the labels that say what an alert is about. */
export function targetOf({ alertname: _name, severity: _severity, ...rest }: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function tellingOf(
  record: AlertRecord,
  event: Telling['event'],
  lastToldAt: number | null,
  cooldownMs: number,
  supersededBy: string | null,
): Telling {
  const { severity, firingToldAt, acknowledgement, snoozedUntil } = record
  // The cooldown is between episodes: an episode that is told again (after a snooze) does not wait for itself.
  const toldBefore = firingToldAt === null ? lastToldAt : null
  return {
    event,
    severity,
    firingToldAt,
    acknowledgement,
    snoozedUntil,
    lastToldAt: toldBefore,
    cooldownMs,
    supersededBy,
  }
}
