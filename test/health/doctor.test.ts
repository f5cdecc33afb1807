import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Patient } from '#main/doctor/examination.ts'
import { examine, withoutNames } from '#main/doctor/examine.ts'
import { integrityProblem } from '#main/store/backup/verify.ts'
import { dataDirectory } from '../backup/backup-world.ts'
import { temporaryDirectory } from '../store/support/temporary-directory.ts'

const wellPatient = (dataDir: string): Patient => ({
  dataDir,
  configDir: '/etc/belfry',
  version: '1.2.3',
  platform: process.platform,
  env: { PATH: '' },
  now: () => Date.now(),
  desktop: { describe: async () => ({ available: true, mechanism: 'recording' }) },
  checkDatabase: async (file) => integrityProblem(file),
  configurationProblems: () => [],
  addresses: () => ['http://127.0.0.1:4680'],
})

async function findings(patient: Patient) {
  const { findings: found } = await examine(patient)
  return Object.fromEntries(found.map((finding) => [finding.id, finding]))
}

describe('the doctor', () => {
  it('finds a sound directory sound', async () => {
    const { dataDir } = await dataDirectory(1)
    chmodSync(dataDir, 0o700)
    const found = await findings(wellPatient(dataDir))
    for (const id of ['versions', 'permissions', 'lock', 'databases', 'configuration', 'addresses', 'notifications']) {
      expect(found[id]).toMatchObject({ status: 'good', advice: null })
    }
    expect(found['databases']?.finding).toBe('2 of 2 databases read, every page is sound.')
  })

  it('finds a damaged database, and says what to do', async () => {
    const { dataDir } = await dataDirectory(1)
    writeFileSync(join(dataDir, 'metrics.db'), 'x'.repeat(5000))
    const found = await findings(wellPatient(dataDir))
    expect(found['databases']).toMatchObject({ status: 'bad', finding: expect.stringContaining('metrics.db: ') })
    expect(found['databases']?.advice).toContain('Restart Belfry')
  })

  it.skipIf(process.platform === 'win32')('minds a directory that others may look into', async () => {
    const { dataDir } = await dataDirectory(1)
    chmodSync(dataDir, 0o755)
    expect((await findings(wellPatient(dataDir)))['permissions']).toMatchObject({
      status: 'warning',
      advice: `chmod 700 "${dataDir}"`,
    })
  })

  it.each<[string, string, string, Partial<Patient>]>([
    ['a clock that is years behind', 'clock', 'bad', { now: () => 0 }],
    ['a clock behind what was written', 'clock', 'bad', { now: () => Date.now() - 3 * 3_600_000 }],
    ['an address that others reach', 'addresses', 'warning', { addresses: () => ['https://0.0.0.0:4680'] }],
    ['addresses it cannot know', 'addresses', 'untested', { addresses: () => null }],
    [
      'problems of the configuration',
      'configuration',
      'warning',
      { configurationProblems: () => ['belfry.yaml:3: bad'] },
    ],
    ['a browser that is named and missing', 'browser', 'bad', { env: { CHROMIUM_PATH: '/none' } }],
    ['no ping', 'ping', 'warning', {}],
    ['no backup', 'backups', 'warning', {}],
    [
      'a desktop that is not there',
      'notifications',
      'warning',
      { desktop: { describe: async () => ({ available: false, mechanism: 'x' }) } },
    ],
    ['a look that fails', 'databases', 'bad', { checkDatabase: async () => Promise.reject(new Error('no thread')) }],
  ])('finds %s', async (_, id, status, change) => {
    const { dataDir } = await dataDirectory(1)
    // A clock that is behind is told by a database that was written, whenever tests run.
    expect((await findings({ ...wellPatient(dataDir), ...change }))[id]).toMatchObject({ status })
  })

  it('does without a data directory', async () => {
    const found = await findings(wellPatient(join(temporaryDirectory(), 'none')))
    expect(found['permissions']?.status).toBe('untested')
    expect(found['databases']?.status).toBe('untested')
    expect(found['disk-space']?.status).toBe('untested')
  })

  it('says it as text without names of this machine and its people', async () => {
    const dataDir = join(temporaryDirectory(), 'secret-customer')
    mkdirSync(dataDir, { mode: 0o755 })
    chmodSync(dataDir, 0o755)
    const { text } = await examine(wellPatient(dataDir))
    expect(text).toContain('chmod 700 "<data>"')
    expect(text).not.toContain('secret-customer')
    const told = withoutNames(`${hostname()} ${homedir()}/x /etc/belfry/belfry.yaml`, wellPatient(dataDir))
    expect(told).not.toContain(homedir())
    expect(told).toContain('<config>/belfry.yaml')
  })
})
