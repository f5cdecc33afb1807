/** A data directory with something of everything in it, as a running console leaves it, and the work done on it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProgress, type Work } from '#main/store/backup/progress.ts'
import { type BackupTask, takeFullBackup } from '#main/store/backup/take.ts'
import { createDayFile, dayFileName } from '#main/store/metrics/day-file.ts'
import { metricsTables, openMetricsFile } from '#main/store/metrics/metrics-database.ts'
import { fiveMinuteTier, openTierWriter, tierFileName } from '#main/store/metrics/tier-file.ts'
import { openStateDatabase } from '#main/store/state-database.ts'
import { temporaryDirectory } from '../store/support/temporary-directory.ts'

export const takenAt = Date.UTC(2026, 0, 5, 3, 30)
const firstDay = 20_000

export const unhurried = (): Work => createProgress().begin(new AbortController().signal)

export interface DataDirectory {
  readonly dataDir: string
  readonly configDir: string
  /** Adds a compacted day. */
  addDay(day: number): void
  /** Entries of the audit log, one after the other. */
  note(count: number): Promise<void>
}

export async function dataDirectory(days = 3): Promise<DataDirectory> {
  const root = temporaryDirectory()
  const [dataDir, configDir] = [join(root, 'data'), join(root, 'config')]
  const metrics = join(dataDir, 'metrics')
  for (const path of [metrics, join(configDir, 'rules')]) mkdirSync(path, { recursive: true })
  writeFileSync(join(configDir, 'belfry.yaml'), 'version: 1\nlog:\n  level: warn\n')
  writeFileSync(join(configDir, 'rules', 'own.yml'), 'groups: []\n')
  writeFileSync(join(dataDir, 'secrets.key'), 'canary-4711')
  const directory: DataDirectory = {
    dataDir,
    configDir,
    addDay(day) {
      const file = dayFileName(day, 1)
      const writer = createDayFile(metrics, file)
      writer.add(1, [{ hour: day * 24, bytes: new Uint8Array(500).fill(day % 256) }], { lastAt: day, last: 1 })
      writer.finish(10)
      const { opened } = openMetricsFile(dataDir, 0, false, metricsTables)
      opened.saveDay({ day, file, samples: 10, has_five_minute: 1, is_draining: 0 })
      opened.close()
    },
    async note(count) {
      const database = await openStateDatabase({ directory: dataDir, openedAt: 0 })
      for (let n = 0; n < count; n++) {
        await database.commit([['audit.append', { at: n, actor: 'test', action: 'counted', subject: '', detail: {} }]])
      }
      database.close()
    },
  }
  for (let n = 0; n < days; n++) directory.addDay(firstDay + n)
  const tier = openTierWriter(metrics, tierFileName(fiveMinuteTier, firstDay))
  tier.put(firstDay, 1, new Uint8Array(100).fill(7))
  tier.close()
  await directory.note(5)
  return directory
}

/** The folder of a fresh backup. */
export async function backedUp(
  { dataDir, configDir }: DataDirectory,
  task: Partial<BackupTask> = {},
  work: Work = unhurried(),
): Promise<string> {
  const directory = task.directory ?? join(dataDir, 'backups')
  const name = await takeFullBackup(
    { dataDir, configDir, directory, takenAt, version: '1.2.3', trigger: 'asked', leaveFreeBytes: 0, ...task },
    work,
  )
  return join(directory, name)
}

/** How many entries the audit log of a database file has. */
export async function auditedIn(directory: string): Promise<number> {
  const database = await openStateDatabase({ directory, openedAt: 0 })
  try {
    return (database.ask('audit.verify', {}) as { entries: number }).entries
  } finally {
    database.close()
  }
}
