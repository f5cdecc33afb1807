/**
 * Who may come in: API tokens and browser sessions, of which only hashes are kept, and the audit log, in which each
 * entry's hash covers the one before, so that a changed or missing entry shows. Decides nothing: whether a token is
 * expired or a role suffices is the asker's business.
 */
import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { defineFamily } from '../family.ts'

export interface TokenRow {
  readonly id: string
  /** Unique among tokens that exist. */
  readonly name: string
  readonly role: Role
  /** Whatever digest the service chose, as text. Unique. */
  readonly secretHash: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

export interface SessionRow {
  readonly idHash: string
  readonly role: Role
  readonly createdAt: number
  readonly expiresAt: number
  readonly lastSeenAt: number
}

export interface AuditEntry {
  readonly at: number
  /** Such as `desktop`, `session` or `token:grafana`. */
  readonly actor: string
  /** Such as `token.created`, `session.opened`, `alert.acknowledged`. */
  readonly action: string
  /** What it was done to; empty where nothing fits. */
  readonly subject: string
  /** Never a secret. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditRow extends AuditEntry {
  /** 1, 2, 3 ... without gaps. */
  readonly sequence: number
  /** SHA-256 over the previous entry's hash and this entry, hexadecimal. */
  readonly hash: string
}

/** All that is given must fit; parts of words, upper or lower case of ASCII letters. */
export interface AuditFilter {
  readonly actor: string
  readonly action: string
  /** In the subject or the detail. */
  readonly text: string
  /** Half-open; null: open. */
  readonly from: number | null
  readonly to: number | null
}

const everything: AuditFilter = { actor: '', action: '', text: '', from: null, to: null }

export interface AuditVerdict {
  readonly entries: number
  /** Sequence of the first entry that does not fit; null when the chain is whole. A cut-off end leaves no trace. */
  readonly brokenAt: number | null
}

interface AuditQuestion {
  readonly before: number | null
  readonly limit: number
  readonly filter?: AuditFilter
}

export const accessTables = defineFamily({
  writes(database) {
    const insertToken = database.prepare<[TokenRow]>(
      `INSERT INTO token (id, name, role, secret_hash, created_at, expires_at, last_used_at)
       VALUES (@id, @name, @role, @secretHash, @createdAt, @expiresAt, @lastUsedAt)`,
    )
    const tokenNamed = database.prepare<[string]>('SELECT 1 FROM token WHERE name = ?')
    const useToken = database.prepare<[{ id: string; at: number }]>(
      'UPDATE token SET last_used_at = max(coalesce(last_used_at, 0), @at) WHERE id = @id',
    )
    const deleteToken = database.prepare<[{ id: string }]>('DELETE FROM token WHERE id = @id')
    const saveSession = database.prepare<[SessionRow]>(
      `INSERT INTO session (id_hash, role, created_at, expires_at, last_seen_at)
       VALUES (@idHash, @role, @createdAt, @expiresAt, @lastSeenAt)
       ON CONFLICT (id_hash) DO UPDATE
         SET role = excluded.role, expires_at = excluded.expires_at, last_seen_at = excluded.last_seen_at`,
    )
    const deleteSession = database.prepare<[{ idHash: string }]>('DELETE FROM session WHERE id_hash = @idHash')
    const deleteExpired = database.prepare<[{ at: number }]>('DELETE FROM session WHERE expires_at <= @at')
    const lastEntry = database.prepare<[], StoredAuditRow>(`${selectAudit} ORDER BY sequence DESC LIMIT 1`)
    const insertEntry = database.prepare<[Omit<AuditRow, 'detail'> & { detail: string }]>(
      `INSERT INTO audit (sequence, at, actor, action, subject, detail, hash)
       VALUES (@sequence, @at, @actor, @action, @subject, @detail, @hash)`,
    )
    return {
      /** AppError `conflict` when a token of that name exists. */
      'token.insert'(token: TokenRow) {
        if (tokenNamed.get(token.name)) {
          throw new AppError(
            'conflict',
            `A token named "${token.name}" exists already. Choose another name or revoke it.`,
          )
        }
        insertToken.run(token)
      },
      /** Never moves backwards; an unknown id changes nothing, for the token may just have been revoked. */
      'token.used': (use: { id: string; at: number }) => useToken.run(use),
      'token.delete': (token: { id: string }) => deleteToken.run(token),
      /** Inserts, or renews expiry, role and last sight. */
      'session.save': (session: SessionRow) => saveSession.run(session),
      'session.delete': (session: { idHash: string }) => deleteSession.run(session),
      /** Those whose `expiresAt` is at or before `at`. */
      'session.deleteExpired': (input: { at: number }) => deleteExpired.run(input),
      'audit.append'(entry: AuditEntry) {
        const last = lastEntry.get()
        const detail = JSON.stringify(entry.detail)
        const sequence = (last?.sequence ?? 0) + 1
        const { at, actor, action, subject } = entry
        const words = { sequence, at, actor, action, subject, detail }
        insertEntry.run({ ...words, hash: chainHash(last?.hash ?? '', words) })
      },
    }
  },
  questions(database) {
    const tokens = database.prepare<[], TokenRow>(`${selectToken} ORDER BY created_at, id`)
    const sessions = database.prepare<[], SessionRow>(`${selectSession} ORDER BY created_at, id_hash`)
    // instr() and not LIKE: what is looked for may hold % and _.
    const entriesBefore = database.prepare<[AuditFilter & { before: number; limit: number }], StoredAuditRow>(
      `${selectAudit} WHERE sequence < @before
         AND (@from IS NULL OR at >= @from) AND (@to IS NULL OR at < @to)
         AND (@actor = '' OR instr(lower(actor), lower(@actor)) > 0)
         AND (@action = '' OR instr(lower(action), lower(@action)) > 0)
         AND (@text = '' OR instr(lower(subject || ' ' || detail), lower(@text)) > 0)
       ORDER BY sequence DESC LIMIT @limit`,
    )
    return {
      /** Oldest first. */
      'token.list': (_: Record<string, never>): TokenRow[] => tokens.all(),
      /** Oldest first, expired ones too. */
      'session.list': (_: Record<string, never>): SessionRow[] => sessions.all(),
      /** Newest first. `before`: only entries with a smaller sequence, null for the newest. */
      'audit.list': ({ before, limit, filter = everything }: AuditQuestion): AuditRow[] =>
        entriesBefore
          .all({ ...filter, before: before ?? Number.MAX_SAFE_INTEGER, limit })
          .map((row) => ({ ...row, detail: JSON.parse(row.detail) })),
      'audit.verify': (_: Record<string, never>): AuditVerdict => verifyChain(database),
    }
  },
})

const selectToken = `SELECT id, name, role, secret_hash AS secretHash, created_at AS createdAt, expires_at AS expiresAt,
  last_used_at AS lastUsedAt FROM token`
const selectSession = `SELECT id_hash AS idHash, role, created_at AS createdAt, expires_at AS expiresAt,
  last_seen_at AS lastSeenAt FROM session`
const selectAudit = 'SELECT sequence, at, actor, action, subject, detail, hash FROM audit'

/** An entry as it lies in the table: `detail` is JSON text, and its very bytes are what the hash covers. */
type StoredAuditRow = Omit<AuditRow, 'detail'> & { readonly detail: string }

function chainHash(previousHash: string, entry: Omit<StoredAuditRow, 'hash'>): string {
  const { sequence, at, actor, action, subject, detail } = entry
  const words = JSON.stringify([previousHash, sequence, at, actor, action, subject, detail])
  return createHash('sha256').update(words).digest('hex')
}

function verifyChain(database: Database): AuditVerdict {
  let entries = 0
  let previousHash = ''
  for (const row of database.prepare<[], StoredAuditRow>(`${selectAudit} ORDER BY sequence`).iterate()) {
    entries += 1
    if (row.sequence !== entries || row.hash !== chainHash(previousHash, row)) {
      return { entries, brokenAt: row.sequence }
    }
    previousHash = row.hash
  }
  return { entries, brokenAt: null }
}
