/** A process that opens a state database with a migration that takes a while: 200,000 rows and a new column of each. */
import { openStateDatabase } from '#main/store/state-database.ts'
import { noteMigrations, noteTables } from '../store/support/note-tables.ts'

const [directory = ''] = process.argv.slice(2)
const rows = 200_000
const slow = {
  number: 2,
  name: 'slow',
  sql: `ALTER TABLE note ADD COLUMN mark TEXT;
        WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < ${999 + rows})
          INSERT INTO note (id, text, mark) SELECT i, 'made by the migration', 'x' FROM n;
        UPDATE note SET mark = 'done';`,
}

process.stdout.write('migrating\n')
const migrations = [...noteMigrations.slice(0, 1), slow]
const database = await openStateDatabase({ directory, openedAt: 0, migrations, families: [noteTables] })
process.stdout.write(`migrated ${database.ask('note.count', {})}\n`)
process.stdin.resume()
