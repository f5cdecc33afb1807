/** Takes changes of belfry.yaml and conf.d as they are made. */
import { join } from 'node:path'
import { watchFiles } from '#main/files/watch-files.ts'
import type { Logger, Timers } from '#main/ports.ts'
import type { OpenConfig } from './open-config.ts'
import { partsDirectory, sourcesStamp } from './source-files.ts'

/** Returns what ends it. */
export function watchConfig(
  config: Pick<OpenConfig, 'directory' | 'reload'>,
  { timers, logger }: { timers: Timers; logger: Logger },
): () => void {
  const { directory } = config
  return watchFiles({
    directories: () => [directory, join(directory, partsDirectory)],
    stamp: () => sourcesStamp(directory),
    onChange: () => config.reload(),
    timers,
    logger,
  })
}
