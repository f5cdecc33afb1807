/** Schemas that several features share. */
import { z } from 'zod'

/** UTC epoch milliseconds. */
export const Instant = z.number().int().min(0).max(8.64e15).meta({ unit: 'ms since 1970-01-01 UTC' })
export const DurationMs = z.number().min(0).max(1e12)
export const Severity = z.enum(['info', 'warning', 'error', 'critical'])
export type Severity = z.infer<typeof Severity>
export const Labels = z.record(z.string(), z.string())
export const Nothing = z.strictObject({})
/** Half-open: `from` is inside, `to` is not. */
export const TimeRange = z
  .strictObject({ from: Instant, to: Instant })
  .refine((range) => range.from < range.to, { message: 'expected "from" before "to"' })
/** Where the next page starts; null on the last one. Opaque to clients. */
export const Cursor = z.string().max(200).nullable()
export const Limit = z.number().int().min(1).max(1000)
