import { z } from 'zod'
import { Instant, Labels, Severity } from '#shared/contract/common.ts'

/** What is told, as it is handed to channels and kept for attempts after a restart. */
export const Message = z.strictObject({
  /** Idempotency key: the same for every attempt of one message. */
  key: z.string(),
  event: z.enum(['fired', 'resolved', 'test']),
  alertId: z.string().nullable(),
  severity: Severity,
  title: z.string(),
  body: z.string(),
  /** When it happened, however late it is delivered. */
  at: Instant,
  labels: Labels,
  annotations: Labels,
})
export type Message = Readonly<z.infer<typeof Message>>
