/** What is stored, in samples and bytes on disk. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredUsage } from './messages.ts'
import type { MetricsTables } from './metrics-database.ts'

/** `directory` holds the files of compacted days and summaries. */
export function usageOf(directory: string, tables: MetricsTables, headSamples: number): StoredUsage {
  const sizes = { raw: 0, summaries: 0 }
  for (const name of readdirSync(directory)) {
    const size = statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0
    sizes[name.startsWith('raw-') ? 'raw' : 'summaries'] += size
  }
  const inDays = tables.days().reduce((sum, row) => sum + (row.file === null ? 0 : row.samples), 0)
  const bytesHead = tables.frameBytes()
  return {
    samplesStored: headSamples + tables.chunkSamples() + inDays,
    bytesHead,
    bytesChunks: Math.max(0, tables.bytes() - bytesHead) + sizes.raw,
    bytesSummaries: sizes.summaries,
  }
}
