/**
 * A day of raw samples as a file of its own: per series one compressed row with the day's hourly chunks just as they
 * were sealed. The file is built under another name and appears complete or not at all; nothing in it ever changes, and
 * giving up a day is removing its file. Which file is the day's is said by the calendar in metrics.db.
 */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { dayName, dayOfName } from './calendar.ts'
import { createByteReader, createByteWriter } from './codec/bytes.ts'
import { CorruptBytes } from './codec/chunk.ts'
import { removeWhenFree } from './remove-when-free.ts'

/** An hour's chunk as sealed. */
export interface Segment {
  /** Hours since the epoch. */
  readonly hour: number
  readonly bytes: Uint8Array
}

/** The day's last observation of a series: what the next day's counter increases start from. NaN when there is none. */
export interface LastReading {
  readonly lastAt: number
  readonly last: number
}

/** Smaller pages waste less on rows that never change size. */
const pageBytes = 1024

/** Higher levels gain under 1 % at several times the work. */
const compressionLevel = 9

export const dayFileName = (day: number, generation: number): string => `raw-${dayName(day)}.${generation}.db`
export const generationOf = (file: string): number => Number(/\.(\d+)\.db$/.exec(file)?.[1] ?? 0)

export interface DayWriter {
  add(series: number, segments: readonly Segment[], reading: LastReading): void
  /** The file, with so many samples in all its rows, is complete, durable and in its place. */
  finish(samples: number): void
  abandon(): void
}

export function createDayFile(directory: string, file: string): DayWriter {
  const path = join(directory, file)
  const partial = `${path}${partialEnding}`
  rmSync(partial, { force: true })
  const db = new Database(partial)
  db.pragma(`page_size = ${pageBytes}`)
  // Nothing but this writer knows the file before it is finished and synced as a whole.
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.exec(
    `CREATE TABLE sample (series INTEGER PRIMARY KEY, last REAL, last_at INTEGER, data BLOB NOT NULL) STRICT;
    CREATE TABLE total (samples INTEGER NOT NULL) STRICT; BEGIN`,
  )
  const insert = db.prepare('INSERT INTO sample VALUES (?, ?, ?, ?)')
  return {
    add(series, segments, { last, lastAt }) {
      const hasReading = !Number.isNaN(lastAt)
      insert.run(series, hasReading ? last : null, hasReading ? lastAt : null, packSegments(segments))
    },
    finish(samples) {
      db.prepare('INSERT INTO total VALUES (?)').run(samples)
      db.exec('COMMIT')
      db.close()
      sync(partial)
      renameSync(partial, path)
      syncDirectory(directory)
    },
    abandon() {
      db.close()
      rmSync(partial, { force: true })
    },
  }
}

export interface DayFile {
  /** Ascending by hour; empty when the series has nothing that day. Throws CorruptBytes. */
  segments(series: number): Segment[]
  lastReading(series: number): LastReading | null
  series(): number[]
  /** In all its rows. */
  samples(): number
  /** Looks at every page; null when the file is whole. Throws what SQLite throws when it cannot even be looked at. */
  damage(): string | null
  close(): void
}

/** Throws what SQLite throws when the file is not there or is no database. */
export function openDayFile(directory: string, file: string): DayFile {
  const db = new Database(join(directory, file), { readonly: true, fileMustExist: true })
  const row = db.prepare<[number], Uint8Array>('SELECT data FROM sample WHERE series = ?').pluck()
  const reading = db.prepare<[number], { last: number | null; last_at: number | null }>(
    'SELECT last, last_at FROM sample WHERE series = ?',
  )
  return {
    segments(series) {
      const data = row.get(series)
      return data ? unpackSegments(data) : []
    },
    lastReading(series) {
      const { last, last_at } = reading.get(series) ?? { last: null, last_at: null }
      return last === null || last_at === null ? null : { last, lastAt: last_at }
    },
    series: () => db.prepare<[], number>('SELECT series FROM sample ORDER BY series').pluck().all(),
    samples: () => db.prepare<[], number>('SELECT total(samples) FROM total').pluck().get() ?? 0,
    damage() {
      const finding = String(db.pragma('quick_check(1)', { simple: true }))
      return finding === 'ok' ? null : finding.replaceAll('\n', '; ')
    },
    close: () => void db.close(),
  }
}

/** Days that have files here, ascending, each with its files from the newest generation to the oldest. */
export function dayFilesIn(directory: string): { day: number; files: string[] }[] {
  const byDay = new Map<number, string[]>()
  for (const file of readdirSync(directory)) {
    const day = dayOfName(dayFilePattern.exec(file)?.[1] ?? '')
    if (!Number.isNaN(day)) byDay.set(day, [...(byDay.get(day) ?? []), file])
  }
  return [...byDay]
    .map(([day, files]) => ({ day, files: files.sort((a, b) => generationOf(b) - generationOf(a)) }))
    .sort((a, b) => a.day - b.day)
}

const dayFilePattern = /^raw-(\d{4}-\d\d-\d\d)\.\d+\.db$/

/** Removes files of days that the calendar does not name: those that could not be removed when it gave them up. */
export function removeStrayDayFiles(directory: string, known: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    if (dayFilePattern.test(name) && !known.has(name)) removeWhenFree(join(directory, name))
  }
}

/** Removes what an interrupted compaction left behind. Not while one is under way. */
export function removePartialDayFiles(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.includes(partialEnding)) removeWhenFree(join(directory, name))
  }
}

const partialEnding = '.partial'

const writer = createByteWriter(1 << 16)

function packSegments(segments: readonly Segment[]): Uint8Array {
  writer.varint(segments.length)
  for (const { hour, bytes } of segments) {
    writer.varint(hour)
    writer.varint(bytes.length)
  }
  for (const { bytes } of segments) writer.bytes(bytes)
  // Four bytes a row: a flipped bit may unpack to other samples that each look like samples.
  const params = { [constants.ZSTD_c_compressionLevel]: compressionLevel, [constants.ZSTD_c_checksumFlag]: 1 }
  return zstdCompressSync(writer.take(), { params })
}

/** Throws CorruptBytes. */
function unpackSegments(data: Uint8Array): Segment[] {
  try {
    const reader = createByteReader(zstdDecompressSync(data, { maxOutputLength: largestRowBytes }))
    const lengths = Array.from(
      { length: Math.min(reader.varint(), 24) },
      () => [reader.varint(), reader.varint()] as const,
    )
    return lengths.map(([hour, length]) => ({ hour, bytes: reader.bytes(length) }))
  } catch (error) {
    throw new CorruptBytes(error instanceof Error ? error.message : String(error))
  }
}

/** A day at a sample a millisecond would not need as much. */
const largestRowBytes = 1 << 30

/** Windows syncs no directories, and needs no such thing: its file system logs what it renames. */
function syncDirectory(directory: string): void {
  if (process.platform !== 'win32') sync(directory, 'r')
}

/** Windows syncs only what was opened for writing. */
function sync(path: string, flags: 'r' | 'r+' = 'r+'): void {
  const descriptor = openSync(path, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
