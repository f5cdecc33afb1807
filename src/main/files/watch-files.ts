/**
 * Tells when files may have changed. The system's own events come first, for directories and not for files, since
 * editors put a new file in the place of the old one; they are lost on some network file systems, and say nothing of what
 * a symbolic link leads to, so a slow look at the files themselves is the net below. What changed, others find out.
 */
import { type FSWatcher, watch } from 'node:fs'
import type { Logger, Timers } from '#main/ports.ts'

/** A save is several events; the last of them is waited for. Milliseconds. */
const settleMs = 100
/** How late a change is seen where there are no events. Milliseconds. */
const lookEveryMs = 5000

export interface WatchFilesOptions {
  /** Those that are missing are looked for again. */
  readonly directories: () => readonly string[]
  /** Another text whenever the files may be others. */
  readonly stamp: () => Promise<string>
  /** Never called twice at once. */
  readonly onChange: () => Promise<void>
  readonly timers: Timers
  readonly logger: Logger
}

/** Returns what ends it; a call of `onChange` that is under way is not waited for. */
export function watchFiles({ directories, stamp, onChange, timers, logger }: WatchFilesOptions): () => void {
  const watchers = new Map<string, FSWatcher>()
  let stopSettling: (() => void) | null = null
  let known: string | null = null
  let looking: Promise<void> = Promise.resolve()
  let closed = false

  function changed(): void {
    stopSettling?.()
    stopSettling = timers.after(settleMs, () => {
      stopSettling = null
      look(true)
    })
  }

  /** `isTold`: the system says that something changed, so the stamp need not. */
  function look(isTold: boolean): void {
    looking = looking.then(async () => {
      if (closed) return
      watchMissing()
      try {
        const now = await stamp()
        const isOther = known !== null && now !== known
        known = now
        if ((isTold || isOther) && !closed) await onChange()
      } catch (error) {
        logger.error('a change of files could not be followed', { error })
      }
    })
  }

  function watchMissing(): void {
    for (const directory of directories()) if (!watchers.has(directory)) begin(directory)
  }

  function begin(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, changed)
      const forget = () => {
        watcher.close()
        if (watchers.get(directory) === watcher) watchers.delete(directory)
      }
      // The directory went, or the system has no watches left: the slow look remains.
      watcher.on('error', forget)
      watchers.set(directory, watcher)
    } catch (error) {
      logger.debug('a directory cannot be watched, only looked at', { directory, error })
    }
  }

  look(false)
  const stopLooking = timers.every(lookEveryMs, () => look(false))
  return () => {
    closed = true
    stopLooking()
    stopSettling?.()
    for (const watcher of watchers.values()) watcher.close()
  }
}
