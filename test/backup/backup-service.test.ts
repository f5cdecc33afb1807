import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type BackupServiceOptions, createBackupService } from '#main/backup/backup-service.ts'
import { restoreAtStart, restoreNotice } from '#main/backup/restore-at-start.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { readWantedRestore } from '#main/store/backup/restore.ts'
import type { BackupStatus } from '#shared/contract/backup.ts'
import { defaultSettings } from '#test/support/memory-config.ts'
import { fakePorts } from '#test/support/ports.ts'
import { auditedIn, dataDirectory } from './backup-world.ts'

const dayMs = 86_400_000

async function serving(options: Partial<BackupServiceOptions> = {}) {
  const world = await dataDirectory(1)
  const ports = fakePorts()
  const events = createEvents()
  const notices = createNotices(ports.clock, ports.logger, events)
  const told: BackupStatus[] = []
  events.subscribe((name, payload) => {
    if (name === 'backup.changed') told.push(payload as BackupStatus)
  })
  const service = createBackupService({
    ports,
    events,
    notices,
    settings: () => ({ ...defaultSettings.backup, keepDaily: 2, keepWeekly: 0 }),
    dataDir: world.dataDir,
    configDir: world.configDir,
    version: '1.2.3',
    canRestart: false,
    leaveFreeBytes: 0,
    ...options,
  })
  onTestFinished(() => service.close())
  /** What was taken is there when this resolves. */
  const taken = async () => {
    await service.idle()
    await expect.poll(() => service.status().work).toBe(null)
    return service.status().backups
  }
  return { ...world, ports, notices, told, service, taken }
}

describe('the backup service', () => {
  it('takes a backup when it is asked, tells its course, and refuses a second one meanwhile', async () => {
    const { service, told, taken } = await serving()
    expect(service.create('asked').work).toMatchObject({ what: 'backup' })
    expect(() => service.create('asked')).toThrow(expect.objectContaining({ code: 'conflict' }))
    const [backup] = await taken()
    expect(backup).toMatchObject({ trigger: 'asked', version: '1.2.3', verdict: { problem: null } })
    expect(backup?.contains).toMatchObject({ days: 1, configurationFiles: 2 })
    expect(told.some(({ work }) => work?.what === 'backup')).toBe(true)
    expect(service.newestAt()).toBe(backup?.takenAt)
  })

  it('makes up for a night it was off, once, some minutes after the start', async () => {
    const { service, ports, taken } = await serving()
    await ports.time.advance(9 * 60_000)
    expect(service.status().work).toBe(null)
    await ports.time.advance(2 * 60_000)
    expect(await taken()).toHaveLength(1)
    await ports.time.advance(30 * 60_000)
    expect(await taken()).toHaveLength(1)
    await ports.time.advance(dayMs)
    expect(await taken()).toHaveLength(2)
  })

  it('takes none while they are switched off', async () => {
    const { service, ports } = await serving({ settings: () => ({ ...defaultSettings.backup, enabled: false }) })
    await ports.time.advance(2 * dayMs)
    expect(service.status()).toMatchObject({ work: null, backups: [], nextAt: null })
  })

  it('keeps as many as it is told', async () => {
    const { service, ports, taken } = await serving()
    for (let day = 0; day < 4; day++) {
      service.create('asked')
      await taken()
      await ports.time.advance(dayMs)
      await taken()
    }
    await expect.poll(() => service.status().backups.length).toBe(2)
  })

  it('says why none could be taken, tries again in an hour, and takes the word back', async () => {
    let directory = ''
    const { service, ports, notices, taken, dataDir } = await serving({
      settings: () => ({ ...defaultSettings.backup, directory }),
    })
    directory = join(dataDir, 'secrets.key', 'no directory')
    service.create('asked')
    await taken()
    expect(service.status().failure?.message).toContain('ENOTDIR')
    expect(notices.list()).toMatchObject([{ id: 'backup.failed', level: 'error' }])
    directory = ''
    await ports.time.advance(59 * 60_000)
    expect(await taken()).toEqual([])
    await ports.time.advance(2 * 60_000)
    expect(await taken()).toHaveLength(1)
    expect(service.status().failure).toBe(null)
    expect(notices.list()).toEqual([])
  })

  it('cancels what is under way without a word of failure', async () => {
    const { service, notices, taken } = await serving()
    service.create('asked')
    service.cancel()
    expect(await taken()).toEqual([])
    expect(service.status().failure).toBe(null)
    expect(notices.list()).toEqual([])
  })

  it('tells of a backup that was found damaged, and does not restore it', async () => {
    const { service, notices, taken, dataDir } = await serving()
    service.create('asked')
    const [backup] = await taken()
    const id = backup?.id ?? ''
    writeFileSync(join(dataDir, 'backups', id, 'belfry.db'), 'harmed')
    await expect(service.restore(id, false)).rejects.toMatchObject({ code: 'unprocessable' })
    expect(notices.list()).toMatchObject([{ id: `backup.broken:${id}`, level: 'error' }])
    expect(service.newestAt()).toBe(null)
    expect(readWantedRestore(dataDir)).toBe(null)
  })

  it('shows what would be missing, and has the next start restore it', async () => {
    const world = await serving()
    const { service, taken, dataDir, configDir, ports, note } = world
    service.create('asked')
    const [backup] = await taken()
    const id = backup?.id ?? ''
    await note(3)
    await ports.time.advance(60_000)
    expect(await service.preview(id)).toMatchObject({
      lostFrom: backup?.takenAt,
      lostTo: ports.clock.now(),
      tables: [{ table: 'Audit entries', presentRows: 8, backupRows: 5 }],
    })
    expect((await service.restore(id, false)).wanted).toMatchObject({ takenAt: backup?.takenAt })
    expect(await auditedIn(dataDir)).toBe(8)
    const start = { dataDir, configDir, host: 'headless', clock: ports.clock, logger: ports.logger } as const
    const report = await restoreAtStart(start)
    if (!report) throw new Error('expected a report')
    expect(restoreNotice(report)).toMatchObject({ id: 'store.restored', level: 'info' })
    expect(await auditedIn(dataDir)).toBe(5)
    expect(await restoreAtStart(start)).toBe(null)
  })

  it('takes a restore back', async () => {
    const { service, taken, dataDir } = await serving()
    service.create('asked')
    const [backup] = await taken()
    await service.restore(backup?.id ?? '', true)
    expect(service.cancelRestore().wanted).toBe(null)
    expect(existsSync(join(dataDir, 'restore.json'))).toBe(false)
  })

  it.each(['verify', 'remove', 'preview'] as const)('says that a backup to %s is not there', async (what) => {
    const { service } = await serving()
    await expect(service[what]('../../etc')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('removes one', async () => {
    const { service, taken } = await serving()
    service.create('asked')
    const [backup] = await taken()
    expect((await service.remove(backup?.id ?? '')).backups).toEqual([])
  })
})
