/**
 * The thread that takes, checks and restores backups: started for one piece of work and ended after it. It reads the
 * databases on connections of its own and writes none of them.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { compareTables } from './backup/compare.ts'
import { isBackupFolderName, verdictName } from './backup/manifest.ts'
import { createProgress } from './backup/progress.ts'
import { completeRestore } from './backup/restore.ts'
import { type BackupTask, takeFullBackup } from './backup/take.ts'
import { findProblem, integrityProblem } from './backup/verify.ts'
import { syncFile } from './backup.ts'
import { newestSchema } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { runWorker } from './worker-thread.ts'

export type BackupMethods = ReturnType<typeof backupMethods>

function backupMethods() {
  const progress = createProgress()
  return {
    'backup.take': (task: BackupTask, signal: AbortSignal) => takeFullBackup(task, progress.begin(signal)),
    /** The first thing wrong with the backup, or null; kept beside it for lists. */
    'backup.verify': async ({ folder, at }: { folder: string; at: number }, signal: AbortSignal) => {
      const problem = await findProblem(folder, progress.begin(signal))
      const file = join(folder, verdictName)
      writeFileSync(file, `${JSON.stringify({ at, problem })}\n`, { mode: 0o600 })
      syncFile(file)
      return problem
    },
    'backup.compare': ({ dataDir, folder }: { dataDir: string; folder: string }) => compareTables(dataDir, folder),
    'backup.remove': ({ directory, name }: { directory: string; name: string }) => {
      if (!isBackupFolderName(name)) throw new AppError('invalid', `Expected the name of a backup, got "${name}".`)
      rmSync(join(directory, name), { recursive: true, force: true })
    },
    'restore.complete': ({ dataDir, configDir }: { dataDir: string; configDir: string }, signal: AbortSignal) =>
      completeRestore(dataDir, configDir, newestSchema(migrations), progress.begin(signal)),
    'database.check': ({ file }: { file: string }) => integrityProblem(file),
    'work.progress': () => progress.read(),
  }
}

await runWorker(async () => ({ methods: backupMethods(), started: null }))
