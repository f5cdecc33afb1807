/** A wall in the hall: let in by a link, it shows what breaks, says when it hears nothing, and comes back by itself. */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { launchChromium } from './support/browser.ts'
import { type ConsoleHome, makeHome, type RunningConsole, startConsole } from './support/console-process.ts'
import { rpc } from './support/rpc.ts'
import { type Site, shopConfig, startSite } from './support/wall-home.ts'

const names = { '/': 'Front page', '/checkout': 'Checkout', '/search': 'Search', '/login': 'Login' }
const pages = `      - { kind: checks, title: All services, for: 10m, labels: { team: shop } }
      - { kind: alerts, title: Alerts }
      - { kind: uptime, title: Uptime }
      - { kind: host, title: This machine }
      - { kind: clock }`

let site: Site
let home: ConsoleHome
let console: RunningConsole
let browser: Browser
let context: BrowserContext

test.beforeEach(async () => {
  site = await startSite()
  home = makeHome({ config: shopConfig(site, names, pages) })
  console = await startConsole(home)
  browser = await launchChromium()
  context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
})

test.afterEach(async () => {
  await browser.close()
  await console.end()
  await site.close()
  home.remove()
})

async function openWall(): Promise<{ page: Page; complaints: string[]; tokenId: string }> {
  const { path, tokenId } = await rpc(console.origin, 'walls.link', { name: 'hall' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${console.origin}${path}`)
  return { page, complaints, tokenId }
}

test('a screen is let in by its link, and shows what breaks at once', async () => {
  const { page, complaints } = await openWall()
  await expect(page).toHaveURL(`${console.origin}/wall/hall`)
  const tiles = page.getByRole('list', { name: '4 checks, the worst first' }).getByRole('listitem')
  await expect(tiles).toHaveCount(4)
  await expect(tiles.filter({ hasText: 'Up' })).toHaveCount(4)
  await expect(page.getByText(/updated/)).toBeVisible()

  site.broken.add('/checkout')
  const focus = page.getByRole('alert')
  await expect(focus).toContainText('Checkout')
  await expect(focus).toContainText('Down for')
  await expect(focus).toHaveCount(0)
  await expect(tiles.first()).toContainText('Checkout')
  await expect(tiles.first()).toContainText('Down')

  for (const heading of ['Alerts', 'Uptime', 'This machine']) {
    await page.keyboard.press('ArrowRight')
    await expect(page.getByText(heading, { exact: false }).first()).toBeVisible()
    expect(await findingsOf(page)).toEqual([])
  }
  expect(await page.locator('button, a, input').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('text is as large as the distance asks for, and nothing hangs over an edge', async () => {
  const { page } = await openWall()
  for (let turn = 0; turn < 5; turn++) {
    await expect(page.getByText(/updated/)).toBeVisible()
    const found = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const small: string[] = []
      while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode
        const isSeen = parentElement && textContent?.trim() && parentElement.checkVisibility()
        if (!isSeen || getComputedStyle(parentElement).clip !== 'auto') continue
        // 55 inches over 1920 by 1080 pixels, from 5 m, in a face whose capitals are 0.727 of its size.
        const capHeightMm = Number.parseFloat(getComputedStyle(parentElement).fontSize) * 0.727 * (1397 / 2202.9)
        if (capHeightMm < 5000 / 215 - 0.01) small.push(String(textContent))
      }
      const { scrollWidth, scrollHeight } = document.documentElement
      return { small, scrollWidth, scrollHeight }
    })
    expect(found).toEqual({ small: [], scrollWidth: 1920, scrollHeight: 1080 })
    await page.keyboard.press('ArrowRight')
  }
})

test('a feed that stops is told within two intervals, and a restarted console is found again', async () => {
  const { page } = await openWall()
  await expect(page.getByText(/updated/)).toBeVisible()
  const { port } = new URL(console.origin)

  console.process.kill('SIGSTOP')
  const stoppedAt = Date.now()
  await expect(page.getByText(/No answer from Belfry/)).toBeVisible()
  // Two intervals of two seconds after the last answer, told by a clock that ticks once a second.
  expect(Date.now() - stoppedAt).toBeLessThan(6500)
  console.process.kill('SIGCONT')
  await expect(page.getByText(/updated/)).toBeVisible()

  await console.end('SIGKILL')
  await expect(page.getByText(/Belfry cannot be reached/)).toBeVisible()
  // What was seen last stays, without its colours.
  await expect(page.getByText('Front page')).toBeVisible()
  console = await startConsole(home, { port: Number(port) })
  await expect(page.getByText(/updated/)).toBeVisible({ timeout: 30_000 })
})

test('a page whose process was killed goes on where it was, and one that is not let in says so', async () => {
  const { page } = await openWall()
  await expect(page.getByText(/updated/)).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText('Last 24 h')).toBeVisible()
  const session = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // The process is gone before it could answer.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  const again = await context.newPage()
  await again.goto(`${console.origin}/wall/hall`)
  await expect(again.getByText('Last 24 h')).toBeVisible()

  const stranger = await browser.newContext()
  const outside = await stranger.newPage()
  await outside.goto(`${console.origin}/wall/hall`)
  await expect(outside.getByText('This screen has not been let in')).toBeVisible()
})

async function findingsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
