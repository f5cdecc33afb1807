/**
 * metrics.db: the series dictionary, the head's frames, the chunks of the last hours and the calendar of compacted days.
 * Only the storage worker writes it. All statements about these tables are here.
 */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '#shared/contract/errors.ts'
import type { Summary } from '#shared/domain/rollup.ts'
import { DamagedFile, damageOf } from '../sqlite-failure.ts'
import { keyOf } from './calendar.ts'
import type { SeriesRow } from './messages.ts'
import { nothingSealed, type SealedRanges } from './sealed-ranges.ts'

const schemaVersion = 1

const schema = `
CREATE TABLE series (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, labels TEXT NOT NULL,
  /* Newest day compacted for it; NULL: none yet. */
  last_day INTEGER
) STRICT;
CREATE TABLE frame (seq INTEGER PRIMARY KEY, newest_hour INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE chunk (
  /* hour * 2^20 + series */
  key INTEGER PRIMARY KEY,
  samples INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL, min REAL, max REAL,
  first REAL, first_at INTEGER, last REAL, last_at INTEGER, increase REAL,
  data BLOB NOT NULL
) STRICT;
/* Chunks whose bytes cannot be read, moved out of the way of new ones and never thrown away. */
CREATE TABLE damaged_chunk (key INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE day (
  day INTEGER PRIMARY KEY,
  /* NULL once raw samples are given up. */
  file TEXT,
  samples INTEGER NOT NULL,
  has_five_minute INTEGER NOT NULL,
  /* Chunk rows of the day are still to be deleted. */
  is_draining INTEGER NOT NULL
) STRICT;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

/** A row of the calendar of compacted days. */
export interface DayRow {
  readonly day: number
  readonly file: string | null
  readonly samples: number
  readonly has_five_minute: number
  readonly is_draining: number
}

export interface ChunkRow {
  readonly key: number
  readonly samples: number
  readonly data: Uint8Array
}

export const metricsFile = (directory: string): string => join(directory, 'metrics.db')

/** What became of a metrics.db that could not be used. */
export interface LostMetricsFile {
  /** Where it was set aside; null when there was none, though the history beside it says that there has been one. */
  readonly path: string | null
}

/**
 * Opens or creates metrics.db for writing and has `read` take in what the start needs. A file in which that is damaged is
 * set aside with its log under `openedAt` and a new one begun; where `hasHistory`, an empty or missing one is damaged too.
 * Throws AppError `conflict` when the file is newer than this Belfry.
 */
export function openMetricsFile<T>(
  directory: string,
  openedAt: number,
  hasHistory: boolean,
  read: (db: Database.Database) => T,
): { opened: T; lost: LostMetricsFile | null } {
  const path = metricsFile(directory)
  try {
    if (hasHistory) refuseEmpty(path)
    return { opened: openWriting(path, read), lost: null }
  } catch (error) {
    if (damageOf(error) === null) throw error
    const lost = setAside(path, `${path}.damaged-${openedAt}`)
    return { opened: openWriting(path, read), lost }
  }
}

/** SQLite would take both for a database that was just begun, and its calendar would know nothing of the history. */
function refuseEmpty(path: string): void {
  if (!existsSync(path)) throw new DamagedFile('the file is missing')
  if (statSync(path).size === 0) throw new DamagedFile('the file is empty')
}

/** With its log, which may hold what the file does not, and which a new file must not be given. */
function setAside(path: string, aside: string): LostMetricsFile {
  rmSync(`${path}-shm`, { force: true })
  for (const ending of ['', '-wal']) if (existsSync(path + ending)) renameSync(path + ending, aside + ending)
  return { path: existsSync(aside) ? aside : null }
}

function openWriting<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('busy_timeout = 5000')
    // In KiB. Each page is written once and read once or twice; what is read often the system has cached anyway.
    db.pragma('cache_size = -4096')
    // A page of the log is rewritten by many frames: the fewer checkpoints, the fewer bytes.
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma('journal_size_limit = 33554432')
    migrate(db)
    checkRegistry(db)
    return read(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Chunks are not looked through, which would take as long as reading them all: a damaged one is reported when asked for. */
function checkRegistry(db: Database.Database): void {
  if (schemaText(db) !== wholeSchema()) throw new DamagedFile('the description of its tables is not what was written')
  for (const table of ['series', 'day', 'state']) {
    const finding = String(db.pragma(`quick_check(${table})`, { simple: true }))
    if (finding !== 'ok') throw new DamagedFile(finding)
  }
}

/** SQLite reads a flipped bit in the name of a column as another column, and finds nothing wrong with it. */
function schemaText(db: Database.Database): string {
  const rows = db
    .prepare<[], string | null>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
    .pluck()
  return rows.all().join('\n')
}

function wholeSchema(): string {
  const db = new Database(':memory:')
  try {
    db.exec(schema)
    return schemaText(db)
  } finally {
    db.close()
  }
}

function migrate(db: Database.Database): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version === schemaVersion) return
  if (version > schemaVersion) {
    throw new AppError(
      'conflict',
      `metrics.db has version ${version}; this Belfry knows up to ${schemaVersion}. Start the newer Belfry, or move the file away to begin anew.`,
    )
  }
  db.transaction(() => {
    db.exec(schema)
    db.pragma(`user_version = ${schemaVersion}`)
  })()
}

/** What SQLite finds wrong with the frames, of which it may leave some out without a word; null when they are whole. */
export function damagedFrames(db: Database.Database): string | null {
  const finding = String(db.pragma('quick_check(frame)', { simple: true }))
  return finding === 'ok' ? null : finding.replaceAll('\n', '; ')
}

export type MetricsTables = ReturnType<typeof metricsTables>

/** Statements of the writing side. */
export function metricsTables(db: Database.Database) {
  const insertSeries = db.prepare('INSERT OR IGNORE INTO series (id, name, labels) VALUES (?, ?, ?)')
  const allSeries = db.prepare<[], { id: number; name: string; labels: string }>('SELECT id, name, labels FROM series')
  const labelsOf = db.prepare<[number], { name: string; labels: string }>(
    'SELECT name, labels FROM series WHERE id = ?',
  )
  const touchSeries = db.prepare('UPDATE series SET last_day = ? WHERE id = ? AND (last_day IS NULL OR last_day < ?)')
  const dropSeries = db.prepare('DELETE FROM series WHERE last_day < ?')
  const insertFrame = db.prepare('INSERT INTO frame (seq, newest_hour, data) VALUES (?, ?, ?)')
  const allFrames = db.prepare<[], { seq: number; newest_hour: number; data: Uint8Array }>(
    'SELECT seq, newest_hour, data FROM frame ORDER BY seq',
  )
  const dropFrames = db.prepare('DELETE FROM frame WHERE seq <= ?')
  const insertChunk = db.prepare('INSERT OR IGNORE INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const replaceChunk = db.prepare('REPLACE INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const chunk = db.prepare<[number], ChunkRow>('SELECT key, samples, data FROM chunk WHERE key = ?')
  const oldestKey = db.prepare<[], number | null>('SELECT min(key) FROM chunk').pluck()
  const keyFrom = db.prepare<[number], number>('SELECT key FROM chunk WHERE key >= ? ORDER BY key LIMIT 1').pluck()
  const keysBetween = db.prepare<[number, number], number>('SELECT key FROM chunk WHERE key >= ? AND key < ?').pluck()
  const samplesBetween = db
    .prepare<[number, number], number>('SELECT total(samples) FROM chunk WHERE key >= ? AND key < ?')
    .pluck()
  const dropChunks = db.prepare('DELETE FROM chunk WHERE key >= ? AND key < ?')
  const keepDamaged = db.prepare('INSERT INTO damaged_chunk SELECT key, data FROM chunk WHERE key = ?')
  const allDays = db.prepare<[], DayRow>('SELECT * FROM day ORDER BY day')
  const saveDay = db.prepare('REPLACE INTO day VALUES (:day, :file, :samples, :has_five_minute, :is_draining)')
  const dropDay = db.prepare('DELETE FROM day WHERE day = ?')
  const state = db.prepare<[string], string>('SELECT value FROM state WHERE name = ?').pluck()
  const saveState = db.prepare('REPLACE INTO state VALUES (?, ?)')
  const frameBytes = db.prepare<[], number>('SELECT total(length(data)) FROM frame').pluck()

  return {
    transaction: <T>(run: () => T): T => db.transaction(run).immediate(),
    addSeries: ({ id, name, labels }: SeriesRow) => void insertSeries.run(id, name, JSON.stringify(labels)),
    series: (): SeriesRow[] => allSeries.all().map((row) => ({ ...row, labels: JSON.parse(row.labels) })),
    seriesRow: (id: number): SeriesRow | undefined => {
      const row = labelsOf.get(id)
      return row && { id, name: row.name, labels: JSON.parse(row.labels) }
    },
    touchSeries: (id: number, day: number) => void touchSeries.run(day, id, day),
    /** Forgets series whose last compacted day is before `day`. Those never compacted stay. */
    dropSeriesBefore: (day: number) => dropSeries.run(day).changes,
    addFrame: (seq: number, newestHour: number, data: Uint8Array) => void insertFrame.run(seq, newestHour, data),
    frames: () => allFrames.iterate(),
    dropFrames: (upTo: number) => void dropFrames.run(upTo),
    frameBytes: () => frameBytes.get() ?? 0,
    /** False when there is one already. */
    addChunk: (key: number, summary: Summary, data: Uint8Array) =>
      insertChunk.run(key, ...summaryColumns(summary), data).changes > 0,
    replaceChunk: (key: number, summary: Summary, data: Uint8Array) =>
      void replaceChunk.run(key, ...summaryColumns(summary), data),
    chunk: (hour: number, series: number) => chunk.get(keyOf(hour, series)),
    oldestKey: () => oldestKey.get() ?? null,
    /** The first key at or after the hour's first. */
    keyFromHour: (hour: number) => keyFrom.get(keyOf(hour, 0)),
    keysOfHours: (from: number, to: number) => keysBetween.all(keyOf(from, 0), keyOf(to, 0)),
    samplesOfHours: (from: number, to: number) => samplesBetween.get(keyOf(from, 0), keyOf(to, 0)) ?? 0,
    dropKeys: (from: number, to: number) => dropChunks.run(from, to).changes,
    keepDamaged: (hour: number, series: number) => void keepDamaged.run(keyOf(hour, series)),
    days: () => allDays.all(),
    saveDay: (row: DayRow) => void saveDay.run(row),
    dropDay: (day: number) => void dropDay.run(day),
    sealedRanges: (): SealedRanges => JSON.parse(state.get('sealedRanges') ?? 'null') ?? nothingSealed,
    saveSealedRanges: (ranges: SealedRanges) => void saveState.run('sealedRanges', JSON.stringify(ranges)),
    /** Samples in chunk rows. */
    chunkSamples: () => Number(state.get('chunkSamples') ?? 0),
    saveChunkSamples: (count: number) => void saveState.run('chunkSamples', String(count)),
    bytes: () => Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
    close: () => void db.close(),
  }
}

/** SQLite has no NaN: it becomes NULL. */
function summaryColumns(summary: Summary): (number | null)[] {
  const { samples, count, sum, min, max, first, firstAt, last, lastAt, increase } = summary
  return [samples, count, sum, min, max, first, firstAt, last, lastAt, increase].map((n) =>
    Number.isNaN(n) ? null : n,
  )
}
