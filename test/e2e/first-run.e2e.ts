/** Someone opens Belfry for the first time. */
import { type Browser, expect, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { openPage } from './support/page.ts'

const liveWithinMs = 5000

let home: ConsoleHome
let console: RunningConsole
let browser: Browser

test.beforeEach(async () => {
  home = makeHome()
  browser = await launchChromium()
  console = await startConsole(home)
})

test.afterEach(async () => {
  await browser.close()
  await console.end()
  home.remove()
})

test('shows this machine live within five seconds of opening the link', async () => {
  const openedAt = performance.now()
  const { page, complaints } = await openPage(browser, console.link)
  await expect(page.getByRole('heading', { name: 'Belfry is watching this machine' })).toBeVisible()
  for (const signal of ['CPU', 'Memory', 'Load, 1 min']) {
    await expect(page.getByRole('link', { name: new RegExp(`${signal}.*\\d`) })).toBeVisible()
  }
  expect(performance.now() - openedAt).toBeLessThan(liveWithinMs)
  expect(complaints).toEqual([])
})

test('takes the one-time link once, and says how to get another', async () => {
  await openPage(browser, console.link)
  const second = await openPage(browser, console.link)
  await expect(second.page.getByText(/used|expired|new link/i).first()).toBeVisible()
})

test('keeps the session over a restart', async () => {
  const { page } = await openPage(browser, console.link)
  await expect(page.getByRole('heading', { name: 'Belfry is watching this machine' })).toBeVisible()
  await console.end()
  console = await startConsole(home, { port: Number(new URL(console.origin).port) })
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Belfry is watching this machine' })).toBeVisible()
})
