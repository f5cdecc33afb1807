/**
 * Copies of belfry.db that can be trusted: taken through SQLite's backup API while the database is in use, then opened
 * and checked, and only then given their name. A file in backups/ with a backup's name is therefore whole.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { systemErrorCode } from '#main/files/system-error.ts'
import { DamagedFile } from './sqlite-failure.ts'

export interface Backup {
  readonly file: string
  readonly takenAt: number
  /** Number of the newest migration in it. */
  readonly schema: number
}

/** Resolves with the finished backup. Rejects with what SQLite or the disk said; then no backup has come to be. */
export async function takeBackup(database: Database.Database, directory: string, takenAt: number): Promise<Backup> {
  const backups = join(directory, 'backups')
  mkdirSync(backups, { recursive: true })
  const schema = schemaOf(database)
  const file = join(backups, `belfry-${fileInstant(takenAt)}-schema-${schema}.db`)
  for (const name of namesIn(backups)) if (name.includes(unfinishedMark)) rmSync(join(backups, name))
  const unfinished = file + unfinishedMark
  try {
    await database.backup(unfinished, { progress: () => pagesPerStep })
    seal(unfinished)
  } catch (error) {
    // On a full disk the remains would take the room that what goes on needs.
    rmSync(unfinished, { force: true })
    throw error
  }
  renameSync(unfinished, file)
  syncDirectory(backups)
  return { file, takenAt, schema }
}

/** Checks the copy and makes it one durable file, without a log beside it that could be left behind. */
function seal(unfinished: string): void {
  const copy = new Database(unfinished, { fileMustExist: true })
  try {
    copy.pragma('journal_mode = DELETE')
    quickCheck(copy)
  } finally {
    copy.close()
  }
  syncFile(unfinished)
}

/**
 * Finished copies of belfry.db, newest first: those taken before migrations, and those in backups of everything (folders,
 * see backup/manifest.ts), which may lie `elsewhere`. Whether one is still whole is for `verifiedSchema` to say.
 */
export function listBackups(directory: string, elsewhere: string | null = null): Backup[] {
  return [join(directory, 'backups'), ...(elsewhere === null ? [] : [elsewhere])]
    .flatMap((place) =>
      namesIn(place).flatMap((name) => {
        const match = backupName.exec(name)
        if (!match?.[1] || !match[2]) return []
        const file = match[3] ? join(place, name) : join(place, name, 'belfry.db')
        return [{ file, takenAt: instantOf(match[1]), schema: Number(match[2]) }]
      }),
    )
    .sort((a, b) => b.takenAt - a.takenAt)
}

/** Removes all but the newest `kept` copies that were taken before migrations. */
export function pruneBackups(directory: string, kept: number): void {
  const beforeMigrations = listBackups(directory).filter(({ file }) => dirname(file) === join(directory, 'backups'))
  for (const { file } of beforeMigrations.slice(kept)) rmSync(file, { force: true })
}

/** The schema of a database file after a full look at it. Throws DamagedFile or what SQLite says. */
export function verifiedSchema(file: string): number {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    quickCheck(database)
    return schemaOf(database)
  } finally {
    database.close()
  }
}

/** Reads every page. Throws DamagedFile with SQLite's first finding. */
export function quickCheck(database: Database.Database): void {
  const finding = database.pragma('quick_check(1)', { simple: true })
  if (finding !== 'ok') throw new DamagedFile(String(finding).replaceAll('\n', '; '))
}

/** Number of the newest migration a database has seen; 0 for none. */
export function schemaOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/** An instant as part of a file name that sorts by time and that every file system takes. */
export function fileInstant(at: number): string {
  return new Date(at).toISOString().replaceAll(':', '-')
}

/** Makes a file's content durable. */
export function syncFile(path: string): void {
  sync(path, 'r+')
}

/** Makes new names in a directory durable. Windows journals them itself and cannot open a directory. */
export function syncDirectory(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r')
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** 4 MiB of SQLite's default pages between two turns of the loop. */
const pagesPerStep = 1024
const unfinishedMark = '.unfinished'
const backupName = /^belfry-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)-schema-(\d+)(\.db)?$/

function instantOf(text: string): number {
  return Date.parse(text.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'))
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    // A directory elsewhere may be gone, be none, or belong to others: then it has no backups for us.
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
}
