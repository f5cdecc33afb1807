/**
 * Brings the past into a metrics.db that was begun anew because the one that named it was damaged: the calendar from the
 * files of days and of summaries, series by the names that the hourly files keep. A series that no readable file names
 * gets a name of its own, so that its number is not given to another while anything is stored under it.
 */
import Database from 'better-sqlite3'
import type { Damage } from './damage.ts'
import { dayFilesIn, openDayFile } from './day-file.ts'
import type { SeriesRow } from './messages.ts'
import type { MetricsTables } from './metrics-database.ts'
import { fiveMinuteTier, hourTier, readTierContents, type TierContents, type TierKind, tierFiles } from './tier-file.ts'

/** Returns the number of days whose raw samples are there. `tables` know of no day yet. */
export function adoptHistory(directory: string, tables: MetricsTables, damage: Damage): number {
  const hourly = tierContents(directory, hourTier, damage)
  const fiveMinuteDays = new Set(tierContents(directory, fiveMinuteTier, damage).flatMap(({ days }) => days))
  const rawDays = readableDays(directory, damage)
  const fileOf = new Map(rawDays.map(({ day, file, samples }) => [day, { file, samples }]))

  const newestDay = new Map<number, number>()
  const sawSeries = (id: number, day: number) => newestDay.set(id, Math.max(day, newestDay.get(id) ?? day))
  for (const { newestDays } of hourly) for (const { series, day } of newestDays) sawSeries(series, day)
  for (const { day, series } of rawDays) for (const id of series) sawSeries(id, day)
  // Of two names for a number the one in the newer file is the one in use.
  const described = new Map(hourly.flatMap((contents) => contents.described.map((row) => [row.id, row] as const)))

  tables.transaction(() => {
    for (const day of new Set([...hourly.flatMap(({ days }) => days), ...fiveMinuteDays, ...fileOf.keys()])) {
      const { file, samples } = fileOf.get(day) ?? { file: null, samples: 0 }
      tables.saveDay({ day, file, samples, has_five_minute: fiveMinuteDays.has(day) ? 1 : 0, is_draining: 0 })
    }
    for (const [id, day] of newestDay) {
      tables.addSeries(described.get(id) ?? nameless(id))
      tables.touchSeries(id, day)
    }
  })
  return rawDays.length
}

const nameless = (id: number): SeriesRow => ({ id, name: 'belfry_nameless_series', labels: { number: String(id) } })

function tierContents(directory: string, kind: TierKind, damage: Damage): TierContents[] {
  return tierFiles(directory, kind).flatMap((file) => {
    const contents = whole(file, damage, () => readTierContents(directory, file))
    return contents ? [contents] : []
  })
}

/** Each day with its newest file that can be read, or with its newest where none can: nothing is thrown away for that. */
function readableDays(directory: string, damage: Damage) {
  return dayFilesIn(directory).flatMap(({ day, files }) => {
    for (const file of files) {
      const found = whole(file, damage, () => {
        const opened = openDayFile(directory, file)
        try {
          return { day, file, series: opened.series(), samples: opened.samples() }
        } finally {
          opened.close()
        }
      })
      if (found) return [found]
    }
    return files.slice(0, 1).map((file) => ({ day, file, series: [], samples: 0 }))
  })
}

function whole<T>(file: string, damage: Damage, read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    damage.report(`${file} cannot be read: ${error.message}.`)
    return null
  }
}
