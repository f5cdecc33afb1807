/** API tokens for programs. They are few, so all are held in memory and the store is only written to. */
import type { Clock, Ids, Logger } from '#main/ports.ts'
import type { TokenRow } from '#main/store/families/access.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { Caller, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { TokenView } from '#shared/contract/settings.ts'
import { type HandedToken, handoverDirectory, readHandovers } from './handover.ts'
import { findByHash, hashOfSecret, newSecret } from './secret.ts'

interface TokenDraft {
  readonly name: string
  readonly role: Role
  /** Null: never. */
  readonly expiresAt: number | null
}

export interface Tokens {
  /** Newest first, expired ones included. */
  list(): Promise<TokenView[]>
  /** AppError `conflict` when a token has this name, `invalid` when it would already be expired. */
  create(draft: TokenDraft, by: Caller): Promise<{ token: TokenView; secret: string }>
  /** A token that sees this wall and nothing else; its name tells which, and from how many links it is. */
  createForWall(wall: string, by: Caller): Promise<{ token: TokenView; secret: string }>
  /** AppError `not-found`. */
  revoke(id: string, by: Caller): Promise<void>
  /** Who holds this secret; null when nobody does or it has expired. */
  authenticate(secret: string): Promise<Caller | null>
}

export interface TokenOptions {
  readonly state: StateStore
  readonly ids: Ids
  readonly clock: Clock
  readonly logger: Logger
  /** Below it the command line leaves new tokens; see handover.ts. */
  readonly dataDir: string
}

export const tokenPrefix = 'belfry_'
/** "Last used" is told to the minute: a write for every request would be the most of all writing. */
const usedEveryMs = 60_000

export async function openTokens({ state, ids, clock, logger, dataDir }: TokenOptions): Promise<Tokens> {
  const rows = new Map((await state.ask('token.list', {})).map((row) => [row.id, row]))
  let takingIn: Promise<void> | null = null

  /** Asked many times at once, the directory is read once. */
  function takeIn(): Promise<void> {
    takingIn ??= takeInAll().finally(() => {
      takingIn = null
    })
    return takingIn
  }

  async function takeInAll() {
    for (const { token, done } of await readHandovers(handoverDirectory(dataDir), logger)) {
      if (!rows.has(token.id)) await store(rowOf({ ...token, name: freeName(token) }), 'command-line')
      await done()
    }
  }

  async function store(row: TokenRow, actor: string) {
    const detail = { role: row.role, expiresAt: row.expiresAt }
    await state.commit([
      ['token.insert', row],
      ['audit.append', { at: clock.now(), actor, action: 'token.created', subject: row.name, detail }],
    ])
    rows.set(row.id, row)
  }

  function freeName(token: HandedToken): string {
    const taken = new Set([...rows.values()].map((row) => row.name))
    let name = token.name
    for (let count = 2; taken.has(name); count++) name = `${token.name.slice(0, 70)} (${count})`
    return name
  }

  async function use(row: TokenRow) {
    const at = clock.now()
    if (row.lastUsedAt !== null && at - row.lastUsedAt < usedEveryMs) return
    rows.set(row.id, { ...row, lastUsedAt: at })
    await state.commit([['token.used', { id: row.id, at }]])
  }

  async function create({ name, role, expiresAt }: TokenDraft, by: Caller) {
    const createdAt = clock.now()
    if (expiresAt !== null && expiresAt <= createdAt) {
      throw new AppError('invalid', 'expiresAt: expected an instant in the future, or null for a token without end')
    }
    const secret = newSecret(tokenPrefix)
    const token = { id: ids.next(), name, role, secretHash: hashOfSecret(secret), createdAt, expiresAt }
    await store(rowOf(token), by.name)
    return { token: viewOf(rowOf(token)), secret }
  }

  await takeIn()
  return {
    async list() {
      await takeIn()
      return [...rows.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(viewOf)
    },
    create,
    createForWall(wall, by) {
      const taken = new Set([...rows.values()].map((row) => row.name))
      let count = 1
      while (taken.has(`wall:${wall}:${count}`)) count++
      return create({ name: `wall:${wall}:${count}`, role: 'wall', expiresAt: null }, by)
    },
    async revoke(id, by) {
      const row = rows.get(id)
      if (!row) throw new AppError('not-found', 'There is no token with this id; it may have been revoked already.')
      const entry = { at: clock.now(), actor: by.name, action: 'token.revoked', subject: row.name, detail: {} }
      await state.commit([
        ['token.delete', { id }],
        ['audit.append', entry],
      ])
      rows.delete(id)
    },
    async authenticate(secret) {
      if (!secret.startsWith(tokenPrefix)) return null
      const find = () => findByHash(rows.values(), (row) => row.secretHash, secret)
      let row = find()
      if (!row) {
        await takeIn()
        row = find()
      }
      if (!row || (row.expiresAt !== null && row.expiresAt <= clock.now())) return null
      // Nobody is kept out because a note could not be written.
      await use(row).catch((error: unknown) => logger.warn('the use of a token was not noted', { error }))
      const caller = { role: row.role, name: `token:${row.name}` }
      return row.role === 'wall' ? { ...caller, walls: [row.name.split(':')[1] ?? ''] } : caller
    },
  }
}

function rowOf(token: HandedToken): TokenRow {
  return { ...token, lastUsedAt: null }
}

function viewOf({ id, name, role, createdAt, expiresAt, lastUsedAt }: TokenRow): TokenView {
  return { id, name, role, createdAt, expiresAt, lastUsedAt }
}
