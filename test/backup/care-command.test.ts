import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '#main/adapters/clock.ts'
import { parseCareCommand, runCareCommand } from '#main/care/care-command.ts'
import { readWantedRestore } from '#main/store/backup/restore.ts'
import { fakePorts } from '#test/support/ports.ts'
import { dataDirectory } from './backup-world.ts'

async function commanding() {
  const { dataDir, configDir } = await dataDirectory(1)
  const { logger, desktop } = fakePorts()
  const lines: string[] = []
  const run = (...args: string[]) =>
    runCareCommand(parseCareCommand(args), {
      dataDir,
      configDir,
      version: '1.2.3',
      // What was just written must not lie in the future.
      clock: systemClock,
      logger,
      desktop,
      print: (line) => void lines.push(line),
    })
  return { dataDir, lines, run, said: () => lines.join('\n') }
}

describe('npm run backup', () => {
  it('takes, lists, checks and restores', async () => {
    const { dataDir, lines, run } = await commanding()
    expect(await run('backup', 'list')).toBe(0)
    expect(lines.at(-1)).toMatch(/^There is no backup in /)
    expect(await run('backup', 'create')).toBe(0)
    expect(lines.at(-1)).toMatch(/is taken and checked\. The key of the secrets is not in it/)
    await run('backup', 'list')
    const name = lines.at(-1)?.split(' ')[0] ?? ''
    expect(lines.at(-1)).toMatch(/ {2}whole$/)
    expect(await run('backup', 'verify', name)).toBe(0)
    expect(await run('backup', 'restore', join(dataDir, 'backups', name), '--with-configuration')).toBe(0)
    expect(readWantedRestore(dataDir)).toMatchObject({ stage: 'wanted', withConfiguration: true })
  })

  it('says what is wrong with a backup, and does not restore it', async () => {
    const { dataDir, lines, run } = await commanding()
    await run('backup', 'create')
    await run('backup', 'list')
    const name = lines.at(-1)?.split(' ')[0] ?? ''
    writeFileSync(join(dataDir, 'backups', name, 'belfry.db'), 'harmed')
    expect(await run('backup', 'verify', name)).toBe(1)
    expect(lines.at(-1)).toMatch(/is damaged: belfry\.db: expected \d+ bytes, found 6\.$/)
    await expect(run('backup', 'restore', name)).rejects.toMatchObject({ code: 'unprocessable' })
    expect(readWantedRestore(dataDir)).toBe(null)
  })

  it.each([
    [['backup']],
    [['backup', 'verify']],
    [['backup', 'destroy', 'x']],
    [['doctor', 'more']],
    [['backup', 'list', '--nonsense']],
  ])('refuses %j with the way it is used', (args) => {
    expect(() => parseCareCommand(args)).toThrow(expect.objectContaining({ code: 'invalid' }))
    expect(() => parseCareCommand(args)).toThrow(/npm run backup -- create/)
  })
})

it('npm run doctor examines, and ends with 1 when something is bad', async () => {
  const { dataDir, run, said } = await commanding()
  expect(await run('doctor')).toBe(0)
  expect(said()).toContain('every page is sound')
  writeFileSync(join(dataDir, 'metrics.db'), 'x'.repeat(9000))
  expect(await run('doctor')).toBe(1)
  expect(said()).toContain('BAD ')
})
