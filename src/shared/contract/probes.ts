/** What some kinds of checks need besides their options: pings of jobs, pictures, recordings of other tools. */
import { z } from 'zod'
import { Instant, Nothing } from './common.ts'
import { defineContract } from './define.ts'

export const PingView = z.strictObject({
  at: Instant,
  kind: z.enum(['success', 'start', 'fail', 'log']),
  exitStatus: z.number().int().nullable(),
  /** From the job's start to this end; null where no start was seen. */
  durationMs: z.number().nullable(),
  method: z.string(),
  remoteAddress: z.string(),
  userAgent: z.string(),
  /** The beginning of what the job sent, as text. */
  body: z.string(),
})
export type PingView = z.infer<typeof PingView>

export const probesContract = defineContract({
  calls: {
    'probes.pingDoor': {
      summary: 'The address at which jobs ping; null while nothing listens',
      role: 'viewer',
      input: Nothing,
      output: z.strictObject({ url: z.string().nullable() }),
    },
    'probes.pings': {
      summary: "A job's newest pings, newest first; null for a check that waits for none",
      role: 'viewer',
      input: z.strictObject({ checkId: z.string() }),
      output: z.array(PingView).nullable(),
    },
    'probes.picture': {
      summary: 'A picture that evidence names, as base64 of a JPEG',
      role: 'viewer',
      input: z.strictObject({ name: z.string().max(100) }),
      output: z.strictObject({ jpegBase64: z.string() }),
    },
    'probes.import': {
      summary: 'Options of a check from a recording of another tool',
      role: 'viewer',
      input: z.strictObject({ kind: z.string().max(40), text: z.string().max(500_000) }),
      output: z.strictObject({
        config: z.record(z.string(), z.json()),
        /** What could not be taken over, a line each. */
        leftOut: z.array(z.string()),
      }),
    },
  },
  events: {},
})
