/** What the chunk store is measured beside: a row a sample in SQLite, and Prometheus on blocks of the same samples. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { freePort } from '#test/support/free-port.ts'
import type { Recording } from './chunk-store-recording.ts'
import { findOnPath } from './find-on-path.ts'
import { askQueryRange } from './query-range.ts'

export interface RowStore {
  /** One transaction, as a tick would be. */
  insertTick(at: number, ids: Uint32Array, values: Float64Array): void
  fill(recording: Recording): void
  select(ids: readonly number[], from: number, to: number): number
  deleteDay(from: number, to: number): void
  close(): void
}

export function openRowStore(path: string): RowStore {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE sample (series INTEGER, at INTEGER, value REAL, PRIMARY KEY (series, at)) WITHOUT ROWID')
  const insert = db.prepare('INSERT INTO sample VALUES (?, ?, ?)')
  const select = db.prepare('SELECT at, value FROM sample WHERE series = ? AND at >= ? AND at < ? ORDER BY at').raw()
  const insertTick = db.transaction((at: number, ids: Uint32Array, values: Float64Array) => {
    for (let i = 0; i < ids.length; i++) insert.run(ids[i], at, values[i])
  })
  return {
    insertTick,
    fill({ series, times, columns }) {
      db.transaction(() => {
        for (const [index, { id }] of series.entries()) {
          const values = columns[index] ?? new Float64Array()
          for (let i = 0; i < times.length; i++) insert.run(id, times[i], values[i])
        }
      })()
    },
    select: (ids, from, to) => ids.reduce((sum, id) => sum + select.all(id, from, to).length, 0),
    deleteDay: (from, to) => void db.prepare('DELETE FROM sample WHERE at >= ? AND at < ?').run(from, to),
    close: () => void db.close(),
  }
}

/** Adds blocks of the samples with promtool; resolves with the reason when it is not there, else null. */
export async function addPrometheusBlocks(
  directory: string,
  blocks: string,
  recording: Recording,
): Promise<string | null> {
  const promtool = findOnPath('promtool')
  if (!promtool) return 'promtool is not installed (package prometheus)'
  const text = join(directory, 'samples.om')
  mkdirSync(blocks, { recursive: true })
  await writeOpenMetrics(text, recording)
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', text, blocks], {
    maxBuffer: 1 << 28,
  })
  rmSync(text)
  return null
}

/** OpenMetrics wants the samples of a metric together. */
async function writeOpenMetrics(path: string, { series, times, columns }: Recording): Promise<void> {
  const file = createWriteStream(path)
  for (const name of new Set(series.map((one) => one.name))) {
    file.write(`# TYPE ${name} unknown\n`)
    for (const [index, one] of series.entries()) {
      if (one.name !== name) continue
      const label = Object.entries(one.labels).map(([key, value]) => `${key}="${value}"`)
      let lines = ''
      for (const [i, at] of times.entries()) lines += `${name}{${label}} ${columns[index]?.[i]} ${at / 1000}\n`
      if (!file.write(lines)) await once(file, 'drain')
    }
  }
  file.end('# EOF\n')
  await once(file, 'close')
}

export interface RunningPrometheus {
  /** Milliseconds from asking to the parsed answer. */
  queryRange(query: string, from: number, to: number, stepSeconds: number): Promise<number>
  stop(): Promise<void>
}

/** Null when the binary is not there. */
export async function startPrometheus(directory: string, blocks: string): Promise<RunningPrometheus | null> {
  const binary = findOnPath('prometheus')
  if (!binary) return null
  const config = join(directory, 'prometheus.yml')
  writeFileSync(config, 'global: {}\n')
  const port = await freePort()
  const child = spawn(
    binary,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${blocks}`,
      '--storage.tsdb.retention.time=20y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    const isReady = await fetch(`${url}/-/ready`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (isReady) break
    if (attempt > 150) throw new Error('Prometheus was not ready within 15 s')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    queryRange: (query, from, to, stepSeconds) => askQueryRange(url, query, { from, to, stepSeconds }),
    async stop() {
      child.kill()
      await exited
    },
  }
}

/** Bytes of all files below. */
export function directoryBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
