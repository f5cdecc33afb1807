/**
 * What happens to a damaged belfry.db: it is set aside under a name with the instant, never deleted, and the newest
 * backup that passes its check takes its place. Every step leaves a state from which the next start can go on.
 */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { type Backup, fileInstant, listBackups, syncDirectory, syncFile, verifiedSchema } from './backup.ts'
import { damageOf } from './sqlite-failure.ts'

/** What was found and done, for a notice: the operator must hear of it. */
export interface Recovery {
  /** What SQLite found, such as `file is not a database`. */
  readonly damage: string
  /** The damaged file under its new name. */
  readonly setAside: string
  /** What took its place; null when there was no whole backup and Belfry began afresh. */
  readonly restored: Backup | null
  /** Backups that were themselves damaged. */
  readonly brokenBackups: readonly string[]
}

/**
 * Sets the database at `file` aside and restores a backup with a schema up to `newestSchema`. Without one the file is
 * missing afterwards.
 */
export function recover(
  directory: string,
  file: string,
  damage: string,
  at: number,
  newestSchema: number,
  elsewhere: string | null = null,
): Recovery {
  const { backup, brokenBackups } = newestWholeBackup(listBackups(directory, elsewhere), newestSchema)
  if (backup) {
    copyFileSync(backup.file, restoringName(file))
    syncFile(restoringName(file))
    syncDirectory(directory)
  }
  const setAside = exchange(directory, file, at)
  return { damage, setAside, restored: backup, brokenBackups }
}

/** Ends a recovery that a crash cut short, for once a whole copy lies ready it is decided; null when there was none. */
export function finishRecovery(directory: string, file: string, at: number): Recovery | null {
  const restoring = restoringName(file)
  if (!existsSync(restoring)) return null
  try {
    verifiedSchema(restoring)
  } catch (error) {
    if (damageOf(error) === null) throw error
    // The copy itself was cut short: the damaged file is still in place and will be found again.
    rmSync(restoring)
    return null
  }
  const restored = listBackups(directory)[0] ?? null
  return {
    damage: 'found before an earlier start was cut short',
    setAside: exchange(directory, file, at),
    restored,
    brokenBackups: [],
  }
}

/** Sets the file aside and puts the copy, if there is one, in its place. Returns the name the file has now. */
function exchange(directory: string, file: string, at: number): string {
  const setAside = freeName(`${file}.damaged-${fileInstant(at)}`)
  // The log first: a restored database must never find the log of another beside it and replay it.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, setAside + suffix)
  }
  syncDirectory(directory)
  if (existsSync(restoringName(file))) renameSync(restoringName(file), file)
  syncDirectory(directory)
  return setAside
}

function newestWholeBackup(backups: readonly Backup[], newestSchema: number) {
  const brokenBackups: string[] = []
  for (const backup of backups) {
    if (backup.schema > newestSchema) continue
    try {
      verifiedSchema(backup.file)
      return { backup, brokenBackups }
    } catch (error) {
      if (damageOf(error) === null) throw error
      brokenBackups.push(backup.file)
    }
  }
  return { backup: null, brokenBackups }
}

const restoringName = (file: string) => `${file}.restoring`

function freeName(wanted: string): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`
    if (!existsSync(name)) return name
  }
}
