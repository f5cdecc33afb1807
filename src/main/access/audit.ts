/**
 * What was done by whom, kept in the store's hash-chained log. Tokens and sessions note their own changes in the same
 * unit of work; all else is noted here once it has happened.
 */
import type { Clock, Logger } from '#main/ports.ts'
import type { AuditEntry, AuditFilter } from '#main/store/families/access.ts'
import type { StateStore } from '#main/store/state-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { auditText } from './audit-text.ts'

/** One thing done to one subject. */
export type Deed = Pick<AuditEntry, 'action' | 'subject' | 'detail'>

export interface Audit {
  /** Resolves when the deeds are durable. Never rejects: what was done stays done, so a failure is logged as an error. */
  note(actor: string, deeds: readonly Deed[]): Promise<void>
  /** Newest first. `cursor`: where the page before ended. AppError `invalid` for one that no page gave. */
  list(limit: number, cursor: string | null, filter?: AuditFilter): Promise<OutputOf<'audit.list'>>
  /** A page as the text of a file. */
  export(format: 'csv' | 'json', cursor: string | null, filter: AuditFilter): Promise<OutputOf<'audit.export'>>
  verify(): Promise<OutputOf<'audit.verify'>>
}

export interface AuditOptions {
  readonly state: StateStore
  readonly clock: Clock
  readonly logger: Logger
}

/** Entries of one page of an export: some 500 kB of text. */
const exportPage = 2000

export function createAudit({ state, clock, logger }: AuditOptions): Audit {
  async function list(limit: number, cursor: string | null, filter: AuditFilter = everything) {
    // One more than asked for tells whether there is a next page. A filter may have to look through all of them.
    const ask = filter === everything ? state.ask : state.askLong
    const found = await ask('audit.list', { before: sequenceOf(cursor), limit: limit + 1, filter })
    const entries = found.slice(0, limit)
    const last = entries.at(-1)
    return { entries, next: found.length > limit && last ? String(last.sequence) : null }
  }

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
    list,
    async export(format, cursor, filter) {
      const { entries, next } = await list(exportPage, cursor, filter)
      return { text: auditText(format, entries, cursor === null), entries: entries.length, next }
    },
    verify: () => state.askLong('audit.verify', {}),
  }
}

const everything: AuditFilter = { actor: '', action: '', text: '', from: null, to: null }

function sequenceOf(cursor: string | null): number | null {
  if (cursor === null) return null
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new AppError('invalid', `cursor: expected the "next" of an earlier page; got "${cursor.slice(0, 40)}"`)
}
