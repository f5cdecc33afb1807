/** What the database keeps of a check between two runs of Belfry, and how it is read back. */
import { z } from 'zod'
import { Outcome, Reason } from '#shared/contract/checks.ts'
import { Instant } from '#shared/contract/common.ts'
import { type CheckState, initialCheckState } from '#shared/domain/check-state.ts'

const measuredStates = ['up', 'degraded', 'down'] as const

const State: z.ZodType<CheckState> = z.object({
  confirmed: z.object({ state: Outcome, since: Instant, reason: Reason }).nullable(),
  measured: z.enum(measuredStates).nullable(),
  recent: z.array(z.object({ at: Instant, outcome: Outcome, reason: Reason })),
  slow: z.array(z.object({ at: Instant, total: z.number(), slow: z.number() })),
  last: z.object({ at: Instant, outcome: Outcome, reason: Reason, durationMs: z.number() }).nullable(),
  accountedFrom: Instant.nullable(),
  vouchedUntil: Instant,
  lapse: Reason.nullable(),
})

const Remembered = z.object({ state: State, certificateExpiresAt: z.number().nullable(), target: z.string() })

export interface RememberedCheck {
  readonly state: CheckState
  readonly certificateExpiresAt: number | null
  /** What was probed: another target is another story. */
  readonly target: string
}

export const nothingRemembered: RememberedCheck = { state: initialCheckState, certificateExpiresAt: null, target: '' }

export function rememberedText(check: RememberedCheck): string {
  return JSON.stringify(check)
}

/** Null when the text is not what `rememberedText` writes. */
export function parseRemembered(text: string): RememberedCheck | null {
  try {
    return Remembered.safeParse(JSON.parse(text)).data ?? null
  } catch {
    // Not JSON at all: the caller says so, like anything else that is not understood.
    return null
  }
}
