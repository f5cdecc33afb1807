/** The main loop's door to the backup thread: one for each piece of work, ended with it. */
import type { Logger } from '#main/ports.ts'
import type { BackupMethods } from './backup-worker.ts'
import type { Channel } from './worker-channel.ts'
import { startWorker } from './worker-thread.ts'

export type BackupChannel = Channel<BackupMethods>

/** Resolves or rejects as `work` does, or with AppError `unavailable` when the thread falls meanwhile. */
export async function withBackupThread<T>(logger: Logger, work: (channel: BackupChannel) => Promise<T>): Promise<T> {
  const thread = await startWorker<BackupMethods, null>('backup-worker', null, {
    logger,
    onFailure: (error) => logger.error('the backup thread ended by itself', { error }),
  })
  try {
    return await work(thread.channel)
  } finally {
    await thread.stop()
  }
}
