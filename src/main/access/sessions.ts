/** Browser sessions. One is made when a one-time link is used; it outlasts restarts and lapses when it is not used. */
import type { Clock, Logger } from '#main/ports.ts'
import type { SessionRow } from '#main/store/families/access.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { Caller } from '#shared/contract/define.ts'
import { findByHash, hashOfSecret, newSecret } from './secret.ts'

export interface Sessions {
  /** The secret is for the cookie; only its hash is kept. */
  create(): Promise<{ secret: string; expiresAt: number }>
  /** Who holds this secret, and puts the session's end off; null when nobody does or it has lapsed. */
  authenticate(secret: string): Promise<Caller | null>
  end(secret: string): Promise<void>
}

export interface SessionOptions {
  readonly state: StateStore
  readonly clock: Clock
  readonly logger: Logger
}

/** A session that nobody uses for so long ends. */
const sessionLifetimeMs = 30 * 86_400_000
/** Its end is put off at most this often. */
const renewEveryMs = 3_600_000

export async function openSessions({ state, clock, logger }: SessionOptions): Promise<Sessions> {
  await state.commit([['session.deleteExpired', { at: clock.now() }]])
  const rows = new Map((await state.ask('session.list', {})).map((row) => [row.idHash, row]))

  async function renew(row: SessionRow) {
    const at = clock.now()
    if (at - row.lastSeenAt < renewEveryMs) return
    const renewed = { ...row, lastSeenAt: at, expiresAt: at + sessionLifetimeMs }
    rows.set(row.idHash, renewed)
    await state.commit([['session.save', renewed]])
  }

  return {
    async create() {
      const at = clock.now()
      const secret = newSecret('')
      const row: SessionRow = {
        idHash: hashOfSecret(secret),
        role: 'admin',
        createdAt: at,
        lastSeenAt: at,
        expiresAt: at + sessionLifetimeMs,
      }
      await state.commit([
        ['session.deleteExpired', { at }],
        ['session.save', row],
        ['audit.append', { at, actor: 'session', action: 'session.opened', subject: '', detail: {} }],
      ])
      rows.set(row.idHash, row)
      return { secret, expiresAt: row.expiresAt }
    },
    async authenticate(secret) {
      const row = findByHash(rows.values(), (candidate) => candidate.idHash, secret)
      if (!row) return null
      if (row.expiresAt <= clock.now()) {
        rows.delete(row.idHash)
        return null
      }
      await renew(row).catch((error: unknown) => logger.warn('a session could not be renewed', { error }))
      return { role: row.role, name: 'session' }
    },
    async end(secret) {
      const idHash = hashOfSecret(secret)
      if (!rows.delete(idHash)) return
      const entry = { at: clock.now(), actor: 'session', action: 'session.ended', subject: '', detail: {} }
      await state.commit([
        ['session.delete', { idHash }],
        ['audit.append', entry],
      ])
    },
  }
}
