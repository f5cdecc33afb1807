/** What an operator should hear about the opening of the store, as notices of the console. */
import type { Notice } from '#shared/contract/console.ts'
import type { StartReport } from './state-database.ts'

export type StartNotice = Pick<Notice, 'id' | 'level' | 'title' | 'message'>

/** Empty for an ordinary start, and for the first one. */
export function startNotices({ file, recovery, migration }: StartReport): StartNotice[] {
  const notices: StartNotice[] = []
  if (recovery) {
    const { damage, setAside, restored, brokenBackups } = recovery
    const restoration = restored
      ? `The backup of ${new Date(restored.takenAt).toISOString()} took its place: what was recorded after it is missing.`
      : 'There was no whole backup, so Belfry began afresh: checks and settings are in belfry.yaml, states and history are missing.'
    const broken = brokenBackups.length > 0 ? ` Damaged backups: ${brokenBackups.join(', ')}.` : ''
    notices.push({
      id: 'store.recovered',
      level: 'error',
      title: 'The database was damaged',
      message: `${file} was damaged (${damage}) and is kept as ${setAside}. ${restoration}${broken} Check the disk.`,
    })
  }
  if (migration) {
    notices.push({
      id: 'store.migrated',
      level: 'info',
      title: 'The database was brought up to this version',
      message: `From schema ${migration.from} to ${migration.to}. A backup of what was before is ${migration.backup}.`,
    })
  }
  return notices
}
