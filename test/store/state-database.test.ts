import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listBackups, verifiedSchema } from '#main/store/backup.ts'
import { openStateDatabase, openStateReader, type StateDatabaseOptions } from '#main/store/state-database.ts'
import { noteMigrations, noteTables, tagTables } from './support/note-tables.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

const openedAt = Date.UTC(2026, 0, 5, 7, 30)

async function open(directory: string, options: Partial<StateDatabaseOptions> = {}) {
  const opened = { directory, openedAt, migrations: noteMigrations, families: [noteTables, tagTables], ...options }
  const database = await openStateDatabase(opened)
  let closed = false
  const close = () => {
    if (!closed) database.close()
    closed = true
  }
  onTestFinished(close)
  return { ...database, close }
}

const note = (id: number, text = `note ${id}`) => ['note.insert', { id, text }] as const

describe('the state database', () => {
  it('keeps what was committed', async () => {
    const directory = temporaryDirectory()
    const first = await open(directory)
    expect(first.report).toMatchObject({ created: true, schema: 2, migration: null, recovery: null })
    await first.commit([note(1), note(2)])
    first.close()
    const second = await open(directory)
    expect(second.report).toMatchObject({ created: false, schema: 2, migration: null, recovery: null })
    expect(second.ask('note.list', {})).toEqual([
      { id: 1, text: 'note 1' },
      { id: 2, text: 'note 2' },
    ])
  })

  it('commits a unit wholly or not at all', async () => {
    const database = await open(temporaryDirectory())
    await expect(database.commit([note(1), ['tag.insert', { note: 99, name: 'orphan' }]])).rejects.toThrow(
      'FOREIGN KEY',
    )
    expect(database.ask('note.count', {})).toBe(0)
    await database.commit([note(1), ['tag.insert', { note: 1, name: 'held' }]])
    expect(database.ask('note.count', {})).toBe(1)
  })

  it('answers a question after the units handed over before it', async () => {
    const database = await open(temporaryDirectory())
    const committed = [1, 2, 3].map((id) => database.commit([note(id)]))
    expect(database.ask('note.count', {})).toBe(3)
    await Promise.all(committed)
  })

  it('shows a reader what is committed, and lets it change nothing', async () => {
    const directory = temporaryDirectory()
    const database = await open(directory)
    const reader = openStateReader(directory, [noteTables])
    onTestFinished(() => reader.close())
    await database.commit([note(1)])
    expect(reader.ask('note.count', {})).toBe(1)
    const intruder = { writes: () => ({}), questions: noteTables.writes }
    const writer = openStateReader(directory, [intruder])
    onTestFinished(() => writer.close())
    expect(() => writer.ask('note.insert', { id: 2, text: 'x' })).toThrow('SQLITE_READONLY')
  })

  it('is durable: WAL with synchronous=FULL and foreign keys', async () => {
    const seen: Record<string, unknown> = {}
    const probe = {
      writes: () => ({}),
      questions(connection: Database.Database) {
        for (const name of ['journal_mode', 'synchronous', 'foreign_keys', 'journal_size_limit']) {
          seen[name] = connection.pragma(name, { simple: true })
        }
        return {}
      },
    }
    await open(temporaryDirectory(), { families: [probe] })
    expect(seen).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, journal_size_limit: 64 * 1024 * 1024 })
  })

  it('says which name it does not know', async () => {
    const database = await open(temporaryDirectory())
    await expect(database.commit([['note.burn', {}]])).rejects.toThrow('has a write named "note.burn"')
    expect(() => database.ask('note.guess', {})).toThrow('No table family has a question named "note.guess"')
  })

  it('does not start with two families of one name', async () => {
    await expect(open(temporaryDirectory(), { families: [noteTables, noteTables] })).rejects.toThrow('note.insert')
  })

  it('empties its log into the file when it closes', async () => {
    const directory = temporaryDirectory()
    const database = await open(directory)
    await database.commit([note(1)])
    expect(statSync(join(directory, 'belfry.db-wal')).size).toBeGreaterThan(0)
    database.close()
    expect(readdirSync(directory)).toEqual(['belfry.db'])
  })

  it('cuts its log back after a long reader let it grow', async () => {
    const directory = temporaryDirectory()
    const database = await open(directory)
    await database.commit([note(1)])
    const log = () => statSync(join(directory, 'belfry.db-wal')).size
    const reader = new Database(join(directory, 'belfry.db'), { readonly: true })
    onTestFinished(() => void reader.close())
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM note').get()
    const large = 'x'.repeat(4_000_000)
    for (let id = 2; id < 22; id++) await database.commit([note(id, large)])
    expect(log()).toBeGreaterThan(70_000_000)
    reader.exec('COMMIT')
    await database.commit([note(22)])
    await database.commit([note(23)])
    expect(log()).toBeLessThanOrEqual(64 * 1024 * 1024)
  })

  it('reports a full disk as unavailable and goes on when there is room again', async () => {
    const directory = temporaryDirectory()
    let connection: Database.Database | undefined
    const spy = {
      writes(database: Database.Database) {
        connection = database
        return {}
      },
      questions: () => ({}),
    }
    const database = await open(directory, { families: [noteTables, spy] })
    const pages = Number(connection?.pragma('page_count', { simple: true }))
    connection?.pragma(`max_page_count = ${pages + 4}`)
    const full = database.commit([note(1), note(2, 'x'.repeat(100_000))])
    await expect(full).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('disk is full') })
    expect(database.ask('note.count', {})).toBe(0)
    connection?.pragma(`max_page_count = ${pages + 1000}`)
    await database.commit([note(2, 'x'.repeat(100_000))])
    expect(database.ask('note.count', {})).toBe(1)
  })
})

describe('migrations', () => {
  const [first] = noteMigrations
  if (!first) throw new Error('expected a first migration')

  it('run after a backup that holds what was there before', async () => {
    const directory = temporaryDirectory()
    const old = await open(directory, { migrations: [first], families: [noteTables] })
    await old.commit([note(1)])
    old.close()
    const migrated = await open(directory)
    const [backup] = listBackups(directory)
    expect(migrated.report).toMatchObject({ schema: 2, migration: { from: 1, to: 2, backup: backup?.file } })
    expect(backup).toMatchObject({ takenAt: openedAt, schema: 1 })
    expect(verifiedSchema(backup?.file ?? '')).toBe(1)
    expect(migrated.ask('note.count', {})).toBe(1)
    await migrated.commit([['tag.insert', { note: 1, name: 'new' }]])
  })

  it('change nothing when one fails, and name it', async () => {
    const directory = temporaryDirectory()
    const old = await open(directory, { migrations: [first], families: [noteTables] })
    await old.commit([note(1)])
    old.close()
    const broken = { number: 2, name: 'broken', sql: 'DROP TABLE note; CREATE TABLE tag (oops oops oops,);' }
    await expect(open(directory, { migrations: [first, broken] })).rejects.toThrow(
      'Migration 2 (broken) failed; the database keeps schema 1.',
    )
    const again = await open(directory, { migrations: [first], families: [noteTables] })
    expect(again.ask('note.count', {})).toBe(1)
  })

  it('stop at a full disk, say so, and succeed when there is room', async () => {
    const directory = temporaryDirectory()
    const large = {
      number: 2,
      name: 'large',
      sql: 'CREATE TABLE large (bytes); INSERT INTO large VALUES (zeroblob(400000));',
    }
    const small = { ...large, sql: `PRAGMA max_page_count = 20; ${large.sql}` }
    const old = await open(directory, { migrations: [first], families: [noteTables] })
    await old.commit([note(1)])
    old.close()
    await expect(open(directory, { migrations: [first, small], families: [noteTables] })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('disk is full'),
    })
    const migrated = await open(directory, { migrations: [first, large], families: [noteTables] })
    expect(migrated.report.migration).toMatchObject({ from: 1, to: 2 })
    expect(migrated.ask('note.count', {})).toBe(1)
  })

  it('keep the backups of the last five', async () => {
    const directory = temporaryDirectory()
    const growing = Array.from({ length: 8 }, (_, index) => ({
      number: index + 1,
      name: `step ${index}`,
      sql: `CREATE TABLE t${index} (x);`,
    }))
    for (let count = 1; count <= growing.length; count++) {
      const migrations = growing.slice(0, count)
      const database = await open(directory, { migrations, families: [], openedAt: openedAt + count * 1000 })
      database.close()
    }
    expect(listBackups(directory).map(({ schema }) => schema)).toEqual([7, 6, 5, 4, 3])
  })

  it('refuse a database that a newer Belfry has written, and leave it as it is', async () => {
    const directory = temporaryDirectory()
    const newer = [...noteMigrations, { number: 9, name: 'future', sql: 'CREATE TABLE future (x);' }]
    const future = await open(directory, { migrations: newer })
    await future.commit([note(1)])
    future.close()
    const refused = open(directory)
    await expect(refused).rejects.toMatchObject({
      code: 'unprocessable',
      message: expect.stringMatching(/schema 9.*up to 2.*Nothing was changed/s),
    })
    expect(existsSync(join(directory, 'backups'))).toBe(false)
    const back = await open(directory, { migrations: newer })
    expect(back.report.recovery).toBeNull()
    expect(back.ask('note.count', {})).toBe(1)
  })

  it('can be cut short: an unfinished first database is begun anew', async () => {
    const directory = temporaryDirectory()
    const half = new Database(join(directory, 'belfry.db.new'))
    half.exec('CREATE TABLE note (half INTEGER)')
    half.close()
    const database = await open(directory)
    expect(database.report).toMatchObject({ created: true, recovery: null })
    await database.commit([note(1)])
    expect(readdirSync(directory)).not.toContain('belfry.db.new')
  })
})
