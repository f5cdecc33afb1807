/**
 * Episodes of alerts, what happened to each, and when rules last told somebody. An episode's body is JSON, parsed by
 * whoever knows its shape; columns repeat only what is searched for.
 */
import type { AlertEvent, AlertState } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'
import { defineFamily } from '../family.ts'

export interface StoredAlert {
  readonly id: string
  readonly ruleId: string
  readonly rule: string
  readonly fingerprint: string
  readonly severity: Severity
  readonly checkId: string | null
  readonly state: AlertState
  /** Whether the state machine still holds it. */
  readonly live: boolean
  readonly activeAt: number
  readonly firedAt: number | null
  readonly resolvedAt: number | null
  readonly labels: Readonly<Record<string, string>>
  readonly body: string
}

export interface StoredAlertEvent extends AlertEvent {
  readonly alertId: string
}

/** When a rule last told somebody of a target. */
export interface Told {
  readonly rule: string
  readonly target: string
  readonly at: number
}

/** Resolved episodes that had fired, newest first, before a position. */
export interface ResolvedQuestion {
  /** Empty: all. */
  readonly severities: readonly Severity[]
  /** All must be equal. */
  readonly labels: readonly (readonly [name: string, value: string])[]
  /** Part of the rule's name or of a label's value, in any case; empty: all. */
  readonly text: string
  readonly before: { readonly at: number; readonly id: string } | null
  readonly limit: number
}

export const alertTables = defineFamily({
  writes(database) {
    const save = database.prepare<[AlertRow]>(
      `INSERT INTO alert (id, rule_id, rule, fingerprint, severity, check_id, state, live, active_at, fired_at,
                          resolved_at, labels, body)
       VALUES (@id, @ruleId, @rule, @fingerprint, @severity, @checkId, @state, @live, @activeAt, @firedAt,
               @resolvedAt, @labels, @body)
       ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, check_id = excluded.check_id,
         state = excluded.state, live = excluded.live, fired_at = excluded.fired_at,
         resolved_at = excluded.resolved_at, labels = excluded.labels, body = excluded.body`,
    )
    const addEvent = database.prepare<[StoredAlertEvent]>(
      `INSERT INTO alert_event (alert_id, at, type, by, message) VALUES (@alertId, @at, @type, @by, @message)`,
    )
    const see = database.prepare<[{ id: string; at: number }]>(
      `UPDATE alert SET body = json_set(body, '$.episode.seenAt', @at) WHERE id = @id AND live = 1`,
    )
    const tell = database.prepare<[Told]>(
      `INSERT INTO alert_told (rule, target, at) VALUES (@rule, @target, @at)
       ON CONFLICT (rule, target) DO UPDATE SET at = excluded.at`,
    )
    const pruneAlerts = database.prepare<[PruneInput]>(
      `DELETE FROM alert WHERE id IN
         (SELECT id FROM alert WHERE state = 'resolved' AND live = 0
            AND resolved_at < CASE WHEN fired_at IS NULL THEN @unfiredBefore ELSE @before END
          ORDER BY resolved_at LIMIT @limit)`,
    )
    const pruneTold = database.prepare<[PruneInput]>('DELETE FROM alert_told WHERE at < @before')
    return {
      'alert.save': (alerts: readonly StoredAlert[]) => {
        for (const alert of alerts) {
          save.run({ ...alert, live: alert.live ? 1 : 0, labels: JSON.stringify(alert.labels) })
        }
      },
      'alert.addEvents': (events: readonly StoredAlertEvent[]) => {
        for (const event of events) addEvent.run(event)
      },
      /** Episodes that wait for time to pass were looked at: after a restart, time counts from here. */
      'alert.see': (input: { readonly ids: readonly string[]; readonly at: number }) => {
        for (const id of input.ids) see.run({ id, at: input.at })
      },
      'alert.tell': (told: readonly Told[]) => {
        for (const one of told) tell.run(one)
      },
      'alert.prune': (input: PruneInput) => {
        pruneAlerts.run(input)
        pruneTold.run(input)
      },
    }
  },

  questions(database) {
    const live = database.prepare<[], { body: string }>('SELECT body FROM alert WHERE live = 1 ORDER BY id')
    const get = database.prepare<[{ id: string }], { body: string }>('SELECT body FROM alert WHERE id = @id')
    const events = database.prepare<[{ id: string }], AlertEvent>(
      'SELECT at, type, by, message FROM alert_event WHERE alert_id = @id ORDER BY number',
    )
    const told = database.prepare<[], Told>('SELECT rule, target, at FROM alert_told')
    const alike = database.prepare<[AlikeQuestion], { body: string }>(
      `SELECT body FROM alert
       WHERE rule = @rule AND fingerprint = @fingerprint AND id <> @except AND fired_at IS NOT NULL
       ORDER BY active_at DESC LIMIT @limit`,
    )
    const resolved = database.prepare<[ResolvedParameters], { body: string }>(
      `SELECT body FROM alert
       WHERE state = 'resolved' AND fired_at IS NOT NULL AND (resolved_at, id) < (@at, @id)
         AND (@severities = '[]' OR severity IN (SELECT value FROM json_each(@severities)))
         AND NOT EXISTS (
           SELECT 1 FROM json_each(@wanted) AS pair WHERE NOT EXISTS (
             SELECT 1 FROM json_each(alert.labels) AS label
             WHERE label.key = pair.value ->> 0 AND label.value = pair.value ->> 1))
         AND (@text = '' OR instr(lower(rule), @text) > 0
              OR EXISTS (SELECT 1 FROM json_each(alert.labels) WHERE instr(lower(value), @text) > 0))
       ORDER BY resolved_at DESC, id DESC LIMIT @limit`,
    )
    return {
      /** Bodies of the episodes that the state machine holds. */
      'alert.live': (_: Readonly<Record<string, never>>): string[] => live.all().map(({ body }) => body),
      'alert.get': (input: { readonly id: string }): string | null => get.get(input)?.body ?? null,
      /** Oldest first. */
      'alert.events': (input: { readonly id: string }): AlertEvent[] => events.all(input),
      'alert.told': (_: Readonly<Record<string, never>>): Told[] => told.all(),
      /** Earlier episodes of the same rule and labels that fired, newest first. */
      'alert.alike': (input: AlikeQuestion): string[] => alike.all(input).map(({ body }) => body),
      'alert.resolved': ({ severities, labels, text, before, limit }: ResolvedQuestion): string[] =>
        resolved
          .all({
            severities: JSON.stringify(severities),
            wanted: JSON.stringify(labels),
            text: text.toLowerCase(),
            at: before?.at ?? Number.MAX_SAFE_INTEGER,
            id: before?.id ?? '',
            limit,
          })
          .map(({ body }) => body),
    }
  },
})

export interface AlikeQuestion {
  readonly rule: string
  readonly fingerprint: string
  readonly except: string
  readonly limit: number
}

/** Resolved episodes are given up when they are older than `before`; those that never fired, than `unfiredBefore`. */
export interface PruneInput {
  readonly before: number
  readonly unfiredBefore: number
  readonly limit: number
}

interface AlertRow extends Omit<StoredAlert, 'live' | 'labels'> {
  readonly live: number
  readonly labels: string
}

interface ResolvedParameters {
  readonly severities: string
  readonly wanted: string
  readonly text: string
  readonly at: number
  readonly id: string
  readonly limit: number
}
