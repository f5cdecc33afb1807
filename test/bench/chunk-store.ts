/** The sample store's size, writes, appends, queries and deletion beside rows in SQLite and Prometheus's blocks. */
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { storageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import { compressionFloor } from './chunk-store-floor.ts'
import { openLiveStore } from './chunk-store-live.ts'
import {
  addPrometheusBlocks,
  directoryBytes,
  openRowStore,
  type RowStore,
  startPrometheus,
} from './chunk-store-peers.ts'
import { appendRecording, doChores, intervalMs, makeRecording, type Recording } from './chunk-store-recording.ts'
import { type BenchContext, type Measure, median, type Scenario } from './scenario.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** 2026-01-31T00:00:00Z */
const startAt = Date.UTC(2026, 0, 31)
/** The day's last hour is sealed. */
const sealedAt = startAt + day + 59 * minute
/** The day may be compacted. */
const compactableAt = startAt + day + 4 * hour + 59 * minute

/** Beside Prometheus: promtool reads its input once for each block of two hours, so it is not given more. */
const peerSeriesCount = 100
const seriesCount = 500
const longSeriesCount = 4

export const chunkStore: Scenario = { name: 'chunk-store', run }

async function run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
  const place = (name: string) => {
    mkdirSync(join(directory, name))
    return join(directory, name)
  }
  const shared = makeRecording(peerSeriesCount, startAt, day)
  const month = makeRecording(longSeriesCount, startAt - 30 * day, 30 * day)
  note('samples made')

  const blocks = join(directory, 'blocks')
  const skipped = await addPrometheusBlocks(directory, blocks, shared)
  const floor = { name: 'zstd 19', value: compressionFloor(shared) }
  note('floor measured')

  const prometheus = (value: number | undefined): NonNullable<Measure['peer']> =>
    value === undefined ? { name: 'Prometheus', skipped: skipped ?? 'no answer' } : { name: 'Prometheus', value }
  const blockBytes = prometheus(skipped === null ? directoryBytes(blocks) / sampleCount(shared) : undefined)
  const asked = skipped === null ? await measurePrometheus(directory, blocks) : null
  note('Prometheus measured')

  const rowTicks = measureRowTicks(place('row-ticks'), makeRecording(seriesCount, startAt, 20 * minute))
  const rows = openRowStore(join(place('rows'), 'rows.db'))
  rows.fill(shared)
  rows.fill(month)
  note('rows written')

  const ticks = measureAppends(place('ticks'), makeRecording(seriesCount, startAt, 3 * hour), 1)
  const bulk = measureAppends(place('bulk'), makeRecording(seriesCount, startAt, day), 10)
  const compaction = compactDay(join(directory, 'bulk'))
  note('500 series appended')

  const sharedPlace = place('shared')
  const hotSize = measureAppends(sharedPlace, shared, 60).hotBytes
  const hot = await measureQueries(sharedPlace, rows, sealedAt)
  compactDay(sharedPlace)
  const compactedSize = rawDayBytes(sharedPlace) / sampleCount(shared)
  const compacted = await measureQueries(sharedPlace, rows, compactableAt)
  note('a day questioned')

  const monthPlace = place('month')
  const long = storageMetricMethods(monthPlace, 0)
  appendRecording(long.methods, month, 360)
  doChores(long.methods, compactableAt)
  long.close()
  const monthly = await measureMonth(monthPlace, rows)
  const deletionMs = await measureDeletion(join(directory, 'bulk'))
  const rowDeletionMs = measureRowDeletion(rows)
  rows.close()

  const query = (what: string, belfry: number, row: number, peer: Measure['peer'], ratio: number): Measure[] => [
    { what: `${what}, beside rows`, unit: 'ms', belfry, peer: { name: 'rows', value: row } },
    { what, unit: 'ms', belfry, ...(peer ? { peer } : {}), goal: { ratioAtMost: ratio } },
  ]
  const noMonth = { name: 'Prometheus', skipped: 'promtool takes minutes to write a month' }
  const daySamples = seriesCount * (day / intervalMs)
  return [
    { what: 'bytes a sample, hot', unit: 'B', belfry: hotSize, peer: blockBytes, goal: { atMost: 2.1 } },
    { what: 'the same as a ratio', unit: 'B', belfry: hotSize, peer: blockBytes, goal: { ratioAtMost: 0.5 } },
    { what: 'bytes a sample, compacted', unit: 'B', belfry: compactedSize, peer: blockBytes, goal: { atMost: 1.6 } },
    { what: 'the same as a ratio', unit: 'B', belfry: compactedSize, peer: blockBytes, goal: { ratioAtMost: 0.36 } },
    { what: 'hot, beside the floor', unit: 'B', belfry: hotSize, peer: floor },
    { what: 'compacted, beside the floor', unit: 'B', belfry: compactedSize, peer: floor, goal: { ratioAtMost: 1.5 } },
    {
      what: 'metrics.db after a day, free pages included',
      unit: 'B a sample',
      belfry: bulk.fileBytes,
      peer: { name: 'rows', value: rowTicks.storedBytes },
    },
    { what: 'summaries of a day', unit: 'B a raw sample', belfry: compaction.summaryBytes / daySamples },
    {
      what: 'bytes written a sample, 500 series',
      unit: 'B',
      belfry: ticks.writtenBytes,
      peer: { name: 'rows', value: rowTicks.writtenBytes },
      goal: { atMost: 60 },
    },
    {
      what: 'appends, 500 a synced frame',
      unit: 'samples/s',
      belfry: ticks.perSecond,
      peer: { name: 'rows', value: rowTicks.perSecond },
    },
    { what: 'appends, 5,000 a synced frame', unit: 'samples/s', belfry: bulk.perSecond, goal: { atLeast: 1e6 } },
    { what: 'appends, per second of CPU', unit: 'samples', belfry: bulk.perCpuSecond },
    { what: 'sealing', unit: 'samples/s', belfry: bulk.sealedPerSecond },
    { what: 'compaction', unit: 'samples/s', belfry: daySamples / (compaction.tookMs / 1000) },
    { what: 'longest slice of compaction', unit: 'ms', belfry: compaction.longestMs },
    ...query('1 series 24 h, hot', hot.oneDayMs, hot.rowsOneDayMs, prometheus(asked?.oneDayMs), 0.4),
    ...query('50 series 1 h, hot', hot.fiftyMs, hot.rowsFiftyMs, prometheus(asked?.fiftyMs), 0.4),
    ...query('1 series 24 h, compacted', compacted.oneDayMs, compacted.rowsOneDayMs, prometheus(asked?.oneDayMs), 0.4),
    ...query('1 series 30 d, raw', monthly.rawMs, monthly.rowsMs, noMonth, 0.6),
    ...query('1 series 30 d, steps of an hour', monthly.reducedMs, monthly.rowsMs, noMonth, 0.6),
    {
      what: `deleting a day, ${(daySamples / 1e6).toFixed(1)} M samples`,
      unit: 'ms',
      belfry: deletionMs,
      goal: { atMost: 20 },
    },
    {
      what: `deleting a day of ${(sampleCount(shared) / 1e6).toFixed(1)} M rows`,
      unit: 'ms',
      belfry: deletionMs,
      peer: { name: 'rows', value: rowDeletionMs },
    },
  ]
}

const sampleCount = ({ series, times }: Recording) => series.length * times.length

/** All that this process handed to the system for writing; null where the system does not tell. */
function writtenSoFar(): number | null {
  try {
    return Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
  } catch {
    return null
  }
}

function measureAppends(directory: string, recording: Recording, ticksPerFrame: number) {
  const store = storageMetricMethods(directory, 0)
  const before = writtenSoFar()
  const { appendMs, appendCpuMs, choresMs } = appendRecording(store.methods, recording, ticksPerFrame)
  const endAt = (recording.times.at(-1) ?? 0) + intervalMs
  const sealingMs = choresMs + doChores(store.methods, endAt + 59 * minute)
  store.close()
  const after = writtenSoFar()
  const db = new Database(join(directory, 'metrics.db'), { readonly: true })
  const chunkBytes = Number(db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = 'chunk'").pluck().get())
  db.close()
  const count = sampleCount(recording)
  return {
    perSecond: count / (appendMs / 1000),
    perCpuSecond: count / (appendCpuMs / 1000),
    sealedPerSecond: count / (sealingMs / 1000),
    writtenBytes: before === null || after === null ? Number.NaN : (after - before) / count,
    hotBytes: chunkBytes / count,
    fileBytes: statSync(join(directory, 'metrics.db')).size / count,
  }
}

function compactDay(directory: string) {
  const store = storageMetricMethods(directory, 0)
  let longestMs = 0
  const startedMs = performance.now()
  for (let more = true; more; ) {
    const sliceMs = performance.now()
    more = store.methods['metrics.tend']({ now: compactableAt }).more
    longestMs = Math.max(longestMs, performance.now() - sliceMs)
  }
  const tookMs = performance.now() - startedMs
  store.close()
  return { tookMs, longestMs, summaryBytes: directoryBytes(join(directory, 'metrics')) - rawDayBytes(directory) }
}

const rawDayBytes = (directory: string) => statSync(join(directory, 'metrics', 'raw-2026-01-31.1.db')).size

/** A transaction a tick, as rows would be kept. */
function measureRowTicks(directory: string, { series, times, columns }: Recording) {
  const path = join(directory, 'ticks.db')
  const rows = openRowStore(path)
  const ids = Uint32Array.from(series, ({ id }) => id)
  const before = writtenSoFar()
  const startedMs = performance.now()
  for (let tick = 0; tick < times.length; tick++) {
    const values = Float64Array.from(columns, (column) => column[tick] ?? 0)
    rows.insertTick(times[tick] ?? 0, ids, values)
  }
  const tookMs = performance.now() - startedMs
  rows.close()
  const after = writtenSoFar()
  const count = times.length * ids.length
  return {
    perSecond: count / (tookMs / 1000),
    writtenBytes: before === null || after === null ? Number.NaN : (after - before) / count,
    storedBytes: statSync(path).size / count,
  }
}

/** Through both workers, as the console asks; rows in this thread, as kindly as can be. */
async function measureQueries(directory: string, rows: RowStore, now: number) {
  const live = await openLiveStore(directory, now)
  const to = startAt + day
  const oneOf = (host: number) => [
    named('node_cpu_seconds_total'),
    { label: 'instance', op: '=' as const, value: `host-${host}` },
  ]
  const fifty = Array.from({ length: 50 }, (_, i) => i + 1)
  const firstFive = [{ label: 'instance', op: '=~' as const, value: 'host-[0-4]' }]
  try {
    return {
      oneDayMs: await medianMs((i) => live.select(oneOf(i), startAt, to), day / intervalMs),
      fiftyMs: await medianMs((i) => live.select(firstFive, to - (i + 1) * hour, to - i * hour), 50 * 360),
      rowsOneDayMs: await medianMs((i) => rows.select([i * 10 + 1], startAt, to), day / intervalMs),
      rowsFiftyMs: await medianMs((i) => rows.select(fifty, to - (i + 1) * hour, to - i * hour), 50 * 360),
    }
  } finally {
    await live.close()
  }
}

async function measureMonth(directory: string, rows: RowStore) {
  const live = await openLiveStore(directory, compactableAt)
  const from = startAt - 30 * day
  const names = makeRecording(longSeriesCount, startAt, intervalMs).series.map(({ name }) => name)
  const nameOf = (i: number) => names[i % names.length] ?? ''
  const count = (30 * day) / intervalMs
  try {
    return {
      rawMs: await medianMs((i) => live.select([named(nameOf(i))], from, startAt), count),
      reducedMs: await medianMs((i) => live.reduce([named(nameOf(i))], from, startAt, hour), count),
      rowsMs: await medianMs((i) => rows.select([(i % longSeriesCount) + 1], from, startAt), count),
    }
  } finally {
    await live.close()
  }
}

async function measurePrometheus(directory: string, blocks: string) {
  const prometheus = await startPrometheus(directory, blocks)
  if (!prometheus) return null
  const to = startAt + day - intervalMs
  const timed = async (ask: (i: number) => Promise<number>) => {
    const took: number[] = []
    for (let i = 0; i < warmUps + measured; i++) took.push(await ask(i % 10))
    return median(took.slice(warmUps))
  }
  const oneOf = (host: number) => `node_cpu_seconds_total{instance="host-${host}"}`
  const firstFive = '{instance=~"host-[0-4]"}'
  try {
    return {
      oneDayMs: await timed((i) => prometheus.queryRange(oneOf(i), startAt, to, 10)),
      fiftyMs: await timed((i) =>
        prometheus.queryRange(firstFive, to - (i + 1) * hour + intervalMs, to - i * hour, 10),
      ),
    }
  } finally {
    await prometheus.stop()
  }
}

async function measureDeletion(directory: string): Promise<number> {
  const live = await openLiveStore(directory, startAt + 3 * day)
  // The chores of the start are not part of it.
  await setTimeout(500)
  const startedMs = performance.now()
  await live.deleteBefore(startAt + day)
  const tookMs = performance.now() - startedMs
  await live.close()
  return tookMs
}

function measureRowDeletion(rows: RowStore): number {
  const startedMs = performance.now()
  rows.deleteDay(startAt, startAt + day)
  return performance.now() - startedMs
}

const named = (name: string) => ({ label: '__name__', op: '=' as const, value: name })

const warmUps = 20
const measured = 15

/** Median once both sides are warm; a wrong number of samples is a broken benchmark. */
async function medianMs(ask: (i: number) => Promise<number> | number, expected: number): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < warmUps + measured; i++) {
    const startedMs = performance.now()
    const count = await ask(i % 10)
    if (i >= warmUps) took.push(performance.now() - startedMs)
    if (count !== expected) throw new Error(`expected ${expected} samples, got ${count}`)
  }
  return median(took)
}
