import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listBackups, takeBackup } from '#main/store/backup.ts'
import { openStateDatabase } from '#main/store/state-database.ts'
import { noteMigrations, noteTables } from './support/note-tables.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'

const openedAt = Date.UTC(2026, 0, 5, 7, 30)
const pageBytes = 4096

async function open(directory: string) {
  const database = await openStateDatabase({ directory, openedAt, migrations: noteMigrations, families: [noteTables] })
  onTestFinished(() => database.close())
  return database
}

/** A closed database of 200 notes (about 60 pages), with backups taken when it held 100 and 150 unless asked otherwise. */
async function filledDirectory(backups: readonly number[] = [100, 150]): Promise<string> {
  const directory = temporaryDirectory()
  const database = await openStateDatabase({ directory, openedAt, migrations: noteMigrations, families: [noteTables] })
  for (let id = 1; id <= 200; id++) {
    void database.commit([['note.insert', { id, text: `note ${id} `.repeat(100) }]])
    if (!backups.includes(id)) continue
    database.ask('note.count', {})
    const reader = new Database(join(directory, 'belfry.db'), { readonly: true })
    await takeBackup(reader, directory, openedAt - 1000 * (200 - id))
    reader.close()
  }
  database.close()
  return directory
}

function overwrite(file: string, offset: number, length: number): void {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, offset, offset + length)
  writeFileSync(file, bytes)
}

const damages: readonly (readonly [what: string, damage: (file: string) => void])[] = [
  ['a destroyed header', (file) => overwrite(file, 0, 100)],
  ['a destroyed first page', (file) => overwrite(file, 100, pageBytes - 100)],
  ['a destroyed page in the middle', (file) => overwrite(file, 5 * pageBytes, pageBytes)],
  ['an end that was cut off at a page', (file) => truncateSync(file, 20 * pageBytes)],
  ['an end that was cut off within a page', (file) => truncateSync(file, 20 * pageBytes + 1234)],
  ['all but its first bytes cut off', (file) => truncateSync(file, 50)],
  ['all of it cut off', (file) => truncateSync(file, 0)],
  ['a text in its place', (file) => writeFileSync(file, 'I am not a database.\n'.repeat(1000))],
]

describe('a damaged database', () => {
  it.each(damages)('with %s is set aside, and the newest backup takes its place', async (_, damage) => {
    const directory = await filledDirectory()
    const file = join(directory, 'belfry.db')
    damage(file)
    const damaged = readFileSync(file)
    const database = await open(directory)
    const { recovery, created } = database.report
    expect(created).toBe(false)
    expect(recovery?.damage).not.toBe('')
    expect(recovery?.restored).toEqual(listBackups(directory)[0])
    expect(recovery?.setAside).toBe(`${file}.damaged-2026-01-05T07-30-00.000Z`)
    expect(readFileSync(recovery?.setAside ?? '').equals(damaged)).toBe(true)
    expect(database.ask('note.count', {})).toBe(150)
    await database.commit([['note.insert', { id: 1000, text: 'goes on' }]])
  })

  it.each(damages)('with %s and without a backup is set aside, and a fresh one begun', async (_, damage) => {
    const directory = await filledDirectory([])
    damage(join(directory, 'belfry.db'))
    const database = await open(directory)
    expect(database.report).toMatchObject({ created: true, recovery: { restored: null } })
    expect(existsSync(database.report.recovery?.setAside ?? '')).toBe(true)
    expect(database.ask('note.count', {})).toBe(0)
    await database.commit([['note.insert', { id: 1, text: 'begins' }]])
  })

  it('is replaced by an older backup when the newest is damaged too, and both are named', async () => {
    const directory = await filledDirectory()
    const [newest, older] = listBackups(directory)
    if (!newest || !older) throw new Error('expected two backups')
    overwrite(newest.file, 5 * pageBytes, pageBytes)
    overwrite(join(directory, 'belfry.db'), 0, 100)
    const database = await open(directory)
    expect(database.report.recovery).toMatchObject({ restored: older, brokenBackups: [newest.file] })
    expect(database.ask('note.count', {})).toBe(100)
    expect(existsSync(newest.file)).toBe(true)
  })

  it('takes its log along, so that the restored one cannot replay it', async () => {
    const directory = await filledDirectory()
    const file = join(directory, 'belfry.db')
    const writer = new Database(file)
    writer.pragma('journal_mode = WAL')
    writer.exec(`INSERT INTO note (id, text) VALUES (500, 'only in the log')`)
    const wal = readFileSync(`${file}-wal`)
    writer.close()
    overwrite(file, 0, 100)
    writeFileSync(`${file}-wal`, wal)
    const database = await open(directory)
    const setAside = database.report.recovery?.setAside ?? ''
    expect(readFileSync(`${setAside}-wal`).equals(wal)).toBe(true)
    expect(database.ask('note.count', {})).toBe(150)
  })

  it.each([
    ['with a backup', [100], 100],
    ['without one', [], 0],
  ])('that is gone but for its log does not have it replayed into the next, %s', async (_, backups, notes) => {
    const directory = await filledDirectory(backups)
    const file = join(directory, 'belfry.db')
    const writer = new Database(file)
    writer.pragma('journal_mode = WAL')
    writer.exec(`INSERT INTO note (id, text) VALUES (500, 'only in the log')`)
    const wal = readFileSync(`${file}-wal`)
    writer.close()
    rmSync(file)
    writeFileSync(`${file}-wal`, wal)
    const database = await open(directory)
    expect(database.report.recovery?.damage).toContain('missing')
    expect(readFileSync(`${database.report.recovery?.setAside}-wal`).equals(wal)).toBe(true)
    expect(database.ask('note.count', {})).toBe(notes)
    expect(database.ask('note.list', {})).not.toContainEqual(expect.objectContaining({ id: 500 }))
  })

  it('that was left with a journal is rolled back, and is not damaged at all', async () => {
    const directory = await filledDirectory([])
    const file = join(directory, 'belfry.db')
    const writer = new Database(file)
    writer.pragma('journal_mode = DELETE')
    writer.pragma('cache_size = 1')
    writer.exec("BEGIN; UPDATE note SET text = text || 'half of a change'")
    const halfway = [readFileSync(file), readFileSync(`${file}-journal`)] as const
    writer.exec('ROLLBACK')
    writer.close()
    writeFileSync(file, halfway[0])
    writeFileSync(`${file}-journal`, halfway[1])
    const database = await open(directory)
    expect(database.report.recovery).toBeNull()
    expect(JSON.stringify(database.ask('note.list', {}))).not.toContain('half of a change')
    expect(database.ask('note.count', {})).toBe(200)
  })

  it('keeps apart two that were set aside in one instant', async () => {
    const directory = await filledDirectory([])
    const file = join(directory, 'belfry.db')
    for (const expected of ['', '-2']) {
      writeFileSync(file, 'not a database, '.repeat(500))
      const database = await openStateDatabase({
        directory,
        openedAt,
        migrations: noteMigrations,
        families: [noteTables],
      })
      expect(database.report.recovery?.setAside).toBe(`${file}.damaged-2026-01-05T07-30-00.000Z${expected}`)
      database.close()
    }
  })

  describe('whose recovery was cut short', () => {
    const cuts: readonly (readonly [when: string, cut: (file: string, backup: string) => void])[] = [
      [
        'while the backup was copied',
        (file, backup) => writeFileSync(`${file}.restoring`, readFileSync(backup).subarray(0, 9000)),
      ],
      ['before it was set aside', (file, backup) => copyFileSync(backup, `${file}.restoring`)],
      [
        'after it was set aside',
        (file, backup) => {
          copyFileSync(backup, `${file}.restoring`)
          renameSync(file, `${file}.damaged-earlier`)
        },
      ],
    ]
    it.each(cuts)('%s is recovered by the next start', async (_, cut) => {
      const directory = await filledDirectory()
      const file = join(directory, 'belfry.db')
      overwrite(file, 0, 100)
      cut(file, listBackups(directory)[0]?.file ?? '')
      const database = await open(directory)
      expect(database.report.created).toBe(false)
      expect(database.report.recovery?.restored).toEqual(listBackups(directory)[0])
      expect(database.ask('note.count', {})).toBe(150)
      const names = readdirSync(directory)
      expect(names.filter((name) => name.startsWith('belfry.db.damaged-') && !/-(wal|shm)$/.test(name))).toHaveLength(1)
      expect(names).not.toContain('belfry.db.restoring')
    })
  })
})

describe('a backup', () => {
  it('is one whole file with everything committed, though the database is in use', async () => {
    const directory = await filledDirectory([])
    const database = await open(directory)
    await database.commit([['note.insert', { id: 300, text: 'in the log' }]])
    const reader = new Database(join(directory, 'belfry.db'), { readonly: true })
    onTestFinished(() => void reader.close())
    const backup = await takeBackup(reader, directory, openedAt)
    expect(readdirSync(join(directory, 'backups'))).toEqual(['belfry-2026-01-05T07-30-00.000Z-schema-2.db'])
    const copy = new Database(backup.file, { readonly: true })
    onTestFinished(() => void copy.close())
    expect(copy.pragma('journal_mode', { simple: true })).toBe('delete')
    expect(copy.prepare('SELECT count(*) FROM note').pluck().get()).toBe(201)
  })

  it('never gets its name when the database is damaged, and leaves no remains for good', async () => {
    const directory = await filledDirectory([])
    const file = join(directory, 'belfry.db')
    overwrite(file, 8 * pageBytes, pageBytes)
    const damaged = new Database(file)
    onTestFinished(() => void damaged.close())
    await expect(takeBackup(damaged, directory, openedAt)).rejects.toThrow()
    expect(listBackups(directory)).toEqual([])
    const sound = new Database(join(directory, 'other.db'))
    onTestFinished(() => void sound.close())
    sound.exec('CREATE TABLE t (x)')
    await takeBackup(sound, directory, openedAt)
    expect(readdirSync(join(directory, 'backups'))).toEqual(['belfry-2026-01-05T07-30-00.000Z-schema-0.db'])
    expect(statSync(listBackups(directory)[0]?.file ?? '').size).toBeGreaterThan(0)
  })
})
