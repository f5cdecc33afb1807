import { z } from 'zod'
import { Instant, Labels, Severity } from '#shared/contract/common.ts'
import type { Message as SentMessage } from './channel.ts'

/** A message as it is kept for attempts after a restart. */
export const Message = z.strictObject({
  key: z.string(),
  event: z.enum(['fired', 'resolved', 'test']),
  alertId: z.string().nullable(),
  severity: Severity,
  title: z.string(),
  body: z.string(),
  at: Instant,
  labels: Labels,
  annotations: Labels,
}) satisfies z.ZodType<SentMessage>
