/**
 * Gives up what is older than each tier is kept: whole days and whole files, one at a time. Chunks of days that are not
 * compacted yet stay until they are, for their summaries would be lost with them.
 */
import { join } from 'node:path'
import { dayMs, dayName, dayOf, dayOfHour, hoursPerDay, keyOf, slotOf } from './calendar.ts'
import { removeStrayDayFiles } from './day-file.ts'
import type { RetentionCutoffs } from './messages.ts'
import type { DayRow, MetricsTables } from './metrics-database.ts'
import { removeWhenFree } from './remove-when-free.ts'
import { fiveMinuteTier, hourTier, openTierWriter, removeTierFile, tierFileName, tierFiles } from './tier-file.ts'

/** One step; `more` says whether another is due. */
export function retain(
  directory: string,
  tables: MetricsTables,
  cutoffs: RetentionCutoffs,
): { samplesGivenUp: number; more: boolean } {
  const days = tables.days()
  const isOver = (row: DayRow, cutoffAt: number) => (row.day + 1) * dayMs <= cutoffAt
  const raw = days.find((row) => row.file !== null && row.is_draining === 0 && isOver(row, cutoffs.raw))
  if (raw) return { samplesGivenUp: giveUpDay(directory, tables, raw), more: true }
  const late = days.find((row) => row.file === null && row.day === oldestChunkDay(tables))
  if (late) return { samplesGivenUp: dropChunks(tables, late), more: true }
  const fiveMinute = days.filter((row) => row.has_five_minute === 1 && isOver(row, cutoffs.fiveMinute))
  if (fiveMinute.length > 0) {
    tables.transaction(() => {
      for (const row of fiveMinute) tables.saveDay({ ...row, has_five_minute: 0 })
    })
    return { samplesGivenUp: 0, more: true }
  }
  const hour = days.filter((row) => row.file === null && row.has_five_minute === 0 && isOver(row, cutoffs.hour))
  if (hour.length > 0) {
    tables.transaction(() => {
      for (const row of hour) tables.dropDay(row.day)
    })
  }
  return { samplesGivenUp: 0, more: removeLeftovers(directory, tables, cutoffs) }
}

/** The raw samples of the oldest compacted day, whatever its age; its summaries stay. Null when there is none. */
export function giveUpOldestDay(directory: string, tables: MetricsTables): { day: string; samples: number } | null {
  const oldest = tables.days().find((row) => row.file !== null && row.is_draining === 0)
  return oldest ? { day: dayName(oldest.day), samples: giveUpDay(directory, tables, oldest) } : null
}

/**
 * What the calendar does not name any more: files, those too that somebody had open when they were given up, and a slice
 * of the rows of a file whose period is not over. True when there may be more rows.
 */
function removeLeftovers(directory: string, tables: MetricsTables, cutoffs: RetentionCutoffs): boolean {
  const days = tables.days()
  removeStrayDayFiles(directory, new Set(days.flatMap((row) => row.file ?? [])))
  const tiers = [
    [fiveMinuteTier, cutoffs.fiveMinute, days.find((row) => row.has_five_minute === 1)],
    [hourTier, cutoffs.hour, days[0]],
  ] as const
  for (const [tier, cutoffAt, oldest] of tiers) {
    const day = Math.min(dayOf(cutoffAt), oldest?.day ?? Number.POSITIVE_INFINITY)
    const current = tierFileName(tier, day)
    for (const file of tierFiles(directory, tier)) {
      if (file < current) removeTierFile(directory, file)
      if (file === current && dropRows(directory, file, day)) return true
    }
  }
  return false
}

/** Some tens of milliseconds for appends to wait. */
const rowsInSlice = 5000

/** True when there may be more rows of days before `day`. */
function dropRows(directory: string, file: string, day: number): boolean {
  const writer = openTierWriter(directory, file)
  try {
    return writer.dropBefore(day, rowsInSlice) === rowsInSlice
  } finally {
    writer.close()
  }
}

function giveUpDay(directory: string, tables: MetricsTables, row: DayRow): number {
  tables.transaction(() => tables.saveDay({ ...row, file: null }))
  // The calendar does not name it any more: what cannot be removed now is removed as a stray later.
  if (row.file !== null) removeWhenFree(join(directory, row.file))
  return row.samples
}

function oldestChunkDay(tables: MetricsTables): number | null {
  const key = tables.oldestKey()
  return key === null ? null : dayOfHour(slotOf(key))
}

/** Chunks of a day whose raw samples were given up: a clock that went back has written them. */
function dropChunks(tables: MetricsTables, { day }: DayRow): number {
  const [from, to] = [day * hoursPerDay, (day + 1) * hoursPerDay]
  const samples = tables.samplesOfHours(from, to)
  tables.transaction(() => {
    tables.saveChunkSamples(tables.chunkSamples() - samples)
    tables.dropKeys(keyOf(from, 0), keyOf(to, 0))
  })
  return samples
}
