/** The backups that lie in a directory, as screens show them. A folder without a readable manifest is none. */
import { join } from 'node:path'
import {
  backupFolders,
  type Manifest,
  type ManifestFile,
  readManifest,
  readVerdict,
} from '#main/store/backup/manifest.ts'
import type { BackupView } from '#shared/contract/backup.ts'

/** Manifests never change, so each is read once. */
export function createBackupList(): (directory: string) => BackupView[] {
  const known = new Map<string, Omit<BackupView, 'verdict'>>()
  return (directory) =>
    backupFolders(directory).flatMap((id) => {
      const folder = join(directory, id)
      const view = known.get(folder) ?? viewOf(folder, id)
      if (view === null) return []
      known.set(folder, view)
      return [{ ...view, verdict: readVerdict(folder) }]
    })
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
