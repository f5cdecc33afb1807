/**
 * Takes a backup while Belfry goes on: each database through SQLite's backup API from a snapshot that stands still, the
 * files of compacted days as links, for nothing in them ever changes, and the configuration as it is written. Nothing
 * with a backup's name exists before all of it is durable and was read again. Runs in the backup thread.
 */
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { systemErrorCode } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'
import { fileInstant, schemaOf, syncDirectory, syncFile } from '../backup.ts'
import {
  backupFolders,
  hashFile,
  type Manifest,
  type ManifestFile,
  manifestName,
  readManifest,
  readVerdict,
  unfinishedEnding,
  verdictName,
} from './manifest.ts'
import type { Work } from './progress.ts'
import { bytesOf, integrityProblem } from './verify.ts'

export interface BackupTask {
  readonly dataDir: string
  /** Null: no configuration is taken along. */
  readonly configDir: string | null
  /** Where backups lie. */
  readonly directory: string
  readonly takenAt: number
  /** Of Belfry. */
  readonly version: string
  readonly trigger: Manifest['trigger']
  /** The backup must leave this much of the disk free. */
  readonly leaveFreeBytes: number
}

/**
 * Resolves with the finished backup's folder name. Rejects with AppError `unprocessable` when there is no room or the
 * copy is not whole, `closed` when it was cancelled, or with what the disk said; then nothing is left of it.
 */
export async function takeFullBackup(task: BackupTask, work: Work): Promise<string> {
  const { directory, dataDir, takenAt } = task
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  removeUnfinished(directory)
  const older = olderBackup(directory)
  const state = openSource(join(dataDir, 'belfry.db'))
  if (!state) throw new AppError('not-found', `There is no belfry.db in ${dataDir}: nothing to back up.`)
  const stateSchema = schemaOf(state)
  state.close()
  const name = `belfry-${fileInstant(takenAt)}-schema-${stateSchema}`
  const folder = join(directory, name + unfinishedEnding)
  mkdirSync(join(folder, 'metrics'), { recursive: true, mode: 0o700 })
  try {
    const sources = sourcesOf(task)
    const toCopy = sources.filter((source) => source.kind !== 'day' && !isUnchanged(source, older))
    refuseWithoutRoom(task, bytesOf(toCopy))
    work.phase('copying', bytesOf(toCopy))
    const files = await copyAll(folder, sources, older, work)
    const manifest: Manifest = {
      format: 1,
      takenAt,
      version: task.version,
      trigger: task.trigger,
      stateSchema,
      files: await checked(folder, files, older, work),
    }
    writeDurable(join(folder, manifestName), `${JSON.stringify(manifest)}\n`)
    writeDurable(join(folder, verdictName), `${JSON.stringify({ at: takenAt, problem: null })}\n`)
    syncDirectory(join(folder, 'metrics'))
    syncDirectory(folder)
    renameSync(folder, join(directory, name))
    syncDirectory(directory)
    return name
  } catch (error) {
    // On a full disk the remains would take the room that what goes on needs.
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** What an earlier backup left that was cut off. */
function removeUnfinished(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.endsWith(unfinishedEnding) && name.startsWith('belfry-')) {
      rmSync(join(directory, name), { recursive: true, force: true })
    }
  }
}

interface Source {
  /** `day`: never changes once it has its name. `database`: through SQLite. `file`: as it is. */
  readonly kind: 'day' | 'database' | 'file'
  readonly from: string
  /** Inside the backup. */
  readonly path: string
  /** With what waits in the log of a database. */
  readonly bytes: number
  /** When it last changed, ms; null while a log may hold more than the file. */
  readonly changedAt: number | null
}

/** metrics.db comes before the tiers, and days are looked for again after it: see `copyAll`. */
function sourcesOf({ dataDir, configDir }: BackupTask): Source[] {
  const metrics = join(dataDir, 'metrics')
  return [
    ...daySources(metrics),
    ...['belfry.db', 'metrics.db'].flatMap((name) => databaseSource(join(dataDir, name), name)),
    ...namesIn(metrics)
      .filter((name) => /^(5m|1h)-.*\.db$/.test(name))
      .flatMap((name) => databaseSource(join(metrics, name), `metrics/${name}`)),
    ...(configDir === null ? [] : configurationSources(configDir)),
  ]
}

function daySources(metrics: string): Source[] {
  return namesIn(metrics)
    .filter((name) => /^raw-.*\.db$/.test(name))
    .flatMap((name) => fileSource('day', join(metrics, name), `metrics/${name}`))
}

function databaseSource(from: string, path: string): Source[] {
  const found = statOf(from)
  const log = statOf(`${from}-wal`)?.size ?? 0
  if (!found) return []
  return [{ kind: 'database', from, path, bytes: found.size + log, changedAt: log > 0 ? null : changeOf(found) }]
}

/** belfry.yaml, conf.d, rules and dashboards; what is no ordinary file of a believable size is nobody's configuration. */
function configurationSources(configDir: string): Source[] {
  return ['', 'conf.d', 'rules', 'dashboards'].flatMap((folder) =>
    namesIn(join(configDir, folder))
      .filter((name) => (folder === 'dashboards' ? /\.json$/ : /\.ya?ml$/).test(name))
      .flatMap((name) =>
        fileSource('file', join(configDir, folder, name), ['config', folder, name].filter(Boolean).join('/')),
      )
      .filter(({ bytes }) => bytes <= largestConfigurationBytes),
  )
}

const largestConfigurationBytes = 16 * 1024 * 1024

function fileSource(kind: 'day' | 'file', from: string, path: string): Source[] {
  const found = lstatSync(from, { throwIfNoEntry: false })
  return found?.isFile() ? [{ kind, from, path, bytes: found.size, changedAt: changeOf(found) }] : []
}

interface Older {
  readonly folder: string
  readonly files: ReadonlyMap<string, ManifestFile>
}

/** The newest backup that is whole: what has not changed since need not be written twice. */
function olderBackup(directory: string): Older | null {
  for (const name of backupFolders(directory)) {
    const folder = join(directory, name)
    if (readVerdict(folder)?.problem !== null) continue
    return { folder, files: new Map(readManifest(folder).files.map((file) => [file.path, file])) }
  }
  return null
}

function isUnchanged(source: Source, older: Older | null): boolean {
  const before = older?.files.get(source.path)
  if (!older || !before || source.changedAt === null) return false
  const found = statOf(join(older.folder, source.path))
  return found !== null && found.size === before.bytes && changeOf(found) === source.changedAt
}

function refuseWithoutRoom({ directory, leaveFreeBytes }: BackupTask, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(directory)
  const freeBytes = bavail * bsize
  if (bsize === 0 || freeBytes >= neededBytes + leaveFreeBytes) return
  throw new AppError(
    'unprocessable',
    `There is no room for a backup: it needs ${inMebibytes(neededBytes)} and must leave ${inMebibytes(leaveFreeBytes)} free, but ${inMebibytes(freeBytes)} are free at ${directory}. Make room, keep fewer backups, or choose another directory (backup.directory).`,
  )
}

const inMebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`

type Copied = Omit<ManifestFile, 'sha256' | 'bytes'>

/**
 * Days are linked first, then metrics.db is copied, then days again: a day that was compacted meanwhile is in its calendar
 * and found the second time, and one that was given up meanwhile is still there from the first.
 */
async function copyAll(folder: string, sources: readonly Source[], older: Older | null, work: Work): Promise<Copied[]> {
  const copied = new Map<string, Copied>()
  const take = async (source: Source) => {
    work.throwIfCancelled()
    const how = await copyOne(folder, source, older, work)
    if (how !== null) copied.set(source.path, { path: source.path, how })
  }
  for (const source of sources) {
    await take(source)
    if (source.path !== 'metrics.db') continue
    for (const day of daySources(join(dirname(source.from), 'metrics'))) if (!copied.has(day.path)) await take(day)
    for (const path of dropUnnamedDays(folder, copied)) copied.delete(path)
  }
  return [...copied.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Days that the copied calendar does not name were replaced or given up; one that it names and that is not there is a fault. */
function dropUnnamedDays(folder: string, copied: ReadonlyMap<string, Copied>): string[] {
  const database = new Database(join(folder, 'metrics.db'), { readonly: true, fileMustExist: true })
  let named: Set<string>
  try {
    const files = database.prepare<[], string>('SELECT file FROM day WHERE file IS NOT NULL').pluck().all()
    named = new Set(files.map((file) => `metrics/${file}`))
  } finally {
    database.close()
  }
  const missing = [...named].find((path) => !copied.has(path))
  if (missing) {
    throw new AppError('unprocessable', `${missing} changed twice while it was backed up. Take the backup again.`)
  }
  const unnamed = [...copied.keys()].filter((path) => path.startsWith('metrics/raw-') && !named.has(path))
  for (const path of unnamed) rmSync(join(folder, path))
  return unnamed
}

/** How it came there; null for a file that went away before. */
async function copyOne(
  folder: string,
  source: Source,
  older: Older | null,
  work: Work,
): Promise<ManifestFile['how'] | null> {
  const to = join(folder, source.path)
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    if (older && isUnchanged(source, older) && linked(join(older.folder, source.path), to)) return 'shared'
    if (source.kind === 'day' && linked(source.from, to)) return 'linked'
    if (source.kind === 'database') await copyDatabase(source, to, work)
    else copyFileSync(source.from, to)
    if (source.changedAt !== null) utimesSync(to, source.changedAt / 1000, source.changedAt / 1000)
    syncFile(to)
    return 'copied'
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || source.kind === 'database') throw error
    return null
  }
}

/** False where the disk is another one or knows no links. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error
    return false
  }
}

/**
 * The transaction holds one snapshot: without it the copy would begin again with every commit of the storage worker.
 * Writers go on beside it; only their log grows until the copy is done.
 */
async function copyDatabase(source: Source, to: string, work: Work): Promise<void> {
  const database = openSource(source.from)
  if (!database) return
  try {
    database.exec('BEGIN')
    schemaOf(database)
    const pageBytes = Number(database.pragma('page_size', { simple: true }))
    let toldPages = 0
    await database.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        work.throwIfCancelled()
        work.add((totalPages - remainingPages - toldPages) * pageBytes)
        toldPages = totalPages - remainingPages
        return pagesPerStep
      },
    })
    work.add(Math.max(0, source.bytes - toldPages * pageBytes))
  } finally {
    database.close()
  }
  const copy = new Database(to, { fileMustExist: true })
  try {
    // Without a log beside it that could be left behind.
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** Pages of a step: between two the thread hears of a cancellation. */
const pagesPerStep = 2000

/** Reads each file again and says what it is. What an older backup shares was read when that was taken. */
async function checked(
  folder: string,
  files: readonly Copied[],
  older: Older | null,
  work: Work,
): Promise<ManifestFile[]> {
  const sized = files.map((file) => ({ ...file, bytes: statSync(join(folder, file.path)).size }))
  work.phase('checking', bytesOf(sized.filter(({ how }) => how !== 'shared')))
  const result: ManifestFile[] = []
  for (const { path, how, bytes } of sized) {
    const before = how === 'shared' ? older?.files.get(path) : undefined
    if (before) {
      result.push({ ...before, how })
      continue
    }
    const problem = path.endsWith('.db') ? integrityProblem(join(folder, path)) : null
    if (problem !== null) {
      throw new AppError(
        'unprocessable',
        `The copy of ${path} is damaged (${problem}), so this backup was thrown away. Check the disk; "npm run doctor" says whether the original is whole.`,
      )
    }
    result.push({ path, how, bytes, sha256: await hashFile(join(folder, path), (read) => work.did(read)) })
  }
  return result
}

function openSource(file: string): Database.Database | null {
  if (!statOf(file)) return null
  return new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
}

const busyTimeoutMs = 5000

function writeDurable(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  syncFile(path)
}

const statOf = (path: string): Stats | null => statSync(path, { throwIfNoEntry: false }) ?? null
/** Whole milliseconds: what `utimes` can set again. */
const changeOf = ({ mtimeMs }: Stats) => Math.floor(mtimeMs)

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
}
