/**
 * belfry.yaml, version 1, as people write it: durations are text such as `30s`, nothing but `version` and what differs
 * from the defaults has to be there, and every unknown field is an error. What services use (milliseconds, the
 * contract's Settings and CheckDraft) is made from this in settings-section.ts and check-entry.ts.
 */
import { z } from 'zod'
import { parseQuietHours } from '#shared/domain/quiet-hours.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { described } from './explain.ts'

export const configVersion = 1

/** A duration between two limits, both inclusive, in milliseconds. */
export function duration(leastMs: number, mostMs: number) {
  const example = formatDuration(Math.min(Math.max(30_000, leastMs), mostMs))
  return z
    .string({
      error: (issue) => `expected a duration such as ${example}, came ${described(issue.input)}: add its unit.`,
    })
    .transform((text, context) => {
      const ms = parseDuration(text.trim())
      if (ms !== null && ms >= leastMs && ms <= mostMs) return ms
      const expected =
        ms === null
          ? `a duration such as ${example} or 1m30s`
          : `between ${formatDuration(leastMs)} and ${formatDuration(mostMs)}`
      context.addIssue({ code: 'custom', message: `expected ${expected}, came ${described(text)}.` })
      return z.NEVER
    })
}

const dayMs = 86_400_000

/** Whole days. */
function days(most: number) {
  return duration(dayMs, most * dayMs).transform((ms, context) => {
    if (ms % dayMs === 0) return ms / dayMs
    context.addIssue({ code: 'custom', message: `expected whole days such as 15d, came "${formatDuration(ms)}".` })
    return z.NEVER
  })
}

export const timeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, {
    error: (issue) => `expected local, UTC or a name such as Europe/Berlin, came ${described(issue.input)}.`,
  })

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: (issue) => `expected a time such as "03:30", came ${described(issue.input)}: mind the quotes.`,
})

/** Less would be given up again within the hour it was recorded in. */
const leastLimitBytes = 100 * 1024 * 1024
const sizeLimit = z
  .number()
  .int()
  .min(0)
  .max(1e15)
  .refine((bytes) => bytes === 0 || bytes >= leastLimitBytes, {
    error: (issue) => `expected 0 for no limit or at least ${leastLimitBytes} bytes, came ${described(issue.input)}.`,
  })

function isTimeZone(name: string): boolean {
  if (name === 'local') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false // RangeError is Intl's way to say no.
  }
}

const quietHours = z.string().refine((text) => text === '' || parseQuietHours(text) !== null, {
  error: (issue) => `expected hours such as 22:00-07:00, or "" for none, came ${described(issue.input)}.`,
})

/** `host:port`, IPv6 addresses in brackets. */
const reference = z.string().regex(/^(?:\[[0-9a-f:.]+\]|[^\s:[\]/]+):[1-9]\d{0,4}$/i, {
  error: (issue) => `expected host:port such as 1.1.1.1:443, came ${described(issue.input)}.`,
})

/** Each section by itself; a section that is absent or empty has all its defaults. */
export const sections = {
  appearance: z.strictObject({
    theme: z.enum(['system', 'dark', 'light']).default('system'),
    density: z.enum(['comfortable', 'compact']).default('comfortable'),
    timeZone: timeZone.default('local'),
  }),
  notifications: z.strictObject({
    /** `auto`: where there is a desktop. */
    desktop: z.union([z.literal('auto'), z.boolean()]).default('auto'),
    leastSeverity: z.enum(['info', 'warning', 'error', 'critical']).default('warning'),
    resolved: z.boolean().default(true),
    quietHours: quietHours.default(''),
    quietExcept: z.enum(['info', 'warning', 'error', 'critical']).default('critical'),
    sound: z.boolean().default(false),
  }),
  storage: z.strictObject({
    retention: z
      .strictObject({
        raw: days(3660).default(15),
        fiveMinute: days(3660).default(180),
        hour: days(36_600).default(1095),
      })
      .prefault({}),
    maxActiveSeries: z.number().int().min(100).max(10_000_000).default(200_000),
    /** Of history on disk, backups apart; 0: no limit. */
    maxBytes: sizeLimit.default(0),
  }),
  backup: z.strictObject({
    enabled: z.boolean().default(true),
    /** By the clock of this machine. */
    at: timeOfDay.default('03:30'),
    keepDaily: z.number().int().min(1).max(366).default(7),
    keepWeekly: z.number().int().min(0).max(520).default(4),
    /** Empty: `backups` in the data directory. */
    directory: z.string().max(1000).default(''),
  }),
  collection: z.strictObject({
    fast: duration(1000, 60_000).default(5000),
    medium: duration(5000, 600_000).default(30_000),
    slow: duration(30_000, 3_600_000).default(300_000),
  }),
  console: z.strictObject({
    enabled: z.boolean().default(false),
    port: z.number().int().min(0).max(65_535).default(4680),
  }),
  desktop: z.strictObject({
    autostart: z.boolean().default(false),
  }),
  log: z.strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  }),
  /** How Belfry tells the loss of this machine's own network from that of a target. */
  uplink: z.strictObject({
    enabled: z.boolean().default(true),
    /** Asked beside the default gateway when a remote target fails; addresses, so that they need no resolver. */
    references: z.array(reference).min(1).max(5).default(['1.1.1.1:443', '9.9.9.9:443']),
  }),
  /** Checks that run programs of this machine. Only here, never from a screen: whoever may write this file may allow it. */
  scripts: z.strictObject({
    enabled: z.boolean().default(false),
  }),
  promql: z.strictObject({
    /**
     * Whether a sample exactly at the beginning of a range or of the lookback is left out, as Prometheus 3 does, or
     * belongs to it, as with Prometheus 2.
     */
    ranges: z.enum(['open', 'closed']).default('open'),
  }),
  /** What one PromQL query may cost, whoever asks it. */
  query: z.strictObject({
    timeout: duration(1000, 120_000).default(60_000),
    /** Read and computed in one query: sixteen bytes of memory each. */
    maxSamples: z.number().int().min(1000).max(1_000_000_000).default(20_000_000),
    /** Steps of a range; Prometheus's own limit. */
    maxPoints: z.number().int().min(100).max(100_000).default(11_000),
    /** So many at once; the others wait. */
    concurrency: z.number().int().min(1).max(64).default(4),
    /** Requests of one token, or of one address, to Prometheus's API. */
    perMinute: z.number().int().min(1).max(1_000_000).default(3000),
  }),
  /** Where other programs send what they know: Prometheus by remote write, jobs their pings. On this machine only. */
  intake: z.strictObject({
    enabled: z.boolean().default(false),
    port: z.number().int().min(0).max(65_535).default(4681),
    /** Requests of one token. */
    perMinute: z.number().int().min(1).max(1_000_000).default(6000),
  }),
  rules: z.strictObject({
    files: z.array(z.string().min(1).max(1000)).max(1000).default(['rules/*.yml']),
    disabled: z.array(z.string().min(1).max(200)).max(10_000).default([]),
  }),
} as const
export type SectionName = keyof typeof sections
export type Sections = { readonly [K in SectionName]: z.output<(typeof sections)[K]> }

export type UplinkSettings = Sections['uplink']
export type PromqlSettings = Sections['promql']
export type QuerySettings = Sections['query']
export type IntakeSettings = Sections['intake']

const count = (fallback: number) => z.number().int().min(1).max(10).default(fallback)

/** What a check of a group need not say itself. */
export const GroupEntry = z.strictObject({
  enabled: z.boolean().optional(),
  every: duration(1000, dayMs).optional(),
  timeout: duration(100, 300_000).optional(),
  confirm: z
    .strictObject({
      failures: z.number().int().min(1).max(10).optional(),
      of: z.number().int().min(1).max(10).optional(),
      successes: z.number().int().min(1).max(10).optional(),
      retryEvery: duration(1000, dayMs).optional(),
    })
    .optional(),
  slow: duration(1, dayMs).nullable().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
  /** Options by the name of the kind that they are for. */
  config: z.record(z.string(), z.record(z.string(), z.json())).default({}),
})

/** One entry of `checks:`. `config` is judged by the kind's own schema. */
export const CheckEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,119}$/u, {
      error: 'expected letters, digits, dots, dashes and underscores, at most 120, with a letter or digit first.',
    })
    .optional(),
  name: z.string().trim().min(1).max(120),
  kind: z.string().min(1).max(40),
  enabled: z.boolean().default(true),
  every: duration(1000, dayMs).default(60_000),
  timeout: duration(100, 300_000).default(10_000),
  confirm: z
    .strictObject({
      failures: count(2),
      of: count(3),
      successes: count(2),
      retryEvery: duration(1000, dayMs).default(15_000),
    })
    .refine((confirm) => confirm.failures <= confirm.of, {
      path: ['failures'],
      error: 'expected no more failures than results looked at ("of").',
    })
    .prefault({}),
  slow: duration(1, dayMs).nullable().default(null),
  labels: z.record(z.string(), z.string()).default({}),
  group: z.string().trim().min(1).max(60).nullable().default(null),
  tags: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
  config: z.record(z.string(), z.json()).default({}),
})
export type CheckEntry = z.output<typeof CheckEntry>

/** Where a configuration of Prometheus stands: from the configuration directory on, or absolute. */
export const prometheusPath = z.string().min(1).max(1000)

/** What may stand at the top of the file. */
export const topLevelFields = [
  'version',
  ...Object.keys(sections),
  'groups',
  'checks',
  'collectors',
  'walls',
  'prometheus',
] as const
