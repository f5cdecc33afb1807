/** Before anything is opened: does what a screen or the command line asked the next start to restore. */
import type { Deed } from '#main/access/audit.ts'
import type { Clock, Logger } from '#main/ports.ts'
import { type RestoreReport, readWantedRestore } from '#main/store/backup/restore.ts'
import { withBackupThread } from '#main/store/backup-thread.ts'
import { acquireDataLock, type HostKind } from '#main/store/data-lock.ts'
import type { StartNotice } from '#main/store/start-notices.ts'

/**
 * Null when nothing was wanted. Rejects with AppError `conflict` when another Belfry holds the directory. The lock is held
 * for the time of the exchange only: whoever comes between finds either what was or what is wanted, and both are whole.
 */
export async function restoreAtStart(options: {
  readonly dataDir: string
  readonly configDir: string
  readonly host: HostKind
  readonly clock: Clock
  readonly logger: Logger
}): Promise<RestoreReport | null> {
  const { dataDir, configDir, host, clock, logger } = options
  if (!readWantedRestore(dataDir)) return null
  const lock = acquireDataLock(dataDir, { host, since: clock.now() })
  try {
    return await withBackupThread(logger, (channel) => channel.call('restore.complete', { dataDir, configDir }))
  } finally {
    lock.release()
  }
}

/** What an operator should hear of it. */
export function restoreNotice({ takenAt, requestedAt, setAside, problem }: RestoreReport): StartNotice {
  const backup = `the backup of ${new Date(takenAt).toISOString()}`
  if (problem !== null) {
    return {
      id: 'store.notRestored',
      level: 'error',
      title: 'No backup was restored',
      message: `${problem} Everything is as it was before ${backup} was chosen.`,
    }
  }
  return {
    id: 'store.restored',
    level: 'info',
    title: 'A backup was restored',
    message: `This is ${backup}: what was recorded from then until ${new Date(requestedAt).toISOString()} is missing here. It was not deleted: it lies in ${setAside}.`,
  }
}

/** What the restored audit log should say of it. */
export function restoreDeed({ takenAt, requestedAt, setAside }: RestoreReport): Deed {
  return { action: 'backup.restored', subject: new Date(takenAt).toISOString(), detail: { requestedAt, setAside } }
}
