/** Backups of all that Belfry keeps: taken on a schedule or when asked, checked, kept for a while, and restored. */
import { z } from 'zod'
import { Instant, Nothing } from './common.ts'
import { defineContract } from './define.ts'

const BackupId = z.string().min(1).max(100)

const BackupView = z.strictObject({
  /** Its folder's name. */
  id: BackupId,
  takenAt: Instant,
  trigger: z.enum(['scheduled', 'asked', 'command']),
  /** Of the Belfry that took it. */
  version: z.string(),
  /** Of all its files. */
  bytes: z.number(),
  /** Written for this backup alone; the rest is shared with the living files or an older backup. */
  ownBytes: z.number(),
  contains: z.strictObject({
    stateBytes: z.number(),
    sampleBytes: z.number(),
    /** Days of raw samples that have a file of their own. */
    days: z.number().int(),
    configurationFiles: z.number().int(),
  }),
  /** What the last look at every byte of it found; null when nobody has looked. */
  verdict: z.strictObject({ at: Instant, problem: z.string().nullable() }).nullable(),
})
export type BackupView = z.infer<typeof BackupView>

const BackupWork = z.strictObject({
  what: z.enum(['backup', 'verification']),
  phase: z.enum(['idle', 'copying', 'checking', 'comparing']),
  startedAt: Instant,
  doneBytes: z.number(),
  totalBytes: z.number(),
})

export const BackupStatus = z.strictObject({
  isEnabled: z.boolean(),
  /** When the next one is due; null while they are switched off. */
  nextAt: Instant.nullable(),
  directory: z.string(),
  /** Newest first. */
  backups: z.array(BackupView),
  /** What is under way; null: nothing. */
  work: BackupWork.nullable(),
  /** Why the last attempt failed; null when it did not. */
  failure: z.strictObject({ at: Instant, message: z.string() }).nullable(),
  /** What the next start will restore. */
  wanted: z.strictObject({ takenAt: Instant, requestedAt: Instant, withConfiguration: z.boolean() }).nullable(),
  /** Whether this console can start itself anew. */
  canRestart: z.boolean(),
})
export type BackupStatus = z.infer<typeof BackupStatus>

/** Checking every byte of a long history takes its time. */
const longMs = 30 * 60_000

export const backupContract = defineContract({
  calls: {
    'backup.status': {
      summary: 'All backups, what is under way, and when the next is due',
      role: 'admin',
      input: Nothing,
      output: BackupStatus,
    },
    'backup.create': {
      summary: 'Take a backup now; answers when it has begun',
      role: 'admin',
      input: Nothing,
      output: BackupStatus,
    },
    'backup.cancel': { summary: 'Stop what is under way', role: 'admin', input: Nothing, output: BackupStatus },
    'backup.verify': {
      summary: 'Read every byte of a backup and say whether it is whole',
      role: 'admin',
      input: z.strictObject({ id: BackupId }),
      output: BackupView,
      timeoutMs: longMs,
    },
    'backup.remove': {
      summary: 'Delete a backup',
      role: 'admin',
      input: z.strictObject({ id: BackupId }),
      output: BackupStatus,
    },
    'backup.preview': {
      summary: 'What restoring a backup would bring and what would be missing afterwards',
      role: 'admin',
      input: z.strictObject({ id: BackupId }),
      output: z.strictObject({
        backup: BackupView,
        /** Recorded in between is what would be missing. */
        lostFrom: Instant,
        lostTo: Instant,
        /** Of belfry.db, where the numbers of rows differ. */
        tables: z.array(
          z.strictObject({ table: z.string(), presentRows: z.number().int(), backupRows: z.number().int() }),
        ),
        /** That the copy needs beside what is there, and that is free. */
        neededBytes: z.number(),
        freeBytes: z.number().nullable(),
      }),
      timeoutMs: 60_000,
    },
    'backup.restore': {
      summary: 'Put a backup in place at the next start; what is there now is set aside',
      role: 'admin',
      input: z.strictObject({ id: BackupId, withConfiguration: z.boolean().default(false) }),
      output: BackupStatus,
      timeoutMs: longMs,
    },
    'backup.cancelRestore': {
      summary: 'Do not restore at the next start after all',
      role: 'admin',
      input: Nothing,
      output: BackupStatus,
    },
    'console.restart': {
      summary: 'End this console and start it anew',
      role: 'admin',
      input: Nothing,
      output: z.strictObject({ restarting: z.boolean() }),
    },
  },
  events: { 'backup.changed': BackupStatus },
})
