/**
 * What is sealed of one series, from wherever it lies: chunk rows of the last hours, files of compacted days, summary
 * rows. Each series is read in one snapshot of metrics.db. A day moves from rows to its file in one commit, and rows are
 * asked before files, so nothing is missed; what is seen twice is the same and merged.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Bucket, Summary } from '#shared/domain/rollup.ts'
import type { Samples } from '#shared/domain/series.ts'
import { storageFailure } from '../sqlite-failure.ts'
import { dayMs, dayOf, hourMs, hourOf, hoursPerDay, keyOf, slotOf } from './calendar.ts'
import { decodeBuckets } from './codec/buckets.ts'
import { CorruptBytes, decodeChunk } from './codec/chunk.ts'
import type { Damage } from './damage.ts'
import { type DayFile, type LastReading, openDayFile, type Segment } from './day-file.ts'
import { noSamples } from './merge-samples.ts'
import { type DayRow, metricsFile } from './metrics-database.ts'
import { fiveMinuteTier, hourTier, openTierReader, type TierKind, type TierReader, tierFileName } from './tier-file.ts'

/** Open files of past days; more are closed, the longest unused first. */
const mostOpenFiles = 64

export interface ChunkReader {
  /** Runs within one snapshot; a second time, from its beginning, when a day's file was replaced meanwhile. */
  snapshot<T>(run: () => T): T
  /** Days that have been compacted, ascending, overlapping `[from, to)`. */
  compactedDays(from: number, to: number): readonly DayRow[]
  /** Hours that chunk rows may be found in, within `[from, to)` in epoch ms. */
  chunkHours(from: number, to: number): { first: number; end: number }
  /** Samples of an hour's row. */
  chunk(id: number, hour: number): Samples
  /** Summary of an hour's row, without touching its samples. */
  chunkSummary(id: number, hour: number): Summary | null
  /** Samples of a compacted day: one part per hour that overlaps `[from, to)`. */
  dayParts(row: DayRow, id: number, from: number, to: number): Samples[]
  /** The day's last observation; null when there is none or raw samples were given up. */
  lastReading(row: DayRow, id: number): LastReading | null
  /** Buckets of a compacted day. */
  buckets(kind: TierKind, day: number, id: number): Bucket[]
  close(): void
}

export function openChunkReader(databaseDirectory: string, directory: string, damage: Damage): ChunkReader {
  const db = new Database(metricsFile(databaseDirectory), { readonly: true, fileMustExist: true })
  db.pragma('busy_timeout = 5000')
  // In KiB: whole answers are read once, and what is read often the system has cached anyway.
  db.pragma('cache_size = -4096')
  const chunkData = db.prepare<[number], Uint8Array>('SELECT data FROM chunk WHERE key = ?').pluck()
  const summary = db.prepare<[number], SummaryRow>(
    'SELECT samples, count, sum, min, max, first, first_at, last, last_at, increase FROM chunk WHERE key = ?',
  )
  const ends = db.prepare<[], { low: number | null; high: number | null }>(
    'SELECT (SELECT min(key) FROM chunk) AS low, (SELECT max(key) FROM chunk) AS high',
  )
  const days = db.prepare<[], DayRow>('SELECT * FROM day ORDER BY day')

  let seenVersion = -1
  let calendar: DayRow[] = []
  let hours = { first: 0, end: 0 }
  const dayFiles = new Map<string, DayFile>()
  const tierReaders = new Map<string, TierReader>()

  const refresh = () => {
    const version = Number(db.pragma('data_version', { simple: true }))
    if (version === seenVersion) return
    seenVersion = version
    calendar = days.all()
    const { low, high } = ends.get() ?? { low: null, high: null }
    hours = low === null || high === null ? { first: 0, end: 0 } : { first: slotOf(low), end: slotOf(high) + 1 }
    const named = new Set(calendar.map((row) => row.file))
    closeWhere(dayFiles, (file) => !named.has(file))
    const oldestFiles = [
      [fiveMinuteTier, calendar.find((row) => row.has_five_minute === 1)],
      [hourTier, calendar[0]],
    ] as const
    for (const [kind, oldest] of oldestFiles) {
      const first = oldest ? tierFileName(kind, oldest.day) : null
      closeWhere(tierReaders, (file) => file.startsWith(`${kind.name}-`) && (first === null || file < first))
    }
  }

  let isSecondTry = false

  const dayFile = (file: string): DayFile => {
    if (!dayFiles.has(file) && !isSecondTry && !existsSync(join(directory, file))) throw new FileGone(file)
    const opened = dayFiles.get(file) ?? openDayFile(directory, file)
    dayFiles.delete(file)
    dayFiles.set(file, opened)
    const [oldest] = dayFiles.keys()
    if (dayFiles.size > mostOpenFiles && oldest !== undefined) closeWhere(dayFiles, (name) => name === oldest)
    return opened
  }

  const tierReader = (file: string): TierReader | null => {
    const opened = tierReaders.get(file) ?? openTierReader(directory, file)
    if (opened) tierReaders.set(file, opened)
    return opened
  }

  const guarded = <T>(what: string, otherwise: T, read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof CorruptBytes) && !(error instanceof Database.SqliteError)) throw error
      damage.report(`${what} cannot be read: ${error.message}.`)
      return otherwise
    }
  }

  /** Files that were asked for a series they do not have. */
  const examined = new Set<string>()

  /** A damaged file may have lost the row without a trace: that a series is not there is believed of a whole one only. */
  const examine = (file: string): void => {
    if (examined.has(file)) return
    const finding = guarded(file, null, () => dayFile(file).damage())
    examined.add(file)
    if (finding !== null) damage.report(`${file} is damaged, and series of that day may be missing: ${finding}.`)
  }

  let areChunksExamined = false

  /** The same for the rows of the last hours: looked through once, when one is first found missing. */
  const examineChunks = (): void => {
    if (areChunksExamined) return
    areChunksExamined = true
    const finding = guarded('metrics.db', 'ok', () => String(db.pragma('quick_check(chunk)', { simple: true })))
    if (finding !== 'ok') damage.report(`metrics.db is damaged, and some of the last hours may be missing: ${finding}.`)
  }

  const decode = (id: number, { hour, bytes }: Segment): Samples =>
    guarded(`The chunk of series ${id}, hour ${hour}`, noSamples, () => decodeChunk(bytes, hour * hourMs))

  const inSnapshot = <T>(run: () => T): T => {
    db.exec('BEGIN')
    try {
      refresh()
      return run()
    } finally {
      db.exec('COMMIT')
    }
  }

  /** A file that cannot even be begun with is told as such, for it is no bug. */
  const inWholeSnapshot = <T>(run: () => T): T => {
    try {
      return inSnapshot(run)
    } catch (error) {
      throw storageFailure(error, metricsFile(databaseDirectory))
    }
  }

  return {
    snapshot(run) {
      try {
        return inWholeSnapshot(run)
      } catch (error) {
        if (!(error instanceof FileGone)) throw error
      }
      isSecondTry = true
      try {
        return inWholeSnapshot(run)
      } finally {
        isSecondTry = false
      }
    },
    compactedDays: (from, to) => calendar.filter(({ day }) => day >= dayOf(from) && day * dayMs < to),
    chunkHours: (from, to) => ({
      first: Math.max(hours.first, hourOf(from)),
      end: Math.min(hours.end, Math.ceil(to / hourMs)),
    }),
    chunk(id, hour) {
      const bytes = guarded(`The chunk of series ${id}, hour ${hour}`, undefined, () => chunkData.get(keyOf(hour, id)))
      if (!bytes) examineChunks()
      return bytes ? decode(id, { hour, bytes }) : noSamples
    },
    chunkSummary(id, hour) {
      const row = summary.get(keyOf(hour, id))
      return row ? summaryOf(row) : null
    },
    dayParts({ day, file }, id, from, to) {
      if (file === null) return []
      const segments = guarded(`Series ${id} in ${file}`, [], () => dayFile(file).segments(id))
      if (segments.length === 0) examine(file)
      return segments
        .filter(({ hour }) => Math.floor(hour / hoursPerDay) === day)
        .filter(({ hour }) => (hour + 1) * hourMs > from && hour * hourMs < to)
        .map((segment) => decode(id, segment))
    },
    lastReading({ file }, id) {
      if (file === null) return null
      return guarded(`Series ${id} in ${file}`, null, () => dayFile(file).lastReading(id))
    },
    buckets(kind, day, id) {
      const file = tierFileName(kind, day)
      return guarded(`Series ${id} in ${file}`, [], () => {
        const data = tierReader(file)?.get(day, id)
        return data ? decodeBuckets(data, day * dayMs, kind.stepMs) : []
      })
    },
    close() {
      closeWhere(dayFiles, () => true)
      closeWhere(tierReaders, () => true)
      db.close()
    },
  }
}

/** A file that the snapshot names was removed since: the next snapshot names another, or none. */
class FileGone extends Error {}

interface SummaryRow {
  readonly samples: number
  readonly count: number
  readonly sum: number | null
  readonly min: number | null
  readonly max: number | null
  readonly first: number | null
  readonly first_at: number | null
  readonly last: number | null
  readonly last_at: number | null
  readonly increase: number | null
}

function summaryOf(row: SummaryRow): Summary {
  const number = (value: number | null) => value ?? Number.NaN
  return {
    samples: row.samples,
    count: row.count,
    sum: number(row.sum),
    min: number(row.min),
    max: number(row.max),
    first: number(row.first),
    firstAt: number(row.first_at),
    last: number(row.last),
    lastAt: number(row.last_at),
    increase: number(row.increase),
  }
}

function closeWhere(open: Map<string, { close(): void }>, isUnwanted: (file: string) => boolean): void {
  for (const [file, { close }] of open) {
    if (!isUnwanted(file)) continue
    close()
    open.delete(file)
  }
}
