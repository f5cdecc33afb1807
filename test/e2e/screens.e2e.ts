/** Every screen of the real console, in both themes: nothing serious for axe, nothing wider than the window, no complaint. */
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { freePort } from '#test/support/free-port.ts'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { openPage } from './support/page.ts'
import { rpc } from './support/rpc.ts'

const screens = [
  ['Overview', '#/'],
  ['This machine', '#/machine'],
  ['Dashboards', '#/dashboards'],
  ['a dashboard', '#/dashboards/this-machine'],
  ['Explore', '#/explore?a=node_load1'],
  ['Checks', '#/checks'],
  ['a check', '#/checks/nobody-home'],
  ['a new check', '#/checks/new'],
  ['Alerts', '#/alerts'],
  ['Rules', '#/rules'],
  ['a new rule', '#/rules/new'],
  ['Inbox', '#/inbox'],
  ['Deliveries', '#/deliveries'],
  ...['appearance', 'notifications', 'collection', 'storage', 'console', 'security', 'about'].map(
    (section) => [`Settings: ${section}`, `#/settings/${section}`] as const,
  ),
] as const

let home: ConsoleHome
let console: RunningConsole
let browser: Browser

test.beforeAll(async () => {
  home = makeHome()
  browser = await launchChromium()
  console = await startConsole(home)
  const port = await freePort()
  await rpc(console.origin, 'checks.save', {
    id: null,
    draft: { name: 'Nobody home', kind: 'tcp', everyMs: 1000, config: { host: '127.0.0.1', port } },
  })
  const firing = async () => (await rpc(console.origin, 'alerts.list', { states: ['firing'] })).alerts.length
  await expect.poll(firing).toBeGreaterThan(0)
})

test.afterAll(async () => {
  await browser.close()
  await console.end()
  home.remove()
})

test('every screen is accessible, fits, and complains of nothing', async () => {
  test.setTimeout(240_000)
  const { page, complaints } = await openPage(browser, console.link)
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    for (const [name, address] of screens) {
      await test.step(`${name}, ${theme}`, async () => {
        await page.goto(`${console.origin}/${address}`)
        await loaded(page)
        expect.soft(await seriousViolations(page), `${name}, ${theme}`).toEqual([])
        expect.soft(await overflowPx(page), `${name} is wider than the window`).toBe(0)
      })
    }
  }
  expect(complaints).toEqual([])
})

/** The screen's heading is there and nothing in sight says that it is still loading; what is out of sight may wait. */
async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible()
  await expect.poll(() => busyInSight(page)).toBe(0)
}

function busyInSight(page: Page): Promise<number> {
  return page.evaluate(() => {
    const busy = [...document.querySelectorAll('main [aria-busy="true"]')]
    return busy.filter((element) => element.getBoundingClientRect().top < window.innerHeight).length
  })
}

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('; ')}`)
}

function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))
}
