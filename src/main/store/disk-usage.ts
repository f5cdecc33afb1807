/** How much of the disk Belfry's state takes, from the file system alone. */
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'

export interface DiskUsage {
  /** belfry.db with its log. */
  readonly stateBytes: number
  readonly backupBytes: number
  /** Damaged files that were set aside. */
  readonly setAsideBytes: number
  /** Null where the file system does not say. */
  readonly freeBytes: number | null
}

export async function diskUsage(directory: string): Promise<DiskUsage> {
  const names = await readdir(directory)
  const [stateBytes, setAsideBytes, backupBytes, freeBytes] = await Promise.all([
    sizeOf(
      directory,
      names.filter((name) => /^belfry\.db(-wal|-shm)?$/.test(name)),
    ),
    sizeOf(
      directory,
      names.filter((name) => name.startsWith('belfry.db.damaged-')),
    ),
    sizeOf(join(directory, 'backups'), names.includes('backups') ? await readdir(join(directory, 'backups')) : []),
    freeOn(directory),
  ])
  return { stateBytes, backupBytes, setAsideBytes, freeBytes }
}

async function sizeOf(directory: string, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map((name) => fileSize(join(directory, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** 0 for a file that went away since it was listed, as SQLite's own do. */
async function fileSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0
    throw error
  }
}

async function freeOn(directory: string): Promise<number | null> {
  const { bavail, bsize } = await statfs(directory)
  return bsize > 0 ? bavail * bsize : null
}
