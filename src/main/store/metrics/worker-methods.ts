/** What the two workers do with samples: the storage worker writes and holds the head, the read worker answers. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expressionMethods } from '../expressions/expression-methods.ts'
import { storageFailure } from '../sqlite-failure.ts'
import { moving } from '../worker-channel.ts'
import { adoptHistory } from './adoption.ts'
import { dayOf } from './calendar.ts'
import { type ChunkReader, openChunkReader } from './chunk-reader.ts'
import { createCompaction } from './compaction.ts'
import { coverageOf } from './coverage.ts'
import { createDamage } from './damage.ts'
import { dayFilesIn, removePartialDayFiles, removeStrayDayFiles } from './day-file.ts'
import type {
  AppendInput,
  GiveUpAnswer,
  HeadQuestion,
  OpenedMetrics,
  ReduceAnswer,
  ReduceQuestion,
  RetainAnswer,
  RetentionCutoffs,
  SelectAnswer,
  SelectQuestion,
  SeriesSamples,
  StoredUsage,
  TendAnswer,
} from './messages.ts'
import { joinSeries, reduceSamples, selectSamples } from './metric-reader.ts'
import { damagedFrames, metricsFile, metricsTables, openMetricsFile } from './metrics-database.ts'
import { giveUpOldestDay, retain } from './retention.ts'
import { openSampleLog } from './sample-log.ts'
import { createSealing } from './sealing.ts'
import { usageOf } from './stored-usage.ts'
import { tierFiles, tierKinds } from './tier-file.ts'

export type StorageMetricMethods = ReturnType<typeof storageMetricMethods>['methods']
export type ReadMetricMethods = ReturnType<typeof readMetricMethods>['methods']

/** Days and summaries of the past lie in a folder of their own beside metrics.db. */
const historyDirectory = (directory: string) => join(directory, 'metrics')

/**
 * Opens the sample store for writing and rebuilds the head. `openedAt` names a file that has to be set aside. Throws
 * AppError `conflict` when the file is newer than this Belfry.
 */
export function storageMetricMethods(directory: string, openedAt: number) {
  const history = historyDirectory(directory)
  mkdirSync(history, { recursive: true })
  const damage = createDamage()
  const hasHistory = dayFilesIn(history).length > 0 || tierKinds.some((kind) => tierFiles(history, kind).length > 0)
  const { opened, lost } = openMetricsFile(directory, openedAt, hasHistory, (db) => {
    const tables = metricsTables(db)
    const finding = damagedFrames(db)
    if (finding !== null) damage.report(`Some of the newest samples may be missing: ${finding}.`)
    return { tables, log: openSampleLog(tables, damage), coverage: coverageOf(tables, null) }
  })
  const { tables, log } = opened
  const adoptedDays = lost === null ? 0 : adoptHistory(history, tables, damage)
  removePartialDayFiles(history)
  removeStrayDayFiles(history, new Set(tables.days().flatMap((row) => row.file ?? [])))
  const compaction = createCompaction(history, tables, damage)
  const sealing = createSealing(tables, log, damage, compaction.beforeSealing)
  const coverage = () => coverageOf(tables, log.head.oldestHour())

  const oldest = coverage().hour
  if (oldest !== null) tables.dropSeriesBefore(dayOf(oldest))

  const methods = {
    'metrics.open': (): OpenedMetrics => ({
      series: tables.series(),
      newest: log.head.newest(),
      coverage: coverage(),
      setAside: lost === null ? null : { path: lost.path, adoptedDays },
      damage: damage.take(),
    }),
    /** Answers when the batch is durable and in the head. */
    'metrics.append': (input: AppendInput): void => {
      try {
        log.append(input)
      } catch (error) {
        throw storageFailure(error, metricsFile(directory))
      }
    },
    'metrics.head': ({ ids, from, to }: HeadQuestion): SeriesSamples => {
      const series = Array.from(ids, (id) => log.head.read(id, from, to))
      const total = series.reduce((sum, { times }) => sum + times.length, 0)
      const joined = joinSeries(ids, series, total)
      return moving(joined, buffersOf(joined))
    },
    /** One slice of sealing, of dropping frames and of compaction. */
    'metrics.tend': ({ now }: { now: number }): TendAnswer => {
      const moreToSeal = sealing.tend(now)
      const moreToDrop = log.dropFrames()
      const moreToCompact = compaction.tend(now, log.sealedBelowHour())
      return { more: moreToSeal || moreToDrop || moreToCompact, coverage: coverage(), damage: damage.take() }
    },
    /** One slice of giving up what is older than the cutoffs. */
    'metrics.retain': (cutoffs: RetentionCutoffs): RetainAnswer => ({
      ...retain(history, tables, cutoffs),
      coverage: coverage(),
    }),
    'metrics.giveUpOldestDay': (): GiveUpAnswer => ({ gone: giveUpOldestDay(history, tables), coverage: coverage() }),
    'metrics.usage': (): StoredUsage => usageOf(history, tables, log.head.sampleCount()),
  }
  return {
    methods,
    close: () => {
      compaction.close()
      tables.close()
    },
  }
}

/** Files are opened with the first question: by then the storage worker has made them. */
export function readMetricMethods(directory: string) {
  const damage = createDamage()
  let opened: ChunkReader | null = null
  const reader = () => {
    opened ??= openChunkReader(directory, historyDirectory(directory), damage)
    return opened
  }
  const methods = {
    'metrics.select': async (question: SelectQuestion, signal: AbortSignal): Promise<SelectAnswer> => {
      const answer = await selectSamples(reader(), damage, question, signal)
      return moving(answer, buffersOf(answer))
    },
    'metrics.reduce': async (question: ReduceQuestion, signal: AbortSignal): Promise<ReduceAnswer> => {
      const answer = await reduceSamples(reader(), damage, question, signal)
      return moving(answer, [answer.columns.buffer as ArrayBuffer])
    },
    ...expressionMethods(reader, damage),
  }
  return { methods, close: () => opened?.close() }
}

/** Buffers to hand over. Made here, so each is an ordinary ArrayBuffer of its own. */
function buffersOf({ ids, counts, times, values }: SeriesSamples): ArrayBuffer[] {
  return [ids, counts, times, values].map((column) => column.buffer as ArrayBuffer)
}
