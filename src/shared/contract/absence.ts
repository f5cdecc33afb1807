/** What happened while nobody looked: for somebody who comes back. */
import { z } from 'zod'
import { Reason, TimelineState } from './checks.ts'
import { Instant } from './common.ts'
import { Notice } from './console.ts'
import { defineContract } from './define.ts'

export const Absence = z.strictObject({
  since: Instant,
  /** Checks that are watched now. */
  checks: z.number().int(),
  /** Checks that were in trouble: those that still are first, then the longest; the list may be cut. */
  troubled: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      state: TimelineState,
      worst: z.enum(['down', 'degraded']),
      times: z.number().int(),
      badMs: z.number(),
      at: Instant,
    }),
  ),
  troubledCount: z.number().int(),
  /** Stretches in which Belfry could not see, ascending; the newest ones. */
  blind: z.array(z.strictObject({ from: Instant, to: Instant, reason: Reason, checks: z.number().int() })),
  /** What Belfry said of itself, oldest first. `until`: null while it still says so. */
  notices: z.array(z.strictObject({ notice: Notice, until: Instant.nullable() })),
})
export type Absence = z.infer<typeof Absence>

export const absenceContract = defineContract({
  calls: {
    'absence.report': {
      summary: 'What happened since an instant, for somebody who was away',
      role: 'viewer',
      input: z.strictObject({ since: Instant }),
      output: Absence,
    },
  },
  events: {},
})
