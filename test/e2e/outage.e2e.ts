/** The promise of the console: a site goes down, somebody hears of it, and nothing of it is lost or said twice. */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import {
  type DesktopSession,
  type HeardNotification,
  missingForDesktopSession,
  openDesktopSession,
} from './support/desktop-session.ts'
import { createNginx, missingNginx, type Nginx } from './support/nginx.ts'
import { openPage } from './support/page.ts'
import { rpc } from './support/rpc.ts'

const missing = [...missingForDesktopSession(), missingNginx()].filter((name) => name !== null)

/** How far the history may be from the real instants: a probe's interval and its way through the console. */
const toleranceMs = 4000

let home: ConsoleHome
let console: RunningConsole
let browser: Browser
let desktop: DesktopSession
let nginx: Nginx

test.skip(missing.length > 0, `needs the packages ${missing.join(', ')}`)

test.beforeEach(async () => {
  home = makeHome()
  nginx = await createNginx()
  await nginx.start()
  desktop = await openDesktopSession()
  browser = await launchChromium()
  console = await startConsole(home, { env: desktop.env })
})

test.afterEach(async () => {
  await browser.close()
  await console.end()
  await desktop.close()
  await nginx.close()
  home.remove()
})

test('a site goes down and comes back', async () => {
  const { page, complaints } = await openPage(browser, console.link)
  const id = await addCheck(page)

  const stoppedAt = Date.now()
  await nginx.stop()
  await expect(page.getByText('Down', { exact: true }).first()).toBeVisible()
  await expect.poll(() => desktop.heard().filter(isDown).length).toBe(1)

  await acknowledge(page, 'On it')

  const returnedAt = Date.now()
  await nginx.start()
  await resolved(page)
  await expect.poll(() => desktop.heard().filter(isBack).length).toBe(1)
  expect(desktop.heard().filter(isDown)).toHaveLength(1)

  const { intervals } = await timelineOf(id)
  const down = intervals.filter(({ state }) => state === 'down')
  expect(down).toHaveLength(1)
  expect(Math.abs(Number(down[0]?.from) - stoppedAt)).toBeLessThan(toleranceMs)
  expect(Math.abs(Number(down[0]?.to) - returnedAt)).toBeLessThan(toleranceMs)
  expect(complaints).toEqual([])
})

test('the console is killed in the middle of an outage', async () => {
  const { page } = await openPage(browser, console.link)
  const id = await addCheck(page)

  const stoppedAt = Date.now()
  await nginx.stop()
  await expect.poll(() => desktop.heard().filter(isDown).length).toBe(1)
  await acknowledge(page, 'On it')
  const [before] = (await rpc(console.origin, 'alerts.list', {})).alerts.filter(({ checkId }) => checkId === id)

  const port = Number(new URL(console.origin).port)
  await console.end('SIGKILL')
  await expect(page.getByText(/connection|disconnected|reconnect/i).first()).toBeVisible()
  console = await startConsole(home, { env: desktop.env, port })

  // The page comes back by itself, with the same episode: still firing, still held by the same person.
  await expect(page.getByText('Down', { exact: true }).first()).toBeVisible()
  const [after] = (await rpc(console.origin, 'alerts.list', {})).alerts.filter(({ checkId }) => checkId === id)
  expect(after?.id).toBe(before?.id)
  expect(after?.acknowledgement?.note).toBe('On it')

  const returnedAt = Date.now()
  await nginx.start()
  await resolved(page)
  await expect.poll(() => desktop.heard().filter(isBack).length).toBe(1)
  expect(desktop.heard().filter(isDown), 'nobody is told twice').toHaveLength(1)

  const { intervals, totals } = await timelineOf(id)
  const down = intervals.filter(({ state }) => state === 'down')
  expect(Math.abs(Number(down[0]?.from) - stoppedAt)).toBeLessThan(toleranceMs)
  expect(Math.abs(Number(down.at(-1)?.to) - returnedAt)).toBeLessThan(toleranceMs)
  expect(totals.down + totals.unobserved).toBeGreaterThan(returnedAt - stoppedAt - toleranceMs)

  const state = await rpc(console.origin, 'console.health', {})
  expect(state.components.find(({ name }) => name === 'storage')?.status).toBe('healthy')
})

/** Through the page: paste, name, try, add. Resolves with the check's id once it is up. */
async function addCheck(page: Page): Promise<string> {
  await page.goto(`${console.origin}/#/checks/new`)
  await page.getByLabel('Paste a URL, a host:port or an address').fill(nginx.url)
  await page.getByRole('button', { name: 'Fill in' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Shop')
  await page.getByRole('textbox', { name: 'Interval' }).fill('1 s')
  await page.getByRole('button', { name: /Try it now/ }).click()
  await expect(page.getByText('200 OK').first()).toBeVisible()
  await page.getByRole('button', { name: 'Add check' }).click()
  await expect(page.getByRole('heading', { name: 'Shop' })).toBeVisible()
  await expect(page.getByText('Up', { exact: true }).first()).toBeVisible()
  const id = page.url().match(/#\/checks\/([^/?]+)/)?.[1]
  return decodeURIComponent(String(id))
}

async function acknowledge(page: Page, note: string): Promise<void> {
  await page.goto(`${console.origin}/#/alerts`)
  await page
    .getByRole('main')
    .getByText(/is down/)
    .first()
    .click()
  await page.getByRole('button', { name: 'Acknowledge' }).first().click()
  await page.getByRole('textbox', { name: 'Note' }).fill(note)
  await page.getByRole('button', { name: 'Acknowledge' }).last().click()
  await expect(page.getByText(note).first()).toBeVisible()
  await page.keyboard.press('Escape')
}

async function resolved(page: Page): Promise<void> {
  await page.goto(`${console.origin}/#/alerts?tab=resolved`)
  await expect(
    page
      .getByRole('main')
      .getByText(/is down/)
      .first(),
  ).toBeVisible()
}

function timelineOf(id: string) {
  const now = Date.now()
  return rpc(console.origin, 'checks.timeline', { id, range: { from: now - 600_000, to: now } })
}

const isDown = ({ title }: HeardNotification) => title === 'Shop is down'
const isBack = ({ title }: HeardNotification) => title === 'Resolved: Shop is down'
