/** Brings a database forward to the newest schema, one migration a transaction. There is no way back but a backup. */
import type { Database } from 'better-sqlite3'
import { AppError } from '#shared/contract/errors.ts'
import { schemaOf } from './backup.ts'
import type { Migration } from './migrations/index.ts'
import { storageFailure } from './sqlite-failure.ts'

/** What has still to be applied, in order. Empty when the schema is the newest. */
export function pendingMigrations(database: Database, migrations: readonly Migration[]): readonly Migration[] {
  const schema = schemaOf(database)
  return migrations.filter((migration) => migration.number > schema)
}

/**
 * Refuses a database that a newer Belfry has written: AppError `unprocessable` that names both versions. Reads the
 * header only, so it may be asked before anything else is believed about the file.
 */
export function refuseNewerSchema(database: Database, migrations: readonly Migration[]): void {
  const schema = schemaOf(database)
  const newest = newestSchema(migrations)
  if (schema <= newest) return
  throw new AppError(
    'unprocessable',
    `${database.name} was written by a newer Belfry: it has schema ${schema}, this version knows schemas up to ${newest}. ` +
      'Nothing was changed. Start the newer version, or start this one with another --data directory.',
  )
}

export function newestSchema(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0
}

/**
 * Each either happens wholly, its number with it, or not at all. Throws AppError `unavailable` when the disk refuses;
 * any other error names the migration and carries SQLite's as its cause.
 */
export function applyMigrations(database: Database, pending: readonly Migration[]): void {
  for (const { number, name, sql } of pending) {
    try {
      database.transaction(() => {
        database.exec(sql)
        database.pragma(`user_version = ${number}`)
      })()
    } catch (cause) {
      const refusal = storageFailure(cause, database.name)
      if (refusal !== cause) throw refusal
      throw new Error(`Migration ${number} (${name}) failed; the database keeps schema ${schemaOf(database)}.`, {
        cause,
      })
    }
  }
}
