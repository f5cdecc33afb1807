/** All files that configure a console, as they are. */
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenConfig } from './open-config.ts'
import { readPlainFile } from './source-files.ts'

/** Bytes of one file of rules or of a dashboard. */
const mostFileBytes = 2_000_000

/** Names are relative to the configuration directory, with forward slashes. Files that cannot be read are left out. */
export async function exportConfig(config: OpenConfig): Promise<{ name: string; text: string }[]> {
  const files = (await config.sources()).map(({ file, text }) => ({ name: config.nameOf(file), text }))
  const paths = new Set<string>()
  const patterns = [...config.current().rules.files, 'dashboards/*.json']
  for await (const path of glob(patterns, { cwd: config.directory })) paths.add(join(config.directory, path))
  for (const path of [...paths].sort()) {
    const read = await readPlainFile(path, mostFileBytes)
    if (read !== null && 'text' in read) files.push({ name: config.nameOf(path), text: read.text })
  }
  return files
}
