/** Tells when the operator's rule files change. */
import { glob } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { stampOf } from '#main/files/file-stamp.ts'
import { watchFiles } from '#main/files/watch-files.ts'
import type { Logger, Timers } from '#main/ports.ts'

export interface WatchRulesOptions {
  readonly directory: string
  /** From the directory on, or absolute; globs allowed. */
  readonly patterns: () => readonly string[]
  readonly onChange: () => Promise<void>
  readonly timers: Timers
  readonly logger: Logger
}

/** Returns what ends it. */
export function watchRules({ directory, patterns, onChange, timers, logger }: WatchRulesOptions): () => void {
  return watchFiles({
    directories: () => [...new Set(patterns().map((pattern) => resolve(directory, plainPart(pattern))))],
    async stamp() {
      const files: string[] = []
      for await (const path of glob([...patterns()], { cwd: directory })) files.push(resolve(directory, path))
      return stampOf(files.sort())
    },
    onChange,
    timers,
    logger,
  })
}

/** The directory before the first wildcard. */
function plainPart(pattern: string): string {
  const wild = pattern.search(/[*?[{]/)
  return dirname(wild < 0 ? pattern : `${pattern.slice(0, wild)}x`)
}
