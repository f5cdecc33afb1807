/** The backups that lie in a directory, as screens show them. A folder without a readable manifest is none. */
import { join } from 'node:path'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import {
  backupFolders,
  type Manifest,
  type ManifestFile,
  readManifest,
  readVerdict,
} from '#main/store/backup/manifest.ts'
import type { BackupView } from '#shared/contract/backup.ts'

export interface BackupList {
  /** Newest first; none where the directory cannot be read. */
  readonly backups: BackupView[]
  /** Why the directory cannot be read; null when it can, or when it is not there yet. */
  readonly problem: string | null
}

/** Manifests never change, so each is read once. */
export function createBackupList(): (directory: string) => BackupList {
  const known = new Map<string, Omit<BackupView, 'verdict'>>()
  const viewsIn = (directory: string) =>
    backupFolders(directory).flatMap((id) => {
      const folder = join(directory, id)
      const view = known.get(folder) ?? viewOf(folder, id)
      if (view === null) return []
      known.set(folder, view)
      return [{ ...view, verdict: readVerdict(folder) }]
    })
  return (directory) => {
    try {
      return { backups: viewsIn(directory), problem: null }
    } catch (error) {
      // The directory is the operator's choice, and may lie on a disk that is not there today.
      if (systemErrorCode(error) === null) throw error
      return { backups: [], problem: `${directory} cannot be read: ${systemErrorText(error)}.` }
    }
  }
}

function viewOf(folder: string, id: string): Omit<BackupView, 'verdict'> | null {
  const manifest = manifestOf(folder)
  if (!manifest) return null
  const { takenAt, trigger, version, files } = manifest
  const bytesOf = (matches: (file: ManifestFile) => boolean) =>
    files.filter(matches).reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    id,
    takenAt,
    trigger,
    version,
    bytes: bytesOf(() => true),
    ownBytes: bytesOf(({ how }) => how === 'copied'),
    contains: {
      stateBytes: bytesOf(({ path }) => path === 'belfry.db'),
      sampleBytes: bytesOf(({ path }) => path.startsWith('metrics')),
      days: files.filter(({ path }) => path.startsWith('metrics/raw-')).length,
      configurationFiles: files.filter(({ path }) => path.startsWith('config/')).length,
    },
  }
}

function manifestOf(folder: string): Manifest | null {
  try {
    return readManifest(folder)
  } catch {
    // Half-made or foreign: it is not shown, and `verify` on the command line says what is wrong with it.
    return null
  }
}
