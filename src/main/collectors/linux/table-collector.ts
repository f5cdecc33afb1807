/**
 * A collector of text tables under /proc. They live in the kernel's memory, so reading them is a copy of some kilobytes
 * and happens at once: several times cheaper than through the thread pool.
 */
import { readFileSync } from 'node:fs'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import type { Collected, CollectedSample, Collector, CollectorTier } from '../kind.ts'

export interface Table {
  readonly path: string
  parse(text: string): CollectedSample[]
  /** Not every kernel has it; where it is absent there is nothing to tell. */
  readonly isOptional?: boolean
}

export function tableCollector(about: {
  readonly kind: string
  readonly title: string
  readonly tier: CollectorTier
  readonly tables: readonly Table[]
}): Collector {
  const { tables, ...rest } = about
  return { ...rest, collect: async () => readTables(tables) }
}

export function readTables(tables: readonly Table[]): Collected {
  const samples: CollectedSample[] = []
  const problems: string[] = []
  for (const table of tables) {
    try {
      const parsed = table.parse(readFileSync(table.path, 'utf8'))
      if (parsed.length === 0) problems.push(`${table.path} holds nothing that could be understood`)
      samples.push(...parsed)
    } catch (error) {
      if (table.isOptional && systemErrorCode(error) === 'ENOENT') continue
      problems.push(`${table.path}: ${systemErrorText(error)}`)
    }
  }
  return { samples, problems }
}
