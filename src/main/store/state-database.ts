/**
 * belfry.db: state and history. Opens the file so that what is committed is durable, makes sure it is whole and of this
 * version's schema, and offers the families' writes and questions by name. Runs in the storage worker, or directly in a
 * test; the main loop never comes here.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pruneBackups, quickCheck, schemaOf, syncDirectory, takeBackup } from './backup.ts'
import { families as allFamilies } from './families/index.ts'
import type { Family, Operations } from './family.ts'
import { groupCommits } from './group-commit.ts'
import { applyMigrations, newestSchema, pendingMigrations, refuseNewerSchema } from './migrate.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'
import { DamagedFile, damageOf, storageFailure } from './sqlite-failure.ts'
import { finishRecovery, type Recovery, recover } from './state-recovery.ts'

/** What opening had to do; null where there was nothing to do. */
export interface StartReport {
  readonly file: string
  readonly schema: number
  /** Belfry starts here for the first time, or afresh after damage. */
  readonly created: boolean
  readonly migration: { readonly from: number; readonly to: number; readonly backup: string } | null
  readonly recovery: Recovery | null
}

/** A unit of work as it arrives from another thread: names and inputs. */
export type Unit = readonly (readonly [name: string, input: unknown])[]

export interface StateDatabase {
  readonly report: StartReport
  /** All or nothing, in the order given; resolves when durable. */
  commit(unit: Unit): Promise<void>
  /** Sees every unit handed to `commit` before. */
  ask(question: string, input: unknown): unknown
  /** Commits what waits, empties the log into the file and closes. */
  close(): void
}

export type StateReader = Pick<StateDatabase, 'ask' | 'close'>

export interface StateDatabaseOptions {
  readonly directory: string
  /** Names backups and files that are set aside. */
  readonly openedAt: number
  /** Where else than in `backups` a backup may lie. */
  readonly backupDirectory?: string | null
  readonly migrations?: readonly Migration[]
  readonly families?: readonly Family<Operations, Operations>[]
}

/**
 * Rejects with AppError `unavailable` when the directory or disk refuses, `unprocessable` when a newer Belfry has
 * written the file.
 */
export async function openStateDatabase(options: StateDatabaseOptions): Promise<StateDatabase> {
  const { directory, openedAt, migrations = allMigrations, families = allFamilies, backupDirectory = null } = options
  const file = stateFile(directory)
  try {
    mkdirSync(directory, { recursive: true })
    const { database, created, recovery } = openWhole(directory, openedAt, migrations, backupDirectory)
    try {
      const migration = await bringForward(database, directory, openedAt, migrations)
      return offer(database, families, { file, schema: schemaOf(database), created, migration, recovery })
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw storageFailure(error, file)
  }
}

/** A second, read-only connection for long questions. The storage worker must have opened the file before. */
export function openStateReader(
  directory: string,
  families: readonly Family<Operations, Operations>[] = allFamilies,
): StateReader {
  const file = stateFile(directory)
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  const questions = byName(families.map((family) => family.questions(database)))
  return { ask: (question, input) => answer(questions, question, input, file), close: () => void database.close() }
}

function stateFile(directory: string): string {
  return join(directory, 'belfry.db')
}

interface Opened {
  readonly database: Database.Database
  readonly created: boolean
  readonly recovery: Recovery | null
}

function openWhole(directory: string, at: number, migrations: readonly Migration[], elsewhere: string | null): Opened {
  const file = stateFile(directory)
  const finished = finishRecovery(directory, file, at)
  // A fresh file must never find the log of a lost one beside it: SQLite would replay it.
  const created = !existsSync(file) && !existsSync(`${file}-wal`)
  if (created) create(file, directory, migrations)
  try {
    return { database: connect(file, migrations), created, recovery: finished }
  } catch (error) {
    const damage = damageOf(error)
    if (damage === null) throw error
    const recovery = recover(directory, file, damage, at, newestSchema(migrations), elsewhere)
    if (!recovery.restored) create(file, directory, migrations)
    return { database: connect(file, migrations), created: !recovery.restored, recovery }
  }
}

/** Under another name first: belfry.db is never a half-made file, so an empty one is known to be damaged. */
function create(file: string, directory: string, migrations: readonly Migration[]): void {
  const unfinished = `${file}.new`
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true })
  const database = new Database(unfinished)
  try {
    database.pragma('synchronous = FULL')
    database.pragma(`application_id = ${applicationId}`)
    applyMigrations(database, migrations)
  } finally {
    database.close()
  }
  renameSync(unfinished, file)
  syncDirectory(directory)
}

function connect(file: string, migrations: readonly Migration[]): Database.Database {
  inspect(file, migrations)
  const database = new Database(file, { fileMustExist: true, timeout: busyTimeoutMs })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma(`journal_size_limit = ${longestLogBytes}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Read-only, for a writing connection would fold the log into a damaged file, or drop it, before it is set aside. */
function inspect(file: string, migrations: readonly Migration[]): void {
  if (!existsSync(file)) throw new DamagedFile('the file is missing, though its log is there')
  if (statSync(file).size === 0) throw new DamagedFile('the file is empty')
  // A journal is left where power went while the file was being made: the file is whole once it is rolled back.
  const readonly = !existsSync(`${file}-journal`)
  const database = new Database(file, { readonly, fileMustExist: true, timeout: busyTimeoutMs })
  try {
    // Before the check: SQLite may not understand, and call damaged, what a newer version wrote.
    refuseNewerSchema(database, migrations)
    quickCheck(database)
  } finally {
    database.close()
  }
}

async function bringForward(
  database: Database.Database,
  directory: string,
  at: number,
  migrations: readonly Migration[],
): Promise<StartReport['migration']> {
  const pending = pendingMigrations(database, migrations)
  if (pending.length === 0) return null
  const from = schemaOf(database)
  const backup = await takeBackup(database, directory, at)
  applyMigrations(database, pending)
  pruneBackups(directory, backupsKept)
  return { from, to: schemaOf(database), backup: backup.file }
}

function offer(
  database: Database.Database,
  families: readonly Family<Operations, Operations>[],
  report: StartReport,
): StateDatabase {
  const writes = byName(families.map((family) => family.writes(database)))
  const questions = byName(families.map((family) => family.questions(database)))
  const group = groupCommits<Unit>(
    database,
    (unit) => {
      for (const [name, input] of unit) operation(writes, name, 'write')(input)
    },
    (error) => storageFailure(error, report.file),
  )
  return {
    report,
    commit: group.commit,
    ask(question, input) {
      group.flush()
      return answer(questions, question, input, report.file)
    },
    close() {
      group.flush()
      database.pragma('optimize')
      database.pragma('wal_checkpoint(TRUNCATE)')
      database.close()
    },
  }
}

function answer(questions: ReadonlyMap<string, Operation>, name: string, input: unknown, file: string): unknown {
  try {
    return operation(questions, name, 'question')(input)
  } catch (error) {
    throw storageFailure(error, file)
  }
}

type Operation = Operations[string]

function byName(offered: readonly Operations[]): ReadonlyMap<string, Operation> {
  const entries = offered.flatMap((operations) => Object.entries(operations))
  const operations = new Map(entries)
  if (operations.size < entries.length) {
    const names = entries.map(([name]) => name)
    throw new Error(`Two table families use one name: ${names.find((name, index) => names.indexOf(name) < index)}.`)
  }
  return operations
}

function operation(operations: ReadonlyMap<string, Operation>, name: string, what: string): Operation {
  const found = operations.get(name)
  if (!found) throw new Error(`No table family has a ${what} named "${name}".`)
  return found
}

/** "Blfy": lets `file` and other tools tell whose database it is. */
const applicationId = 0x426c6679
/** Only another program (a backup tool, a curious operator with sqlite3) can hold a lock; it gets this long. */
const busyTimeoutMs = 5000
/** The write-ahead log is cut back to this after a long reader let it grow. */
const longestLogBytes = 64 * 1024 * 1024
/** Of those taken before migrations. */
const backupsKept = 5
