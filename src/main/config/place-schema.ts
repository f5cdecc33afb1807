/**
 * Puts the JSON Schema beside a belfry.yaml that asks for it in its first line, where any editor finds it without a
 * network, and keeps it that of the running version.
 */
import { systemErrorText } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'
import { schemaFileName } from './edit-config.ts'
import { configJsonSchema } from './json-schema.ts'
import type { OpenConfig } from './open-config.ts'
import { readPlainFile } from './source-files.ts'

const mostBytes = 16 * 1024 * 1024

/** Returns what ends it. */
export function placeSchema(
  config: Pick<OpenConfig, 'path' | 'directory' | 'sources' | 'onChange'>,
  kinds: Parameters<typeof configJsonSchema>[0],
  logger: Logger,
): () => void {
  let isPlaced = false
  const path = `${config.directory}/${schemaFileName}`

  async function place(): Promise<void> {
    if (isPlaced) return
    const main = (await config.sources()).find(({ file }) => file === config.path)
    if (main === undefined || !main.text.includes(`$schema=${schemaFileName}`)) return
    isPlaced = true
    const text = `${JSON.stringify(configJsonSchema(kinds), null, 2)}\n`
    const before = await readPlainFile(path, mostBytes)
    if (before === null || !('text' in before) || before.text !== text) await writeDurably(path, text)
  }

  function begin(): void {
    place().catch((error: unknown) =>
      logger.warn('the schema for editors could not be placed', { path, detail: systemErrorText(error) }),
    )
  }

  begin()
  return config.onChange(begin)
}
