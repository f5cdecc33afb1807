/** Looking after Belfry itself: what is wrong with its surroundings, and where its storage is heading. */
import { z } from 'zod'
import { Instant, Nothing } from './common.ts'
import { defineContract } from './define.ts'

const DoctorFinding = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** `untested`: this system has no such thing, or it cannot be found out. */
  status: z.enum(['good', 'warning', 'bad', 'untested']),
  /** What was found. */
  finding: z.string(),
  /** Why it matters. */
  why: z.string(),
  /** What to do; null where there is nothing to be done. */
  advice: z.string().nullable(),
})
export type DoctorFinding = z.infer<typeof DoctorFinding>

const StorageOutlook = z.strictObject({
  at: Instant,
  /** Bytes by kind over the last days, where they were recorded; null where they were not. */
  times: z.array(Instant),
  stepMs: z.number(),
  kinds: z.array(z.strictObject({ kind: z.string(), title: z.string(), values: z.array(z.number().nullable()) })),
  /** The arithmetic: `(nowBytes - thenBytes) / days = bytesPerDay`. Null as long as less than a day was recorded. */
  growth: z
    .strictObject({
      fromAt: Instant,
      thenBytes: z.number(),
      nowBytes: z.number(),
      days: z.number(),
      bytesPerDay: z.number(),
    })
    .nullable(),
  /** Room until something gives way, and what that is; `days` null when nothing grows or nothing is known. */
  room: z.strictObject({
    what: z.enum(['disk', 'limit', 'unknown']),
    bytes: z.number().nullable(),
    days: z.number().nullable(),
  }),
  /** `storage.maxBytes`; 0: none. */
  limitBytes: z.number(),
  /** What the limit is compared with: history without backups. */
  historyBytes: z.number(),
})
export type StorageOutlook = z.infer<typeof StorageOutlook>

export const careContract = defineContract({
  calls: {
    'doctor.examine': {
      summary: "Examines Belfry's surroundings: permissions, disk, clock, limits, programs, configuration",
      role: 'admin',
      input: Nothing,
      output: z.strictObject({
        at: Instant,
        findings: z.array(DoctorFinding),
        /** All of it as text to paste elsewhere: no secrets, no names of hosts or people. */
        text: z.string(),
      }),
      timeoutMs: 120_000,
    },
    'storage.outlook': {
      summary: 'How storage grew and how long the room lasts at that pace',
      role: 'viewer',
      input: Nothing,
      output: StorageOutlook,
    },
  },
  events: {},
})
