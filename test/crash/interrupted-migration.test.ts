import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { listBackups, schemaOf, verifiedSchema } from '#main/store/backup.ts'
import { openStateDatabase } from '#main/store/state-database.ts'
import { seededRandom } from '#test/support/ports.ts'
import { startChild } from '../store/support/child.ts'
import { noteMigrations, noteTables } from '../store/support/note-tables.ts'
import { temporaryDirectory } from '../store/support/temporary-directory.ts'

const slowMigration = new URL('./slow-migration.ts', import.meta.url)
const cycles = 10
const seed = 7
/** The migration takes about this long. */
const longestMs = 500
const notesBefore = 300
const notesAfter = notesBefore + 200_000

describe('a migration', () => {
  it(`has happened wholly or not at all after each of ${cycles} kill -9 within it, and then runs through`, {
    timeout: 120_000,
  }, async () => {
    const directory = temporaryDirectory()
    const first = await openStateDatabase({
      directory,
      openedAt: 0,
      migrations: noteMigrations.slice(0, 1),
      families: [noteTables],
    })
    await first.commit(Array.from({ length: notesBefore }, (_, id) => ['note.insert', { id, text: 'from before' }]))
    first.close()

    const random = seededRandom(seed)
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = startChild(slowMigration, [directory])
      expect(await child.line()).toBe('migrating')
      await delay(random.next() * longestMs)
      await child.kill()
      expectOldOrNew(directory, `cycle ${cycle} of seed ${seed}`)
    }
    const last = startChild(slowMigration, [directory])
    expect(await last.line()).toBe('migrating')
    expect(await last.line()).toBe(`migrated ${notesAfter}`)
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([])
  })
})

function expectOldOrNew(directory: string, when: string): void {
  const database = new Database(join(directory, 'belfry.db'))
  const schema = schemaOf(database)
  expect(database.pragma('integrity_check', { simple: true }), when).toBe('ok')
  expect(database.prepare('SELECT count(*) FROM note').pluck().get(), when).toBe(
    schema === 1 ? notesBefore : notesAfter,
  )
  database.close()
  for (const { file } of listBackups(directory)) expect(verifiedSchema(file), `${file}, ${when}`).toBe(1)
}
