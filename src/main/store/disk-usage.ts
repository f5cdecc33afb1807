/** How much of the disk Belfry's state takes, from the file system alone. */
import { lstat, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'

export interface DiskUsage {
  /** belfry.db with its log. */
  readonly stateBytes: number
  readonly backupBytes: number
  /** Damaged files that were set aside, and what restored backups took the place of. */
  readonly setAsideBytes: number
  /** Null where the file system does not say. */
  readonly freeBytes: number | null
}

/** `backupDirectory`: where else than in the data directory backups lie. */
export async function diskUsage(directory: string, backupDirectory: string | null = null): Promise<DiskUsage> {
  const names = await readdir(directory)
  const [stateBytes, living, freeBytes] = await Promise.all([
    sizeOf(
      directory,
      names.filter((name) => /^belfry\.db(-wal|-shm)?$/.test(name)),
    ),
    filesBelow(join(directory, 'metrics')),
    freeOn(directory),
  ])
  // A day in a backup is mostly the very file of history: what is counted there is not counted again.
  const counted = new Set(living.map(({ inode }) => inode))
  const setAside = await Promise.all(
    names.filter((name) => setAsideName.test(name)).map((name) => filesBelow(join(directory, name))),
  )
  const backups = await Promise.all(
    [join(directory, 'backups'), ...(backupDirectory === null ? [] : [backupDirectory])].map(filesBelow),
  )
  const setAsideBytes = uncounted(setAside.flat(), counted)
  return { stateBytes, backupBytes: uncounted(backups.flat(), counted), setAsideBytes, freeBytes }
}

/** Damaged files, and what a restored backup took the place of. */
const setAsideName = /^(belfry|metrics)\.db\.damaged-|^replaced-/

interface FoundFile {
  readonly inode: string
  readonly bytes: number
}

function uncounted(files: readonly FoundFile[], counted: Set<string>): number {
  let sum = 0
  for (const { inode, bytes } of files) {
    if (counted.has(inode)) continue
    counted.add(inode)
    sum += bytes
  }
  return sum
}

/** Every file in a directory and those in it, or the file itself; none for what is not there or not ours to see. */
async function filesBelow(path: string): Promise<FoundFile[]> {
  try {
    const found = await lstat(path)
    if (!found.isDirectory()) return found.isFile() ? [{ inode: `${found.dev} ${found.ino}`, bytes: found.size }] : []
    const inside = await Promise.all((await readdir(path)).map((name) => filesBelow(join(path, name))))
    return inside.flat()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
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
