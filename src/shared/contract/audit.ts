/** Who did what: a log that is only ever added to, in which each entry's hash covers the one before. */
import { z } from 'zod'
import { Cursor, Instant, Limit, Nothing } from './common.ts'
import { defineContract } from './define.ts'

const AuditEntry = z.strictObject({
  /** 1, 2, 3 ... without gaps. */
  sequence: z.number().int(),
  at: Instant,
  /** Such as `desktop`, `session` or `token:grafana`. */
  actor: z.string(),
  /** Such as `check.changed` or `alert.acknowledged`. */
  action: z.string(),
  /** The id of what it was done to; empty where nothing fits. */
  subject: z.string(),
  /** Never a secret. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** SHA-256 over the previous entry's hash and this entry, hexadecimal. */
  hash: z.string(),
})

export type AuditEntryView = z.infer<typeof AuditEntry>

/** All that is given must fit. */
const AuditFilter = z.strictObject({
  /** Part of the caller's name, upper or lower case. */
  actor: z.string().max(200).default(''),
  /** Part of the action, such as `check.` or `token.created`. */
  action: z.string().max(200).default(''),
  /** Part of the subject or of the detail. */
  text: z.string().max(200).default(''),
  /** Half-open. */
  from: Instant.nullable().default(null),
  to: Instant.nullable().default(null),
})

const noFilter = { actor: '', action: '', text: '', from: null, to: null }

export const auditContract = defineContract({
  calls: {
    'audit.list': {
      summary: 'What was done and by whom, newest first',
      role: 'admin',
      input: z.strictObject({
        limit: Limit.default(100),
        cursor: Cursor.default(null),
        filter: AuditFilter.default(noFilter),
      }),
      output: z.strictObject({ entries: z.array(AuditEntry), next: Cursor }),
    },
    'audit.verify': {
      summary: 'Whether every entry of the audit log still fits the one before it',
      role: 'admin',
      input: Nothing,
      /** `brokenAt`: the first entry that does not fit; null when all do. A cut-off end leaves no trace. */
      output: z.strictObject({ entries: z.number().int(), brokenAt: z.number().int().nullable() }),
    },
    'audit.export': {
      summary: 'A page of the audit log as the text of a file, oldest last; leaves an entry itself',
      role: 'admin',
      input: z.strictObject({
        format: z.enum(['csv', 'json']),
        cursor: Cursor.default(null),
        filter: AuditFilter.default(noFilter),
      }),
      /** CSV begins with its header on the first page; JSON is one object a line, the first tells the format's version. */
      output: z.strictObject({ text: z.string(), entries: z.number().int(), next: Cursor }),
    },
  },
  events: {},
})
