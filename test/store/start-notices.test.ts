import { describe, expect, it } from 'vitest'
import { startNotices } from '#main/store/start-notices.ts'
import type { StartReport } from '#main/store/state-database.ts'

const ordinary: StartReport = { file: '/data/belfry.db', schema: 3, created: false, migration: null, recovery: null }
const recovery = { damage: 'file is not a database', setAside: '/data/belfry.db.damaged-x', brokenBackups: [] }
const backup = { file: '/data/backups/b.db', takenAt: Date.UTC(2026, 0, 5), schema: 3 }

describe('the notices of a start', () => {
  it('are none when there is nothing to tell', () => {
    expect(startNotices(ordinary)).toEqual([])
    expect(startNotices({ ...ordinary, created: true })).toEqual([])
  })

  it('tell of damage: what was found, where the file is, and from when the data is', () => {
    const [notice] = startNotices({ ...ordinary, recovery: { ...recovery, restored: backup } })
    expect(notice).toMatchObject({ id: 'store.recovered', level: 'error' })
    for (const part of ['file is not a database', recovery.setAside, '2026-01-05T00:00:00.000Z', 'missing']) {
      expect(notice?.message).toContain(part)
    }
  })

  it('say that history is gone when there was no backup, and name those that were damaged', () => {
    const brokenBackups = ['/data/backups/a.db']
    const [notice] = startNotices({
      ...ordinary,
      created: true,
      recovery: { ...recovery, restored: null, brokenBackups },
    })
    expect(notice?.message).toContain('began afresh')
    expect(notice?.message).toContain('Damaged backups: /data/backups/a.db.')
  })

  it('tell of a migration and where its backup is', () => {
    const migration = { from: 2, to: 3, backup: backup.file }
    expect(startNotices({ ...ordinary, migration })).toMatchObject([
      { id: 'store.migrated', level: 'info', message: expect.stringContaining('From schema 2 to 3.') },
    ])
  })
})
