/**
 * One Belfry a data directory, whichever host. The lock is an exclusive SQLite transaction on a small file of its own:
 * the operating system ends it with the process however that ends, so no lock is ever stale, no process id needs to be
 * guessed at, and it holds on Linux, macOS and Windows alike. Beside it lies a note of who holds it, for the message to
 * whoever comes second; the note decides nothing. On a network drive the lock is as good as that drive's own.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { storageFailure } from './sqlite-failure.ts'

export type HostKind = 'electron' | 'headless'

const Holder = z.strictObject({
  pid: z.number().int(),
  host: z.enum(['electron', 'headless']),
  since: z.number(),
  /** Where it can be reached, once it can. */
  url: z.string().nullable(),
})
export type LockHolder = z.infer<typeof Holder>

export interface DataLock {
  /** Says in the note where this Belfry can be reached. */
  announce(url: string): void
  release(): void
}

/** Throws AppError `conflict` that says who holds the directory, or `unavailable` when it cannot be written. */
export function acquireDataLock(directory: string, owner: { host: HostKind; since: number }): DataLock {
  const file = join(directory, 'belfry.lock')
  const database = openLock(directory, file)
  const holder: LockHolder = { pid: process.pid, host: owner.host, since: owner.since, url: null }
  try {
    writeNote(directory, holder)
  } catch (error) {
    database.close()
    throw storageFailure(error, directory)
  }
  return {
    announce: (url) => writeNote(directory, { ...holder, url }),
    release() {
      try {
        rmSync(noteFile(directory), { force: true })
      } finally {
        database.close()
      }
    },
  }
}

/** Who holds the directory according to the note; null when there is none that can be read. */
export function readLockHolder(directory: string): LockHolder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(noteFile(directory), 'utf8')))
  } catch {
    // The note is for people only: a holder that is just starting has not written it yet.
    return null
  }
}

function openLock(directory: string, file: string): Database.Database {
  let database: Database.Database | undefined
  try {
    mkdirSync(directory, { recursive: true, mode: ownerOnly })
    database = new Database(file, { timeout: 0 })
    // Nothing is ever written to it, so there is nothing to keep a journal of.
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database?.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new AppError('conflict', heldMessage(directory, readLockHolder(directory)))
    }
    throw storageFailure(error, directory)
  }
}

function heldMessage(directory: string, holder: LockHolder | null): string {
  const who = holder
    ? `process ${holder.pid} (${holder.host}), since ${new Date(holder.since).toISOString()}` +
      (holder.url ? `, reachable at ${holder.url}` : '')
    : 'a process that is just starting'
  return `Another Belfry uses the data directory ${directory}: ${who}. Use that one or end it, or start this one with another --data directory.`
}

/** Whole or not at all, for it is read while it is written. */
function writeNote(directory: string, holder: LockHolder): void {
  const unfinished = `${noteFile(directory)}.new`
  writeFileSync(unfinished, `${JSON.stringify(holder)}\n`)
  renameSync(unfinished, noteFile(directory))
}

/** What Belfry sees and keeps is its operator's business. */
const ownerOnly = 0o700

const noteFile = (directory: string) => join(directory, 'belfry.lock.json')
