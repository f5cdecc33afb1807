/** Starting with the desktop session, as each system keeps it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { setAutostart } from '#main/electron/autostart.ts'
import * as electron from '#test/electron/simulation/electron.ts'
import { fakePorts } from '#test/support/ports.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

const { app, simulation } = electron
const { logger } = fakePorts()
let directory: string
const entry = () => join(directory, 'autostart', 'belfry.desktop')

beforeEach(() => {
  simulation.reset()
  directory = mkdtempSync(join(tmpdir(), 'belfry-autostart-'))
  app.isPackaged = true
  app.appData = directory
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('is an entry of its own on Linux, which goes when it is not wanted any more', async () => {
  const options = { platform: 'linux', program: '/opt/Bel"fry 100%/belfry', logger } as const
  await setAutostart(true, options)
  expect(readFileSync(entry(), 'utf8')).toContain(String.raw`Exec="/opt/Bel\\"fry 100%%/belfry" --hidden`)
  await setAutostart(false, options)
  expect(existsSync(entry())).toBe(false)
  await setAutostart(false, options)
})

it.each(['darwin', 'win32'] as const)('is the system’s own list on %s', async (platform) => {
  await setAutostart(true, { platform, program: '/belfry', logger })
  expect(app.loginItem).toEqual({ openAtLogin: true, args: ['--hidden'] })
  await setAutostart(false, { platform, program: '/belfry', logger })
  expect(app.loginItem).toMatchObject({ openAtLogin: false })
})

it('is not for a checkout that is being developed', async () => {
  app.isPackaged = false
  await setAutostart(true, { platform: 'linux', program: '/belfry', logger })
  await setAutostart(true, { platform: 'darwin', program: '/belfry', logger })
  expect(existsSync(entry())).toBe(false)
  expect(app.loginItem).toBeNull()
})

it('tells in the log what hindered it', async () => {
  writeFileSync(join(directory, 'autostart'), 'a file where a directory is to be')
  await setAutostart(true, { platform: 'linux', program: '/belfry', logger })
  expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { isWanted: true } })
})
