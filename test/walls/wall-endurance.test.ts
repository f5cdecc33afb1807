/**
 * A wall left open under load: every check changes all the time, pages turn, and the heap of its page must not grow.
 * Twenty seconds in `npm test`, an hour under torture. The planted fault is a leak of a megabyte a second.
 */

import type { Browser, CDPSession, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../e2e/support/browser.ts'
import { makeHome, type RunningConsole, startConsole } from '../e2e/support/console-process.ts'
import { rpc } from '../e2e/support/rpc.ts'
import { type Site, shopConfig, startSite } from '../e2e/support/wall-home.ts'
import { isTorture, patienceMs, rigFigures } from '../support/torture.ts'

const figures = rigFigures('wall-endurance')
const watchMs = isTorture ? 3_600_000 : 20_000
/** Until every page was shown once and what is made once is made. */
const warmUpMs = isTorture ? 120_000 : 16_000
const sampleEveryMs = isTorture ? 15_000 : 1500
/** Over an hour 15 MiB; over seconds the noise of a collection counts for more. */
const mostBytesPerSecond = isTorture ? 4096 : 150_000

const names = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`/part-${index}`, `Part ${index}`]))
const pages = `      - { kind: checks, for: 5s }
      - { kind: uptime, for: 5s }
      - { kind: host, for: 5s }`

let site: Site
let home: ReturnType<typeof makeHome>
let console: RunningConsole
let browser: Browser

beforeAll(async () => {
  site = await startSite()
  site.restless = true
  home = makeHome({ config: shopConfig(site, names, pages) })
  console = await startConsole(home)
  browser = await launchChromium()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await console.end()
  await site.close()
  home.remove()
})

describe('a wall left open', () => {
  it('uses no more memory the longer it stands', { timeout: patienceMs(120_000) + 300_000 }, async () => {
    const page = await openWall()
    await wait(page, warmUpMs)
    const slope = await heapSlope(page, watchMs)
    figures.runs = Math.round(watchMs / sampleEveryMs)
    expect(slope).toBeLessThan(mostBytesPerSecond)
  })

  it('would be found out if it did', { timeout: 120_000 }, async () => {
    const page = await openWall()
    await wait(page, 3000)
    await page.evaluate(() => {
      const kept: number[][] = []
      Object.assign(window, { kept })
      setInterval(() => kept.push(Array.from({ length: 13_000 }, () => Math.random())), 100)
    })
    const slope = await heapSlope(page, 8000)
    figures.isControlRed = slope > 150_000
    expect(slope).toBeGreaterThan(150_000)
  })
})

async function openWall(): Promise<Page> {
  const { path } = await rpc(console.origin, 'walls.link', { name: 'hall' })
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(`${console.origin}${path}`)
  await page.getByText(/updated/).waitFor()
  return page
}

/** Bytes a second, by least squares over samples that are each taken right after a collection. */
async function heapSlope(page: Page, forMs: number): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const samples: { seconds: number; bytes: number }[] = []
  const startedAt = performance.now()
  while (performance.now() - startedAt < forMs) {
    await wait(page, sampleEveryMs)
    samples.push({ seconds: (performance.now() - startedAt) / 1000, bytes: await heapBytes(session) })
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(samples.map(({ seconds }) => seconds))
  const y = mean(samples.map(({ bytes }) => bytes))
  const above = samples.reduce((sum, { seconds, bytes }) => sum + (seconds - x) * (bytes - y), 0)
  return above / samples.reduce((sum, { seconds }) => sum + (seconds - x) ** 2, 0)
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

/** In the page's own time: what is measured is a page that stands. */
function wait(page: Page, ms: number): Promise<void> {
  return page.waitForTimeout(ms)
}
