/**
 * What a backup says of itself. A backup is a folder named after its instant: copies of the databases, the files of
 * compacted days, the configuration, and `manifest.json` with the size and hash of each. The folder gets its name when
 * all of that is durable and checked; beside the manifest `verdict.json` keeps what the last look at it found.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'

export const manifestName = 'manifest.json'
export const verdictName = 'verdict.json'
/** A folder that is still being written ends with it. */
export const unfinishedEnding = '.unfinished'

const ManifestFile = z.strictObject({
  /** Inside the folder, with `/`; never leaves it. */
  path: z
    .string()
    .min(1)
    .max(500)
    .refine(
      (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:]/.test(part)),
      {
        error: 'expected a path inside the backup',
      },
    ),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** `linked` and `shared` take no room of their own: the first with the living file, the second with an older backup. */
  how: z.enum(['copied', 'linked', 'shared']),
})
export type ManifestFile = z.infer<typeof ManifestFile>

const Manifest = z.strictObject({
  format: z.literal(1),
  takenAt: z.number().int().min(0),
  /** Of Belfry. */
  version: z.string(),
  trigger: z.enum(['scheduled', 'asked', 'command']),
  /** Number of the newest migration of belfry.db. */
  stateSchema: z.number().int().min(0),
  files: z.array(ManifestFile),
})
export type Manifest = z.infer<typeof Manifest>

const Verdict = z.strictObject({ at: z.number(), problem: z.string().nullable() })
export type Verdict = z.infer<typeof Verdict>

/** Folders in `directory` that have a backup's name, newest first. A directory that is not there has none. */
export function backupFolders(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => folderPattern.test(name))
      .sort()
      .reverse()
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** Throws when there is none or it is not one: then the folder is no backup. */
export function readManifest(folder: string): Manifest {
  return Manifest.parse(JSON.parse(readFileSync(join(folder, manifestName), 'utf8')))
}

/** Null for one that nobody has looked at since. */
export function readVerdict(folder: string): Verdict | null {
  try {
    return Verdict.parse(JSON.parse(readFileSync(join(folder, verdictName), 'utf8')))
  } catch {
    // A verdict that cannot be read is none: whoever needs one looks again.
    return null
  }
}

/** Such as `belfry-2026-01-05T03-30-00.000Z-schema-4`. */
export const isBackupFolderName = (name: string): boolean => folderPattern.test(name)

const folderPattern = /^belfry-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-schema-\d+$/

/** SHA-256 of a file, read in pieces; `read` hears of each and may let others have their turn or throw to end it. */
export async function hashFile(path: string, read: (bytes: number) => Promise<void>): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(pieceBytes)
  const descriptor = openSync(path, 'r')
  try {
    for (;;) {
      const length = readSync(descriptor, buffer, 0, pieceBytes, null)
      if (length === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, length))
      await read(length)
    }
  } finally {
    closeSync(descriptor)
  }
}

const pieceBytes = 1 << 20
