/** What an operator may set from the screens; each change is written into belfry.yaml. */
import { z } from 'zod'
import { DurationMs, Instant, Nothing } from './common.ts'
import { defineContract, grantableRoles, roles } from './define.ts'

export const Settings = z.strictObject({
  appearance: z.strictObject({
    theme: z.enum(['system', 'dark', 'light']),
    density: z.enum(['comfortable', 'compact']),
    /** `local` (the viewer's), `UTC`, or an IANA name such as Europe/Berlin. */
    timeZone: z.string().min(1).max(64),
  }),
  notifications: z.strictObject({
    /** `auto`: where there is a desktop. */
    desktop: z.union([z.literal('auto'), z.boolean()]),
    /** Least severity that is told. */
    leastSeverity: z.enum(['info', 'warning', 'error', 'critical']),
    resolved: z.boolean(),
    /** Such as `22:00-07:00`, in the zone of `appearance`; empty: none. */
    quietHours: z.string().max(20),
    /** Least severity that is told in quiet hours all the same. */
    quietExcept: z.enum(['info', 'warning', 'error', 'critical']),
    /** Alerts sound in an open window until somebody takes them. */
    sound: z.boolean(),
  }),
  storage: z.strictObject({
    rawDays: z.number().int().min(1).max(3660),
    fiveMinuteDays: z.number().int().min(1).max(3660),
    hourDays: z.number().int().min(1).max(36_600),
    maxActiveSeries: z.number().int().min(100).max(10_000_000),
    /** Of history on disk, backups apart; 0: no limit. */
    maxBytes: z.number().int().min(0).max(1e15),
  }),
  backup: z.strictObject({
    enabled: z.boolean(),
    /** `HH:MM` by the clock of the machine Belfry runs on. */
    at: z.string().max(5),
    keepDaily: z.number().int().min(1).max(366),
    keepWeekly: z.number().int().min(0).max(520),
    /** Empty: `backups` in the data directory. */
    directory: z.string().max(1000),
  }),
  collection: z.strictObject({
    fastMs: DurationMs.min(1000).max(60_000),
    mediumMs: DurationMs.min(5000).max(600_000),
    slowMs: DurationMs.min(30_000).max(3_600_000),
  }),
  /** Applied at the next start, for a listener cannot move while it is in use. */
  console: z.strictObject({ enabled: z.boolean(), port: z.number().int().min(0).max(65_535) }),
  /** Of the desktop application; elsewhere without effect. */
  desktop: z.strictObject({ autostart: z.boolean() }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
})
export type Settings = z.infer<typeof Settings>

export const SettingsPatch = z.strictObject({
  appearance: Settings.shape.appearance.partial().optional(),
  notifications: Settings.shape.notifications.partial().optional(),
  storage: Settings.shape.storage.partial().optional(),
  backup: Settings.shape.backup.partial().optional(),
  collection: Settings.shape.collection.partial().optional(),
  console: Settings.shape.console.partial().optional(),
  desktop: Settings.shape.desktop.partial().optional(),
  logLevel: Settings.shape.logLevel.optional(),
})
export type SettingsPatch = z.infer<typeof SettingsPatch>

export const StorageUsage = z.strictObject({
  /** Bytes on disk by kind: state, samples, summaries, backups, log. */
  kinds: z.array(z.strictObject({ kind: z.string(), title: z.string(), bytes: z.number() })),
  diskFreeBytes: z.number().nullable(),
  activeSeries: z.number().int(),
  samplesStored: z.number(),
  refusedSeries: z.number(),
  oldestSampleAt: Instant.nullable(),
})
export type StorageUsage = z.infer<typeof StorageUsage>

export const TokenView = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(roles),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable(),
})
export type TokenView = z.infer<typeof TokenView>

export const settingsContract = defineContract({
  calls: {
    'settings.get': { summary: 'All settings', role: 'viewer', input: Nothing, output: Settings },
    'settings.save': {
      summary: 'Change some settings; written into belfry.yaml',
      role: 'admin',
      input: z.strictObject({ patch: SettingsPatch }),
      output: Settings,
    },
    'settings.storage': { summary: 'Bytes by kind', role: 'viewer', input: Nothing, output: StorageUsage },
    'tokens.list': {
      summary: 'API tokens, without their secrets',
      role: 'admin',
      input: Nothing,
      output: z.array(TokenView),
    },
    'tokens.create': {
      summary: 'A new API token; its secret is shown this once',
      role: 'admin',
      input: z.strictObject({
        name: z.string().trim().min(1).max(80),
        role: z.enum(grantableRoles),
        expiresAt: Instant.nullable().default(null),
      }),
      output: z.strictObject({ token: TokenView, secret: z.string() }),
    },
    'tokens.revoke': {
      summary: 'End a token now',
      role: 'admin',
      input: z.strictObject({ id: z.string() }),
      output: z.strictObject({ id: z.string() }),
    },
  },
  events: { 'settings.changed': Settings },
})
