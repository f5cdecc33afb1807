/** Replaces a file so that a crash or power cut at any instant leaves the old content or the new, never a mixture. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, realpath, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemErrorCode } from './system-error.ts'

/**
 * Writes a temporary file beside it, syncs, renames, syncs the directory. Directories that are missing are made for the
 * owner only. A symbolic link stays a link: its target is replaced. Rejects with the system's error; the old file is
 * then untouched.
 */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const target = await linkTarget(path)
  const directory = dirname(target)
  const temporary = join(directory, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await unlink(temporary).catch(() => undefined) // The first error is the one to tell; the rest is litter at worst.
    throw error
  }
  await syncDirectory(directory)
}

async function linkTarget(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return path
    throw error
  }
}

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return // A directory cannot be opened there; NTFS journals the rename itself.
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
