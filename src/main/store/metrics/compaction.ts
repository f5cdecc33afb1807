/**
 * Turns a day that is over into its file of raw samples and its rows of five-minute and hourly summaries, a few series
 * at a time. The day's file is named in the calendar only when it is complete; until then the chunks answer, and then
 * they are deleted hour by hour. Interrupted anywhere, it begins the day again and nothing is lost or told twice.
 */
import { join } from 'node:path'
import { createStepReducer, stepColumnNames, stepColumnsOf } from '#shared/domain/rollup.ts'
import type { Samples } from '#shared/domain/series.ts'
import { dayMs, dayOfHour, hourMs, hoursPerDay, keyOf, seriesOf, slotOf } from './calendar.ts'
import { encodeBuckets } from './codec/buckets.ts'
import { CorruptBytes, decodeChunk, encodeChunk } from './codec/chunk.ts'
import type { Damage } from './damage.ts'
import {
  createDayFile,
  type DayFile,
  type DayWriter,
  dayFileName,
  generationOf,
  type LastReading,
  openDayFile,
  type Segment,
} from './day-file.ts'
import { clipSamples, mergeSamples } from './merge-samples.ts'
import type { DayRow, MetricsTables } from './metrics-database.ts'
import { removeWhenFree } from './remove-when-free.ts'
import { hourTier, openTierWriter, type TierKind, type TierWriter, tierFileName, tierKinds } from './tier-file.ts'

/** A day is compacted this long after its end: its last hour is sealed by then and stragglers have come. */
const compactionDelayMs = 3 * hourMs

/** Series compacted in one go: ten to twenty milliseconds of work at a sample every ten seconds. */
const seriesPerSlice = 2

export interface Compaction {
  /** Does a slice of what is due; true when more is due at once. */
  tend(now: number, sealedBelowHour: number): boolean
  /** Rows of this day are about to be written: a file in the making would miss them, a deletion would take them. */
  beforeSealing(day: number): void
  close(): void
}

interface Job {
  readonly day: number
  readonly generation: number
  readonly writer: DayWriter
  readonly tiers: readonly { kind: TierKind; writer: TierWriter }[]
  readonly previous: DayFile | null
  readonly dayBefore: DayFile | null
  readonly ids: readonly number[]
  next: number
  samples: number
  /** Samples in the chunk rows that are to be deleted. */
  chunkSamples: number
}

export function createCompaction(directory: string, tables: MetricsTables, damage: Damage): Compaction {
  let job: Job | null = null
  let draining: { row: DayRow; hour: number } | null = null
  for (const row of tables.days()) if (row.is_draining) draining = { row, hour: row.day * hoursPerDay }

  const begin = (day: number): Job => {
    const rows = tables.days()
    const known = rows.find((row) => row.day === day)
    const open = (file: string | null | undefined) => (file ? openDayFile(directory, file) : null)
    const previous = open(known?.file)
    const generation = known?.file ? generationOf(known.file) + 1 : 1
    const stored = tables.keysOfHours(day * hoursPerDay, (day + 1) * hoursPerDay).map(seriesOf)
    return {
      day,
      generation,
      writer: createDayFile(directory, dayFileName(day, generation)),
      tiers: tierKinds.map((kind) => ({ kind, writer: openTierWriter(directory, tierFileName(kind, day)) })),
      previous,
      dayBefore: open(rows.find((row) => row.day === day - 1)?.file),
      ids: [...new Set([...stored, ...(previous?.series() ?? [])])].sort((a, b) => a - b),
      next: 0,
      samples: 0,
      chunkSamples: 0,
    }
  }

  const advance = (running: Job) => {
    const ids = running.ids.slice(running.next, running.next + seriesPerSlice)
    const compacted = ids.map((id) => ({ id, ...compactSeries(running, id) }))
    for (const { kind, writer } of running.tiers) {
      writer.transaction(() => {
        for (const { id, day, columns, isCounter } of compacted) {
          const bytes = encodeBuckets(columns(kind.stepMs), isCounter)
          if (bytes) writer.put(day, id, bytes)
          const row = kind === hourTier ? tables.seriesRow(id) : undefined
          if (row) writer.describe(row)
        }
      })
    }
    running.next += ids.length
    if (running.next >= running.ids.length) publish(running)
  }

  const compactSeries = (running: Job, id: number) => {
    const { day } = running
    const segments: Segment[] = []
    const parts: Samples[] = []
    const before = new Map(running.previous?.segments(id).map((segment) => [segment.hour, segment.bytes]))
    for (let hour = day * hoursPerDay; hour < (day + 1) * hoursPerDay; hour++) {
      const row = tables.chunk(hour, id)
      running.chunkSamples += row?.samples ?? 0
      const bytes = joined(before.get(hour), row?.data, hour, id)
      if (!bytes) continue
      segments.push({ hour, bytes })
      parts.push(readable(bytes, hour, id))
    }
    const samples = mergeSamples(parts)
    running.samples += samples.times.length
    running.writer.add(id, segments, lastReading(samples))
    const reading = running.dayBefore?.lastReading(id) ?? null
    return {
      day,
      isCounter: isCounterLike(samples),
      columns: (stepMs: number) => bucketsOf(samples, reading, day * dayMs, stepMs),
    }
  }

  /** The hour's bytes: as they are, or merged where a late chunk joins what an earlier file holds. */
  const joined = (old: Uint8Array | undefined, late: Uint8Array | undefined, hour: number, id: number) => {
    if (!old || !late) return late ?? old
    const merged = mergeSamples([readable(old, hour, id), readable(late, hour, id)])
    return merged.times.length > 0 ? encodeChunk(merged, hour * hourMs) : old
  }

  const readable = (bytes: Uint8Array, hour: number, id: number): Samples => {
    try {
      return decodeChunk(bytes, hour * hourMs)
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error
      damage.report(`The chunk of series ${id}, hour ${hour}, cannot be read: ${error.message}.`)
      return { times: new Float64Array(), values: new Float64Array() }
    }
  }

  const publish = (running: Job) => {
    running.writer.finish(running.samples)
    const row: DayRow = {
      day: running.day,
      file: dayFileName(running.day, running.generation),
      samples: running.samples,
      has_five_minute: 1,
      is_draining: 1,
    }
    tables.transaction(() => {
      tables.saveDay(row)
      tables.saveChunkSamples(tables.chunkSamples() - running.chunkSamples)
      for (const id of running.ids) tables.touchSeries(id, running.day)
    })
    closeInputs(running)
    if (running.generation > 1) {
      removeWhenFree(join(directory, dayFileName(running.day, running.generation - 1)))
    }
    draining = { row, hour: running.day * hoursPerDay }
    job = null
  }

  const drain = ({ row, hour }: { row: DayRow; hour: number }) => {
    const isLast = hour + 1 >= (row.day + 1) * hoursPerDay
    tables.transaction(() => {
      tables.dropKeys(keyOf(hour, 0), keyOf(hour + 1, 0))
      if (isLast) tables.saveDay({ ...row, is_draining: 0 })
    })
    draining = isLast ? null : { row, hour: hour + 1 }
  }

  const abandon = () => {
    if (!job) return
    job.writer.abandon()
    closeInputs(job)
    job = null
  }

  const closeInputs = (running: Job) => {
    for (const { writer } of running.tiers) writer.close()
    running.previous?.close()
    running.dayBefore?.close()
  }

  return {
    tend(now, sealedBelowHour) {
      if (draining) drain(draining)
      else if (job) advanceOrAbandon(job)
      else {
        const day = dueDay(tables, now, sealedBelowHour)
        if (day === null) return false
        job = begin(day)
      }
      return true
    },
    beforeSealing(day) {
      if (job?.day === day) abandon()
      while (draining?.row.day === day) drain(draining)
    },
    close: abandon,
  }

  function advanceOrAbandon(running: Job): void {
    try {
      advance(running)
    } catch (error) {
      abandon()
      throw error
    }
  }
}

/** The oldest day with chunks that is over and sealed. Days whose raw samples were given up are not begun again. */
function dueDay(tables: MetricsTables, now: number, sealedBelowHour: number): number | null {
  const givenUp = new Set(tables.days().flatMap((row) => (row.file === null ? [row.day] : [])))
  for (let key = tables.keyFromHour(0); key !== undefined; ) {
    const day = dayOfHour(slotOf(key))
    if ((day + 1) * dayMs + compactionDelayMs > now || (day + 1) * hoursPerDay > sealedBelowHour) return null
    if (!givenUp.has(day)) return day
    key = tables.keyFromHour((day + 1) * hoursPerDay)
  }
  return null
}

function bucketsOf(samples: Samples, before: LastReading | null, dayAt: number, stepMs: number) {
  const stepCount = dayMs / stepMs
  const columns = stepColumnsOf(new Float64Array(stepColumnNames.length * stepCount), stepCount)
  const reducer = createStepReducer(dayAt, stepMs, columns)
  if (before) reducer.startFrom(before.lastAt, before.last)
  reducer.addSamples(clipSamples(samples, dayAt, dayAt + dayMs))
  return columns
}

function lastReading({ times, values }: Samples): LastReading {
  for (let i = values.length - 1; i >= 0; i--) {
    const last = values[i] ?? Number.NaN
    if (!Number.isNaN(last)) return { last, lastAt: times[i] ?? Number.NaN }
  }
  return { last: Number.NaN, lastAt: Number.NaN }
}

/** Counters fall at resets only; a series that falls in more than one of twenty steps is no counter. */
function isCounterLike({ values }: Samples): boolean {
  let before = Number.NaN
  let falls = 0
  for (const value of values) {
    if (value < before) falls++
    if (!Number.isNaN(value)) before = value
  }
  return falls * 20 <= values.length
}
