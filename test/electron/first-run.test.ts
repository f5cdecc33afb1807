/**
 * The first run of the built desktop application, over its own IPC. The main side and the preload are the built files;
 * Electron is simulated and Chromium is the window (see simulation/), so sandbox and isolation are not what this shows.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect as expectPage } from '@playwright/test'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Simulation, startSimulation } from './simulation/start.ts'

const directory = mkdtempSync(join(tmpdir(), 'belfry-first-run-'))
const home = { dataDir: join(directory, 'data'), configDir: join(directory, 'config') }
/** A whole start, on a machine that is busy with other tests. */
const patiently = { timeout: 60_000 }

let site: Server
let target = ''
let running: Simulation

beforeAll(async () => {
  site = createServer((_request, reply) => reply.end('hello'))
  await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening))
  const address = site.address()
  target = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  running = startSimulation(home)
})
afterAll(async () => {
  await running.end()
  await new Promise((closed) => site.close(closed))
  rmSync(directory, { recursive: true, force: true })
})

it('shows this machine live', patiently, async () => {
  const page = await running.page()
  expect(await page.evaluate(() => Object.keys(window.belfryBridge ?? {}).sort())).toEqual(['onFrame', 'send'])
  await expectPage(page.getByText(/^\d+(\.\d+)? %$/).first()).toBeVisible({ timeout: 15_000 })
  await running.noticed('tray', ({ image }) => image.endsWith('tray-up.png'))
})

it('keeps to itself what it stores', () => {
  expect(statSync(join(home.dataDir, 'belfry.db')).mode & 0o077).toBe(0)
})

it('tries a target and adds it as a check, which the tray counts', patiently, async () => {
  const page = await running.page()
  await page.getByLabel('URL, host or host:port').fill(target)
  await page.getByRole('button', { name: 'Try it' }).click()
  await expectPage(page.getByText('200 OK')).toBeVisible()
  await page.getByRole('button', { name: 'Add check' }).click()
  await running.noticed('tray', ({ toolTip }) => toolTip.includes('1 up'))
})

it('rings on the desktop when asked for a test', patiently, async () => {
  const page = await running.page()
  await page.goto(page.url().replace(/#.*$|$/, '#/settings/notifications'))
  await page.getByRole('button', { name: /test/i }).last().click()
  const { title } = await running.noticed('notification', (notification) => /test/i.test(notification.title))
  expect(title).toMatch(/test/i)
})

it('stays in the tray when its window is closed, says so, and comes back', patiently, async () => {
  running.tell({ type: 'close-window' })
  await running.noticed('notification', ({ title }) => title === 'Belfry keeps watching')
  running.tell({ type: 'ask-window' })
  expect(await running.noticed('window')).toMatchObject({ isVisible: false })
  running.tell({ type: 'start-again', args: ['belfry', 'belfry://check/some-check'] })
  running.tell({ type: 'ask-window' })
  await running.noticed('window', ({ isVisible }) => isVisible)
  const page = await running.page()
  await expectPage(page).toHaveURL(/#\/checks\/some-check$/)
})

it('ends in order when it is quit, and has everything after the next start', patiently, async () => {
  running.tell({ type: 'choose-in-tray', label: 'Quit (watching stops)' })
  expect(await running.ended).toBe(0)
  running = startSimulation(home)
  const page = await running.page()
  await page.goto(page.url().replace(/#.*$|$/, '#/checks'))
  await expectPage(page.getByText(new URL(target).host).first()).toBeVisible({ timeout: 15_000 })
})
