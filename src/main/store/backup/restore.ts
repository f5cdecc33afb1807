/**
 * Puts a backup in the place of what is there, at a start, before anything is opened. What is to be done is said by one
 * small file, `restore.json`, that appears and disappears whole: as long as it says `wanted`, nothing that lives has been
 * touched and everything can begin again; from `swapping` on a complete and checked copy lies ready, and each start goes
 * on with the exchange until it is done. What was there before is moved into a folder of its own and never deleted.
 */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'
import { fileInstant, syncDirectory, syncFile } from '../backup.ts'
import { readManifest } from './manifest.ts'
import type { Work } from './progress.ts'
import { findProblem } from './verify.ts'

const Wanted = z.strictObject({
  stage: z.enum(['wanted', 'swapping']),
  /** The backup's folder, absolute. */
  folder: z.string().min(1),
  takenAt: z.number(),
  requestedAt: z.number(),
  /** Also belfry.yaml, conf.d and rules. */
  withConfiguration: z.boolean(),
})
export type WantedRestore = z.infer<typeof Wanted>

/** What became of it, for a notice. */
export interface RestoreReport {
  readonly takenAt: number
  readonly requestedAt: number
  /** Where what was there before lies now; null when nothing was touched. */
  readonly setAside: string | null
  /** Why nothing was restored; null when it was. */
  readonly problem: string | null
}

const markerName = 'restore.json'
const stagingName = 'restoring'

/** What the next start is to restore; null when nothing is. */
export function readWantedRestore(dataDir: string): WantedRestore | null {
  try {
    return Wanted.parse(JSON.parse(readFileSync(join(dataDir, markerName), 'utf8')))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null
    throw error
  }
}

/** Has the next start restore `folder`. Replaces what was wanted before. */
export function wantRestore(dataDir: string, wanted: Omit<WantedRestore, 'stage'>): void {
  if (readWantedRestore(dataDir)?.stage === 'swapping') {
    throw new AppError('conflict', 'Another backup is being put in place. Restart Belfry to end that first.')
  }
  writeMarker(dataDir, { ...wanted, stage: 'wanted' })
}

/** Takes it back, as long as nothing has been touched. Whether there was anything to take back. */
export function unwantRestore(dataDir: string): boolean {
  if (readWantedRestore(dataDir)?.stage !== 'wanted') return false
  rmSync(join(dataDir, markerName), { force: true })
  syncDirectory(dataDir)
  return true
}

/**
 * Does what `restore.json` says; null when there is nothing to do. The directory's lock must be held and no database be
 * open. A backup that is not whole, or a disk that does not take it, leaves everything as it was, and the report says why.
 */
export async function completeRestore(
  dataDir: string,
  configDir: string,
  newestSchema: number,
  work: Work,
): Promise<RestoreReport | null> {
  const wanted = readWantedRestore(dataDir)
  if (!wanted) return null
  const { takenAt, requestedAt } = wanted
  if (wanted.stage === 'wanted') {
    const problem = await stage(dataDir, wanted, newestSchema, work)
    if (problem !== null) {
      rmSync(join(dataDir, stagingName), { recursive: true, force: true })
      rmSync(join(dataDir, markerName), { force: true })
      return { takenAt, requestedAt, setAside: null, problem }
    }
    writeMarker(dataDir, { ...wanted, stage: 'swapping' })
  }
  const setAside = swap(dataDir, configDir, wanted)
  rmSync(join(dataDir, stagingName), { recursive: true, force: true })
  rmSync(join(dataDir, markerName))
  syncDirectory(dataDir)
  return { takenAt, requestedAt, setAside, problem: null }
}

/** Lays a checked copy of the backup ready beside what lives. Returns why that cannot be, or null. */
async function stage(
  dataDir: string,
  { folder, withConfiguration }: WantedRestore,
  newestSchema: number,
  work: Work,
): Promise<string | null> {
  const staging = join(dataDir, stagingName)
  rmSync(staging, { recursive: true, force: true })
  try {
    const problem = await findProblem(folder, work)
    if (problem !== null) return `The backup is not whole: ${problem}`
    const { files, stateSchema } = readManifest(folder)
    if (stateSchema > newestSchema) {
      return `The backup is of a newer Belfry (schema ${stateSchema}, this one knows up to ${newestSchema}). Restore it with that one.`
    }
    mkdirSync(join(staging, 'metrics'), { recursive: true, mode: 0o700 })
    for (const { path } of files) {
      if (path.startsWith('config/') && !withConfiguration) continue
      const to = join(staging, path)
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      // Nothing in a day's file ever changes, so backup and history may be one file.
      if (!path.startsWith('metrics/raw-') || !linked(join(folder, path), to)) {
        copyFileSync(join(folder, path), to)
        syncFile(to)
      }
    }
    for (const name of ['metrics', '']) syncDirectory(join(staging, name))
    syncDirectory(dataDir)
    return null
  } catch (error) {
    if (systemErrorCode(error) === null) throw error
    return `It could not be copied: ${systemErrorText(error)}.`
  }
}

/**
 * The exchange, name by name. A name that still lies ready has not been exchanged: what lives under it goes aside, then
 * it takes the place. Databases go with their logs, and the logs first: a log must never be found beside another database.
 */
function swap(dataDir: string, configDir: string, { requestedAt, withConfiguration }: WantedRestore): string {
  const setAside = join(dataDir, `replaced-${fileInstant(requestedAt)}`)
  mkdirSync(setAside, { recursive: true, mode: 0o700 })
  const staging = join(dataDir, stagingName)
  for (const name of ['belfry.db', 'metrics.db', 'metrics']) {
    const ready = join(staging, name)
    if (!existsSync(ready)) continue
    for (const suffix of name === 'metrics' ? [''] : ['-wal', '-shm', '']) {
      moveIfThere(join(dataDir, name + suffix), join(setAside, name + suffix))
    }
    syncDirectory(setAside)
    renameSync(ready, join(dataDir, name))
    syncDirectory(dataDir)
  }
  if (withConfiguration) swapConfiguration(join(staging, 'config'), configDir, join(setAside, 'config'))
  return setAside
}

/** The configuration may lie on another disk: it is copied, not moved. Files that the backup does not have stay. */
function swapConfiguration(ready: string, configDir: string, setAside: string): void {
  for (const path of filesIn(ready)) {
    const [from, to, aside] = [join(ready, path), join(configDir, path), join(setAside, path)]
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    mkdirSync(dirname(aside), { recursive: true, mode: 0o700 })
    // Once it was set aside, what lives may be what an earlier, interrupted try has put there.
    if (existsSync(to) && !existsSync(aside)) copyWhole(to, aside)
    copyWhole(from, to)
  }
}

function copyWhole(from: string, to: string): void {
  copyFileSync(from, `${to}.new`)
  syncFile(`${to}.new`)
  renameSync(`${to}.new`, to)
  syncDirectory(dirname(to))
}

function filesIn(directory: string, prefix = ''): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(directory, entry.name), join(prefix, entry.name)) : [join(prefix, entry.name)],
  )
}

function moveIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to)
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOSPC') throw error
    return false
  }
}

function writeMarker(dataDir: string, wanted: WantedRestore): void {
  const unfinished = join(dataDir, `${markerName}.new`)
  writeFileSync(unfinished, `${JSON.stringify(wanted)}\n`, { mode: 0o600 })
  syncFile(unfinished)
  renameSync(unfinished, join(dataDir, markerName))
  syncDirectory(dataDir)
}
