/**
 * Summaries that outlive raw samples: per series and day one row of buckets, in files of a month (five minutes) or a
 * year (an hour), so that giving up old ones is mostly removing files. The hourly files also say what their series are
 * called: with them the past can be read even where metrics.db is lost.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { fiveMinutesMs, hourMs, keyOf, monthName, seriesLimit, yearName } from './calendar.ts'
import type { SeriesRow } from './messages.ts'
import { removeWhenFree } from './remove-when-free.ts'

export interface TierKind {
  readonly name: '5m' | '1h'
  readonly stepMs: number
  /** Days of the same period share a file. */
  readonly periodOf: (day: number) => string
}

export const fiveMinuteTier: TierKind = { name: '5m', stepMs: fiveMinutesMs, periodOf: monthName }
export const hourTier: TierKind = { name: '1h', stepMs: hourMs, periodOf: yearName }
export const tierKinds: readonly TierKind[] = [fiveMinuteTier, hourTier]

export const tierFileName = (tier: TierKind, day: number): string => `${tier.name}-${tier.periodOf(day)}.db`

export interface TierWriter {
  put(day: number, series: number, data: Uint8Array): void
  /** Keeps name and labels beside the summaries; written only when they are new. */
  describe(series: SeriesRow): void
  /** Deletes at most so many rows of days before `day`, oldest first; returns how many. */
  dropBefore(day: number, most: number): number
  transaction<T>(run: () => T): T
  close(): void
}

export function openTierWriter(directory: string, file: string): TierWriter {
  const db = new Database(join(directory, file))
  db.pragma('page_size = 1024')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  db.exec(
    `CREATE TABLE IF NOT EXISTS summary (key INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, name TEXT NOT NULL, labels TEXT NOT NULL) STRICT`,
  )
  const replace = db.prepare('REPLACE INTO summary VALUES (?, ?)')
  const describe = db.prepare(
    `INSERT INTO series VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, labels = excluded.labels
    WHERE name <> excluded.name OR labels <> excluded.labels`,
  )
  const drop = db.prepare(
    'DELETE FROM summary WHERE key IN (SELECT key FROM summary WHERE key < ? ORDER BY key LIMIT ?)',
  )
  return {
    put: (day, series, data) => void replace.run(keyOf(day, series), data),
    describe: ({ id, name, labels }) => void describe.run(id, name, JSON.stringify(labels)),
    dropBefore: (day, most) => drop.run(keyOf(day, 0), most).changes,
    transaction: (run) => db.transaction(run)(),
    close: () => void db.close(),
  }
}

export interface TierReader {
  get(day: number, series: number): Uint8Array | undefined
  close(): void
}

/** `null` when there is no such file. */
export function openTierReader(directory: string, file: string): TierReader | null {
  const path = join(directory, file)
  if (!existsSync(path)) return null
  const db = new Database(path, { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 5000')
  const row = db.prepare<[number], Uint8Array>('SELECT data FROM summary WHERE key = ?').pluck()
  return { get: (day, series) => row.get(keyOf(day, series)), close: () => void db.close() }
}

export interface TierContents {
  readonly days: readonly number[]
  /** Series with summaries here, each with the newest day of one. */
  readonly newestDays: readonly { readonly series: number; readonly day: number }[]
  /** What the file says of series; of all with summaries in an hourly one. */
  readonly described: readonly SeriesRow[]
}

/** Looks through all keys of a file. Throws what SQLite throws when it is damaged. */
export function readTierContents(directory: string, file: string): TierContents {
  const db = new Database(join(directory, file), { readonly: true, fileMustExist: true })
  try {
    const newestDays = db.prepare<[], { series: number; day: number }>(
      `SELECT key % ${seriesLimit} AS series, max(key) / ${seriesLimit} AS day FROM summary GROUP BY 1`,
    )
    const described = db.prepare<[], { id: number; name: string; labels: string }>('SELECT * FROM series')
    return {
      days: db.prepare<[], number>(`SELECT DISTINCT key / ${seriesLimit} FROM summary`).pluck().all(),
      newestDays: newestDays.all(),
      described: described.all().map((row) => ({ ...row, labels: JSON.parse(row.labels) })),
    }
  } finally {
    db.close()
  }
}

/** Files of the tier in the directory, ascending. */
export function tierFiles(directory: string, tier: TierKind): string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith(`${tier.name}-`) && name.endsWith('.db'))
    .sort()
}

export function removeTierFile(directory: string, file: string): void {
  for (const ending of ['-wal', '-shm', '']) removeWhenFree(join(directory, file + ending))
}
