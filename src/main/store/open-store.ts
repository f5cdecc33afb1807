/**
 * The main loop's door to all that is stored: takes the directory's lock, starts the two workers and offers the state
 * store and the channels the sample store is built on. Nothing here reads or writes a row.
 */
import type { Clock, Logger } from '#main/ports.ts'
import { acquireDataLock, type DataLock, type HostKind } from './data-lock.ts'
import { type DiskUsage, diskUsage } from './disk-usage.ts'
import type { ReadMethods, ReadWorkerData } from './read-worker.ts'
import { startReplacedWorker } from './replaced-worker.ts'
import type { StartReport } from './state-database.ts'
import type { QuestionName, StateStore } from './state-store.ts'
import type { StorageMethods, StorageWorkerData } from './storage-worker.ts'
import type { Channel } from './worker-channel.ts'
import { type RunningWorker, startWorker } from './worker-thread.ts'

export interface Store {
  readonly state: StateStore
  /** For the sample store. */
  readonly channels: { readonly storage: Channel<StorageMethods>; readonly read: Channel<ReadMethods> }
  /** What opening had to do: migrations with their backup, damage and what became of it. */
  readonly startReport: StartReport
  /** Tells a second Belfry on this directory where this one can be reached. Never throws. */
  announce(url: string): void
  usage(): Promise<DiskUsage>
  /** Commits what waits, empties the logs into their files, ends the workers and gives the directory free. */
  close(): Promise<void>
}

export interface StoreOptions {
  readonly directory: string
  readonly host: HostKind
  readonly logger: Logger
  readonly clock: Clock
  /** Where else than in the data directory backups lie, for a damaged database. */
  readonly backupDirectory?: string | null
  /**
   * The storage worker ended by itself, or the reader did again and again: from then on everything asked of it is
   * rejected with `unavailable`.
   */
  readonly onFailure?: (error: Error) => void
}

/**
 * Rejects with AppError `conflict` when another Belfry uses the directory, `unavailable` when it cannot be written and
 * `unprocessable` when a newer Belfry has written it. Then nothing is left open.
 */
export async function openStore({
  directory,
  host,
  logger,
  clock,
  backupDirectory = null,
  onFailure,
}: StoreOptions): Promise<Store> {
  const openedAt = clock.now()
  const lock = acquireDataLock(directory, { host, since: openedAt })
  const failed = (error: Error) => {
    logger.error('a storage worker has failed for good', { error })
    onFailure?.(error)
  }
  let closing: Promise<void> | undefined
  try {
    const storageStarts = startWorker<StorageMethods, StartReport>(
      'storage-worker',
      { directory, openedAt, backupDirectory } satisfies StorageWorkerData,
      { logger, onFailure: failed },
    )
    // It reads what the storage worker makes.
    const readData = storageStarts.then((): ReadWorkerData => ({ directory }))
    const readStarts = startReplacedWorker<ReadMethods>({
      start: (replace) => startWorker<ReadMethods, null>('read-worker', readData, { logger, onFailure: replace }),
      clock,
      logger,
      onFailure: failed,
    })
    const [storage, read] = await bothOrNeither(storageStarts, readStarts)
    return {
      state: stateStore(storage.channel, read.channel),
      channels: { storage: storage.channel, read: read.channel },
      startReport: storage.started,
      announce: (url) => announce(url, lock, logger),
      usage: () => diskUsage(directory, backupDirectory),
      close: () => (closing ??= closeAll([read, storage], lock)),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The note is for whoever comes second. A full disk that keeps it from being written is no reason not to watch. */
function announce(url: string, lock: DataLock, logger: Logger): void {
  try {
    lock.announce(url)
  } catch (error) {
    logger.warn('the note on the data directory could not be written', { url, error })
  }
}

async function bothOrNeither<A extends ClosableWorker, B extends ClosableWorker>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  try {
    return await Promise.all([first, second])
  } catch (error) {
    for (const start of await Promise.allSettled([first, second])) {
      if (start.status === 'fulfilled') await start.value.stop()
    }
    throw error
  }
}

/** Readers come first: the log can only be emptied when nobody reads from it. */
async function closeAll(workers: readonly ClosableWorker[], lock: DataLock): Promise<void> {
  const outcomes: PromiseSettledResult<unknown>[] = []
  for (const { channel } of workers) {
    outcomes.push(...(await Promise.allSettled([channel.call('worker.close', undefined)])))
  }
  await Promise.all(workers.map((worker) => worker.stop()))
  lock.release()
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

type ClosableWorker = Pick<RunningWorker<{ 'worker.close': () => Promise<void> }, unknown>, 'channel' | 'stop'>

function stateStore(storage: Channel<StorageMethods>, read: Channel<ReadMethods>): StateStore {
  return {
    commit: (unit) => storage.call('state.commit', unit),
    commitTexts: (texts) => storage.call('state.commitTexts', texts, { transfer: texts.map(({ buffer }) => buffer) }),
    // Each question's own types are declared by its family; the worker's wire erased them.
    ask: <K extends QuestionName>(question: K, input: unknown) =>
      storage.call('state.ask', { question, input }) as Promise<never>,
    askLong: <K extends QuestionName>(question: K, input: unknown) =>
      read.call('state.ask', { question, input }) as Promise<never>,
  }
}
