/** The console itself: what it is, whether it is well, who is looking. */
import { z } from 'zod'
import { Instant, Nothing } from './common.ts'
import { defineContract, roles } from './define.ts'

export const ComponentStatus = z.enum(['healthy', 'degraded', 'unhealthy'])
export const ComponentHealth = z.strictObject({
  name: z.string(),
  status: ComponentStatus,
  /** Whether Belfry cannot do its work without it (decides readiness). */
  critical: z.boolean(),
  message: z.string(),
  responseTimeMs: z.number().nullable(),
  threshold: z.string().nullable(),
  /** What to do, when it is not healthy. */
  hint: z.string().nullable(),
})
export type ComponentHealth = z.infer<typeof ComponentHealth>

/** Something Belfry wants to say about itself, such as a configuration line it could not read. Told once, until gone. */
export const Notice = z.strictObject({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  title: z.string(),
  message: z.string(),
  at: Instant,
  source: z.strictObject({ file: z.string(), line: z.number().int().nullable() }).nullable(),
})
export type Notice = z.infer<typeof Notice>

const ConsoleInfo = z.strictObject({
  version: z.string(),
  host: z.enum(['electron', 'headless']),
  platform: z.string(),
  hostname: z.string(),
  startedAt: Instant,
  now: Instant,
  dataDir: z.string(),
  configFile: z.string(),
  caller: z.strictObject({ name: z.string(), role: z.enum(roles) }),
})
export const ConsoleHealth = z.strictObject({
  status: ComponentStatus,
  at: Instant,
  components: z.array(ComponentHealth),
})
export type ConsoleHealth = z.infer<typeof ConsoleHealth>

export const consoleContract = defineContract({
  calls: {
    'console.info': {
      summary: 'What this console is and who is asking',
      role: 'viewer',
      input: Nothing,
      output: ConsoleInfo,
    },
    'console.health': {
      summary: 'Whether Belfry itself is well',
      role: 'viewer',
      input: Nothing,
      output: ConsoleHealth,
    },
    'console.notices': {
      summary: 'What Belfry wants to say about itself',
      role: 'viewer',
      input: Nothing,
      output: z.array(Notice),
    },
    'console.dismissNotice': {
      summary: 'Do not show a notice of level info any more, until it says something else',
      role: 'operator',
      input: z.strictObject({ id: z.string().max(500) }),
      output: z.array(Notice),
    },
  },
  events: {
    'console.healthChanged': ConsoleHealth,
    'console.noticesChanged': z.array(Notice),
  },
})
