import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completeRestore, readWantedRestore, unwantRestore, wantRestore } from '#main/store/backup/restore.ts'
import { diskUsage } from '#main/store/disk-usage.ts'
import { newestSchema } from '#main/store/migrate.ts'
import { migrations } from '#main/store/migrations/index.ts'
import { openStateDatabase } from '#main/store/state-database.ts'
import { auditedIn, backedUp, type DataDirectory, dataDirectory, takenAt, unhurried } from './backup-world.ts'

const requestedAt = takenAt + 3_600_000
const newest = newestSchema(migrations)

/** Five entries and three days in the backup, nine and four in what lives. */
async function world(withConfiguration = false) {
  const living = await dataDirectory()
  const folder = await backedUp(living)
  await living.note(4)
  living.addDay(20_003)
  writeFileSync(join(living.configDir, 'belfry.yaml'), 'version: 1\n')
  wantRestore(living.dataDir, { folder, takenAt, requestedAt, withConfiguration })
  return { living, folder }
}

const complete = ({ dataDir, configDir }: DataDirectory) => completeRestore(dataDir, configDir, newest, unhurried())
const daysIn = (dataDir: string) =>
  readdirSync(join(dataDir, 'metrics')).filter((name) => name.startsWith('raw-')).length

describe('a restore', () => {
  it('puts the backup in place and sets aside what was there', async () => {
    const { living } = await world()
    const report = await complete(living)
    const setAside = report?.setAside ?? ''
    expect(report).toMatchObject({ takenAt, requestedAt, problem: null })
    expect(await auditedIn(living.dataDir)).toBe(5)
    expect(daysIn(living.dataDir)).toBe(3)
    expect(await auditedIn(setAside)).toBe(9)
    expect(daysIn(setAside)).toBe(4)
    expect(readFileSync(join(living.configDir, 'belfry.yaml'), 'utf8')).toBe('version: 1\n')
    expect(readWantedRestore(living.dataDir)).toBe(null)
    expect(await complete(living)).toBe(null)
  })

  it('brings the configuration back when that was asked for, and keeps the present one', async () => {
    const { living } = await world(true)
    const report = await complete(living)
    expect(readFileSync(join(living.configDir, 'belfry.yaml'), 'utf8')).toContain('level: warn')
    expect(readFileSync(join(report?.setAside ?? '', 'config', 'belfry.yaml'), 'utf8')).toBe('version: 1\n')
  })

  it('does not begin with a backup that is not whole', async () => {
    const { living, folder } = await world()
    writeFileSync(join(folder, 'metrics.db'), 'nonsense')
    const report = await complete(living)
    expect(report).toMatchObject({
      setAside: null,
      problem: expect.stringContaining('The backup is not whole: metrics.db'),
    })
    expect(await auditedIn(living.dataDir)).toBe(9)
    expect(existsSync(join(living.dataDir, 'restoring'))).toBe(false)
    expect(readWantedRestore(living.dataDir)).toBe(null)
  })

  it('refuses a backup of a newer Belfry', async () => {
    const { living } = await world()
    const report = await completeRestore(living.dataDir, living.configDir, newest - 1, unhurried())
    expect(report?.problem).toMatch(/of a newer Belfry/)
    expect(await auditedIn(living.dataDir)).toBe(9)
  })

  it('can be taken back before it begins', async () => {
    const { living } = await world()
    expect(unwantRestore(living.dataDir)).toBe(true)
    expect(unwantRestore(living.dataDir)).toBe(false)
    expect(await complete(living)).toBe(null)
  })

  it.each(['', 'no JSON', '{"stage":"other"}'])('does nothing for a marker that says "%s"', async (text) => {
    const living = await dataDirectory(1)
    writeFileSync(join(living.dataDir, 'restore.json'), text)
    expect(await complete(living)).toBe(null)
    expect(await auditedIn(living.dataDir)).toBe(5)
  })
})

describe('a restore that was cut short', () => {
  it('while it was copying begins again', async () => {
    const { living } = await world()
    mkdirSync(join(living.dataDir, 'restoring'))
    writeFileSync(join(living.dataDir, 'restoring', 'belfry.db'), 'half a fi')
    expect(await complete(living)).toMatchObject({ problem: null })
    expect(await auditedIn(living.dataDir)).toBe(5)
  })

  /** Every state that the exchange can be found in: after `steps` of its renames. */
  it.each([0, 1, 2, 3, 4, 5, 6])('after %i steps of the exchange is ended by the next start', async (steps) => {
    const { living, folder } = await world()
    const { dataDir } = living
    const staging = join(dataDir, 'restoring')
    const setAside = join(dataDir, `replaced-${new Date(requestedAt).toISOString().replaceAll(':', '-')}`)
    // What staging does, by hand: a second backup folder's files under the staging name.
    const copy = await backedUp({ dataDir: folder, configDir: join(folder, 'config') } as DataDirectory, {
      directory: join(dataDir, 'copies'),
    })
    renameSync(copy, staging)
    mkdirSync(setAside)
    const marker = JSON.parse(readFileSync(join(dataDir, 'restore.json'), 'utf8'))
    writeFileSync(join(dataDir, 'restore.json'), JSON.stringify({ ...marker, stage: 'swapping' }))
    const renames = ['belfry.db', 'metrics.db', 'metrics'].flatMap((name) => [
      [join(dataDir, name), join(setAside, name)],
      [join(staging, name), join(dataDir, name)],
    ]) as [string, string][]
    for (const [from, to] of renames.slice(0, steps)) renameSync(from, to)
    expect(await complete(living)).toMatchObject({ setAside, problem: null })
    expect(await auditedIn(dataDir)).toBe(5)
    expect(daysIn(dataDir)).toBe(3)
    expect(await auditedIn(setAside)).toBe(9)
    expect(daysIn(setAside)).toBe(4)
  })

  it('is not replaced by another wish', async () => {
    const { living, folder } = await world()
    const file = join(living.dataDir, 'restore.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('wanted', 'swapping'))
    expect(() => wantRestore(living.dataDir, { folder, takenAt, requestedAt, withConfiguration: false })).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    )
    expect(unwantRestore(living.dataDir)).toBe(false)
  })
})

describe('a damaged belfry.db', () => {
  it.each(['in the data directory', 'elsewhere'])('is replaced from a full backup %s', async (place) => {
    const living = await dataDirectory(1)
    const elsewhere = place === 'elsewhere' ? join(living.configDir, 'other disk') : null
    await backedUp(living, elsewhere === null ? {} : { directory: elsewhere })
    await living.note(4)
    writeFileSync(join(living.dataDir, 'belfry.db'), 'x'.repeat(9000))
    const database = await openStateDatabase({ directory: living.dataDir, openedAt: 1, backupDirectory: elsewhere })
    expect(database.report.recovery).toMatchObject({ restored: { takenAt }, brokenBackups: [] })
    expect(database.ask('audit.verify', {})).toMatchObject({ entries: 5 })
    database.close()
  })

  it('is not waited for where backups cannot be looked at', async () => {
    const living = await dataDirectory(1)
    writeFileSync(join(living.dataDir, 'belfry.db'), 'x'.repeat(9000))
    const nowhere = join(living.dataDir, 'secrets.key', 'backups')
    const database = await openStateDatabase({ directory: living.dataDir, openedAt: 1, backupDirectory: nowhere })
    expect(database.report).toMatchObject({ created: true, recovery: { restored: null } })
    database.close()
  })
})

describe('what storage takes', () => {
  it('counts a day once, whether history or a backup holds it', async () => {
    const living = await dataDirectory(3)
    await backedUp(living)
    const shared = await diskUsage(living.dataDir)
    const days = readdirSync(join(living.dataDir, 'metrics')).filter((name) => name.startsWith('raw-'))
    const daysBytes = days.reduce((sum, name) => sum + statSync(join(living.dataDir, 'metrics', name)).size, 0)
    for (const name of days) rmSync(join(living.dataDir, 'metrics', name))
    const alone = await diskUsage(living.dataDir)
    expect(alone.backupBytes - shared.backupBytes).toBe(daysBytes)
  })
})
