/**
 * The planted fault of the full disk, imported before the console: statements that fail are taken for done, as by a
 * program that does not look at what writing returned.
 */
import Database from 'better-sqlite3'

const prepare = Database.prototype.prepare
Object.assign(Database.prototype, {
  prepare(this: Database.Database, source: string) {
    const statement = prepare.call(this, source)
    const { run } = statement
    return Object.assign(statement, {
      run(...parameters: unknown[]) {
        try {
          return Reflect.apply(run, statement, parameters)
        } catch {
          // The fault.
          return { changes: 1, lastInsertRowid: 0 }
        }
      },
    })
  },
})
