import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AuditEntry, SessionRow, TokenRow } from '#main/store/families/access.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'

let state: TemporaryState
beforeEach(async () => {
  state = await temporaryState()
  return () => state.close()
})

const token: TokenRow = {
  id: 't1',
  name: 'grafana',
  role: 'viewer',
  secretHash: 'hash-1',
  createdAt: 1000,
  expiresAt: null,
  lastUsedAt: null,
}
const session: SessionRow = { idHash: 's1', role: 'admin', createdAt: 1000, expiresAt: 5000, lastSeenAt: 1000 }
const entry = (at: number, action = 'token.created'): AuditEntry => ({
  at,
  actor: 'desktop',
  action,
  subject: 'grafana',
  detail: { role: 'viewer', "it's": null, count: at },
})

describe('tokens', () => {
  it('are listed oldest first', async () => {
    const younger: TokenRow = { ...token, id: 't0', name: 'ci', secretHash: 'hash-0', createdAt: 2000, expiresAt: 9000 }
    await state.commit([
      ['token.insert', younger],
      ['token.insert', token],
    ])
    expect(await state.ask('token.list', {})).toEqual([token, younger])
  })

  it('keep their names apart until one is revoked', async () => {
    const namesake = { ...token, id: 't2', secretHash: 'hash-2' }
    await state.commit([['token.insert', token]])
    await expect(state.commit([['token.insert', namesake]])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"grafana"'),
    })
    await state.commit([['token.delete', { id: 't1' }]])
    await state.commit([['token.insert', namesake]])
    expect(await state.ask('token.list', {})).toEqual([namesake])
  })

  it('remember their latest use, whatever order uses are told in', async () => {
    await state.commit([
      ['token.insert', token],
      ['token.used', { id: 't1', at: 3000 }],
      ['token.used', { id: 't1', at: 2000 }],
      ['token.used', { id: 'revoked meanwhile', at: 4000 }],
    ])
    expect(await state.ask('token.list', {})).toEqual([{ ...token, lastUsedAt: 3000 }])
  })
})

describe('sessions', () => {
  it('are saved, renewed and survive a restart', async () => {
    await state.commit([['session.save', session]])
    await state.commit([['session.save', { ...session, createdAt: 9999, expiresAt: 8000, lastSeenAt: 4000 }]])
    await state.reopen()
    expect(await state.ask('session.list', {})).toEqual([{ ...session, expiresAt: 8000, lastSeenAt: 4000 }])
  })

  it('end one by one, or when they have expired', async () => {
    const ids = ['a', 'b', 'c', 'd']
    await state.commit(ids.map((idHash, index) => ['session.save', { ...session, idHash, expiresAt: 1000 * index }]))
    const left = async () => (await state.ask('session.list', {})).map(({ idHash }) => idHash)
    await state.commit([['session.deleteExpired', { at: 1000 }]])
    expect(await left()).toEqual(['c', 'd'])
    await state.commit([['session.delete', { idHash: 'c' }]])
    expect(await left()).toEqual(['d'])
  })
})

describe('the audit log', () => {
  /** As somebody with the file in hand could: past the triggers. */
  function tamper(sql: string): void {
    const database = new Database(`${state.directory}/belfry.db`)
    onTestFinished(() => void database.close())
    database.exec(`DROP TRIGGER audit_keeps_its_words; DROP TRIGGER audit_keeps_its_rows; ${sql}`)
  }

  it('is read newest first, page by page', async () => {
    for (let at = 1; at <= 5; at++) await state.commit([['audit.append', entry(at)]])
    const first = await state.ask('audit.list', { before: null, limit: 2 })
    expect(first).toMatchObject([
      { sequence: 5, ...entry(5) },
      { sequence: 4, ...entry(4) },
    ])
    const rest = await state.ask('audit.list', { before: first.at(-1)?.sequence ?? null, limit: 10 })
    expect(rest.map(({ sequence }) => sequence)).toEqual([3, 2, 1])
  })

  it('is whole, from empty to many entries and across a restart', async () => {
    expect(await state.ask('audit.verify', {})).toEqual({ entries: 0, brokenAt: null })
    await state.commit([1, 2, 3].map((at) => ['audit.append', entry(at)]))
    await state.reopen()
    await state.commit([['audit.append', entry(4)]])
    expect(await state.ask('audit.verify', {})).toEqual({ entries: 4, brokenAt: null })
  })

  it.each(["UPDATE audit SET actor = 'nobody'", 'DELETE FROM audit'])('refuses %s', async (sql) => {
    await state.commit([['audit.append', entry(1)]])
    const database = new Database(`${state.directory}/belfry.db`)
    onTestFinished(() => void database.close())
    expect(() => database.exec(sql)).toThrow('append-only')
  })

  it.each([
    ['an entry whose words were changed', "UPDATE audit SET actor = 'somebody else' WHERE sequence = 3", 3],
    ['an entry whose detail was changed', "UPDATE audit SET detail = '{}' WHERE sequence = 2", 2],
    ['an entry that was taken out', 'DELETE FROM audit WHERE sequence = 2', 3],
    [
      'a gap that was closed',
      'DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2',
      2,
    ],
    ['a beginning that was cut off', 'DELETE FROM audit WHERE sequence < 3', 3],
  ])('shows %s', async (_, sql, brokenAt) => {
    await state.commit([1, 2, 3, 4, 5].map((at) => ['audit.append', entry(at)]))
    tamper(sql)
    expect(await state.ask('audit.verify', {})).toMatchObject({ brokenAt })
  })
})
