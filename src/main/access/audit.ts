/**
 * What was done by whom, kept in the store's hash-chained log. Tokens and sessions note their own changes in the same
 * unit of work; all else is noted here once it has happened.
 */
import type { Clock, Logger } from '#main/ports.ts'
import type { AuditEntry } from '#main/store/families/access.ts'
import type { StateStore } from '#main/store/state-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'

/** One thing done to one subject. */
export type Deed = Pick<AuditEntry, 'action' | 'subject' | 'detail'>

export interface Audit {
  /** Resolves when the deeds are durable. Never rejects: what was done stays done, so a failure is logged as an error. */
  note(actor: string, deeds: readonly Deed[]): Promise<void>
  /** Newest first. `cursor`: where the page before ended. AppError `invalid` for one that no page gave. */
  list(limit: number, cursor: string | null): Promise<OutputOf<'audit.list'>>
  verify(): Promise<OutputOf<'audit.verify'>>
}

export interface AuditOptions {
  readonly state: StateStore
  readonly clock: Clock
  readonly logger: Logger
}

export function createAudit({ state, clock, logger }: AuditOptions): Audit {
  return {
    async note(actor, deeds) {
      if (deeds.length === 0) return
      const at = clock.now()
      try {
        await state.commit(deeds.map((deed) => ['audit.append', { at, actor, ...deed }] as const))
      } catch (error) {
        logger.error('the audit log could not be written', { actor, deeds, error })
      }
    },
    async list(limit, cursor) {
      // One more than asked for tells whether there is a next page.
      const found = await state.ask('audit.list', { before: sequenceOf(cursor), limit: limit + 1 })
      const entries = found.slice(0, limit)
      const last = entries.at(-1)
      return { entries, next: found.length > limit && last ? String(last.sequence) : null }
    },
    verify: () => state.askLong('audit.verify', {}),
  }
}

function sequenceOf(cursor: string | null): number | null {
  if (cursor === null) return null
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new AppError('invalid', `cursor: expected the "next" of an earlier page; got "${cursor.slice(0, 40)}"`)
}
