/** Handlers of the backup calls: translation only. */
import type { BackupService } from '#main/backup/backup-service.ts'
import type { BelfryHandlers, HandlersOf } from '#shared/contract/index.ts'

export function backupHandlers(
  backups: BackupService,
  restart: (() => void) | null,
): HandlersOf<'backup'> & Pick<BelfryHandlers, 'console.restart'> {
  return {
    'backup.status': () => backups.status(),
    'backup.create': () => backups.create('asked'),
    'backup.cancel': () => backups.cancel(),
    'backup.verify': ({ id }) => backups.verify(id),
    'backup.remove': ({ id }) => backups.remove(id),
    'backup.preview': ({ id }) => backups.preview(id),
    'backup.restore': ({ id, withConfiguration }) => backups.restore(id, withConfiguration),
    'backup.cancelRestore': () => backups.cancelRestore(),
    'console.restart': () => {
      restart?.()
      return { restarting: restart !== null }
    },
  }
}
