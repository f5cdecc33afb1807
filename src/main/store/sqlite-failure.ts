/**
 * Tells apart what SQLite and the file system throw: a damaged file, which recovery can set aside; a disk or directory
 * that refuses, which an operator can act on; and everything else, which is a bug and stays as it is.
 */
import Database from 'better-sqlite3'
import { systemErrorCode } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'

/** Thrown where a check finds damage that SQLite itself did not stumble over. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/** What is wrong with the file, or null when the error says nothing about damage. */
export function damageOf(error: unknown): string | null {
  if (error instanceof DamagedFile) return error.message
  const code = codeOf(error)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' ? messageOf(error) : null
}

/** The same failure as AppError `unavailable` where the disk or its permissions are the reason, else the error itself. */
export function storageFailure(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error
  const damage = damageOf(error)
  if (damage !== null) {
    return unavailable(
      `${path} is damaged: ${damage}. Restart Belfry: it sets the file aside and restores the newest backup.`,
    )
  }
  const code = codeOf(error)
  const reason = refusals.find(([pattern]) => pattern.test(code))?.[1]
  return reason ? unavailable(`${path} cannot be written (${code}): ${reason}`) : error
}

const refusals: readonly (readonly [code: RegExp, reason: string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)$/, 'the disk is full. Nothing stored is lost; free some space and Belfry goes on.'],
  [
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EACCES$|EPERM$|EROFS$|EEXIST$|ENOENT$|ENOTDIR$|EISDIR$)/,
    'expected a directory that this user may write. Change its permissions, or start with another --data directory.',
  ],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'another program holds it locked. Close that program.'],
  [/^(SQLITE_IOERR|EIO$|EFBIG$)/, 'the disk reported an error or a size limit. Check the disk and its free space.'],
]

function codeOf(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code
  return systemErrorCode(error) ?? ''
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
const unavailable = (message: string) => new AppError('unavailable', message)
