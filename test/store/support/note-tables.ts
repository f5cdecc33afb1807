/** A small schema of its own, so that these tests stand whatever Belfry's tables become. */
import type { Database } from 'better-sqlite3'
import { defineFamily } from '#main/store/family.ts'
import type { Migration } from '#main/store/migrations/index.ts'

export const noteMigrations: readonly Migration[] = [
  { number: 1, name: 'notes', sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;' },
  {
    number: 2,
    name: 'marks',
    sql: `ALTER TABLE note ADD COLUMN mark TEXT;
          CREATE TABLE tag (note INTEGER NOT NULL REFERENCES note (id), name TEXT NOT NULL) STRICT;`,
  },
]

export const noteTables = defineFamily({
  writes(database) {
    const insert = database.prepare<[{ id: number; text: string }]>('INSERT INTO note (id, text) VALUES (@id, @text)')
    return { 'note.insert': (note: { id: number; text: string }) => insert.run(note) }
  },
  questions(database) {
    const count = database.prepare<[], number>('SELECT count(*) FROM note').pluck()
    const all = database.prepare<[], { id: number; text: string }>('SELECT id, text FROM note ORDER BY id')
    return {
      'note.count': (_: unknown): number => count.get() ?? 0,
      'note.list': (_: unknown) => all.all(),
    }
  },
})

export const tagTables = defineFamily({
  writes(database: Database) {
    const insert = database.prepare<[{ note: number; name: string }]>(
      'INSERT INTO tag (note, name) VALUES (@note, @name)',
    )
    return { 'tag.insert': (tag: { note: number; name: string }) => insert.run(tag) }
  },
  questions: () => ({}),
})
