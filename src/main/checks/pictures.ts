/**
 * Pictures that probes took, as files: evidence names them. They are for people who look back over days, so the oldest
 * go first, by age and by what all of them take.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface PictureStore {
  /** Resolves with the name by which it is found again. */
  keep(jpeg: Uint8Array): Promise<string>
  /** AppError `not-found` for a name that is none, or was given up. */
  read(name: string): Promise<Uint8Array>
  /** Gives up what is older than `before` (epoch ms), and the oldest beyond `maxBytes`. */
  prune(before: number, maxBytes: number): Promise<void>
}

const pictureName = /^[0-9a-f-]{36}\.jpg$/

export function createPictureStore(directory: string): PictureStore {
  return {
    async keep(jpeg) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const name = `${randomUUID()}.jpg`
      await writeFile(join(directory, name), jpeg, { mode: 0o600 })
      return name
    },
    async read(name) {
      if (!pictureName.test(name)) throw gone()
      try {
        return await readFile(join(directory, name))
      } catch (error) {
        throw systemErrorCode(error) === 'ENOENT' ? gone() : error
      }
    },
    async prune(before, maxBytes) {
      const pictures = await picturesIn(directory)
      let keptBytes = 0
      for (const { path, at, sizeBytes } of pictures.sort((a, b) => b.at - a.at)) {
        keptBytes += sizeBytes
        if (at < before || keptBytes > maxBytes) await unlink(path)
      }
    },
  }
}

async function picturesIn(directory: string): Promise<{ path: string; at: number; sizeBytes: number }[]> {
  try {
    const names = (await readdir(directory)).filter((name) => pictureName.test(name))
    return await Promise.all(
      names.map(async (name) => {
        const path = join(directory, name)
        const { mtimeMs, size } = await stat(path)
        return { path, at: mtimeMs, sizeBytes: size }
      }),
    )
  } catch (error) {
    // Nothing was kept yet.
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  }
}

const everyMs = 3_600_000
/** As long as the results that name them. */
const keptMs = 30 * 86_400_000
const maxBytes = 209_715_200

/** Once an hour. Returns what stops it. */
export function startPictureRetention(
  { clock, timers, logger }: { clock: Clock; timers: Timers; logger: Logger },
  pictures: PictureStore,
): () => void {
  return timers.every(everyMs, () => {
    pictures.prune(clock.now() - keptMs, maxBytes).catch((error) => {
      logger.warn('old pictures of checks could not be given up; tried again in an hour', { error })
    })
  })
}

function gone(): AppError {
  return new AppError('not-found', 'This picture is not kept any more.')
}
