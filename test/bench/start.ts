/** From opening the store to the first sample that can be asked for: with nothing stored and with 200 MB of history. */
import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { dayFileName } from '#main/store/metrics/day-file.ts'
import { storageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import { openLiveStore } from './chunk-store-live.ts'
import { directoryBytes } from './chunk-store-peers.ts'
import { appendRecording, doChores, makeRecording } from './chunk-store-recording.ts'
import { type BenchContext, type Measure, median, type Scenario } from './scenario.ts'

const hour = 3_600_000
const day = 24 * hour
/** 2026-01-31T00:00:00Z */
const startAt = Date.UTC(2026, 0, 31)
const historyBytes = 200e6

export const start: Scenario = {
  name: 'start',
  async run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
    const [empty, recent, full] = [join(directory, 'empty'), join(directory, 'recent'), join(directory, 'full')]
    for (const place of [empty, recent, full]) mkdirSync(place)
    writeHistory(recent, 0)
    const storedBytes = writeHistory(full, historyBytes)
    note(`${Math.round(storedBytes / 1e6)} MB written`)
    const now = startAt + day + 6 * hour
    const emptyMs = await medianStartMs(empty, now)
    const recentMs = await medianStartMs(recent, now)
    const fullMs = await medianStartMs(full, now)
    return [
      { what: 'to the first live sample, nothing stored', unit: 'ms', belfry: emptyMs, goal: { atMost: 1800 } },
      {
        what: `to the first live sample, ${Math.round(storedBytes / 1e6)} MB`,
        unit: 'ms',
        belfry: fullMs,
        goal: { atMost: 1800 },
      },
      {
        what: '200 MB beside a day',
        unit: 'ms',
        belfry: fullMs,
        peer: { name: 'a day', value: recentMs },
        goal: { ratioAtMost: 1.2 },
      },
    ]
  },
}

/** A day of 500 series and hours not compacted yet; the day's file is repeated for days before it up to `bytes`. */
function writeHistory(directory: string, bytes: number): number {
  const store = storageMetricMethods(directory, 0)
  appendRecording(store.methods, makeRecording(500, startAt, day), 10)
  doChores(store.methods, startAt + day + 4 * hour + 59 * 60_000)
  appendRecording(store.methods, makeRecording(500, startAt + day, 6 * hour), 10)
  store.close()
  const history = join(directory, 'metrics')
  const today = startAt / day
  const file = dayFileName(today, 1)
  const copies = Math.ceil(bytes / statSync(join(history, file)).size)
  const db = new Database(join(directory, 'metrics.db'))
  const insert = db.prepare('INSERT INTO day SELECT ?, ?, samples, has_five_minute, 0 FROM day WHERE day = ?')
  for (let before = 1; before <= copies; before++) {
    copyFileSync(join(history, file), join(history, dayFileName(today - before, 1)))
    insert.run(today - before, dayFileName(today - before, 1), today)
  }
  db.close()
  return directoryBytes(directory)
}

async function medianStartMs(directory: string, now: number): Promise<number> {
  const took: number[] = []
  for (let run = 0; run < 5; run++) {
    const startedMs = performance.now()
    const live = await openLiveStore(directory, now + run)
    const handle = live.metrics.series('first_sample', {})
    if (!handle) throw new Error('expected room for a series')
    live.metrics.append(now + run, [[handle, run]])
    await live.metrics.flush()
    const matcher = { label: '__name__', op: '=' as const, value: 'first_sample' }
    const samples = await live.select([matcher], now + run, now + run + 1)
    took.push(performance.now() - startedMs)
    if (samples !== 1) throw new Error(`expected 1 sample, got ${samples}`)
    await live.close()
  }
  return median(took)
}
