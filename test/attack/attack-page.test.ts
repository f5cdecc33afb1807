/**
 * A hostile page in a real browser, beside a console somebody is logged in to or not: from another site, from another
 * port of the same host (whose cookies the browser does send), without an origin, and under a name that was rebound to
 * the console's own address. Nothing may change and nothing may be read.
 */
import { createServer, type Server } from 'node:http'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Guard from '#main/http/guard.ts'
import type * as Headers from '#main/http/security-headers.ts'
import { launchChromium } from '#test/e2e/support/browser.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { isTorture, patienceMs, rigFigures } from '#test/support/torture.ts'
import { attack, type Loot } from './attack-page.ts'

/** The planted fault: a console that asks nobody who they are beyond their cookie, and tells browsers nothing. */
const guard = vi.hoisted(() => ({ isRemoved: false }))
vi.mock('#main/http/guard.ts', async (original) => {
  const real = await original<typeof Guard>()
  const unless =
    <A extends unknown[], R>(refuse: (...args: A) => R) =>
    (...args: A) =>
      guard.isRemoved ? null : refuse(...args)
  return {
    ...real,
    refuseApproach: unless(real.refuseApproach),
    refuseSender: unless(real.refuseSender),
    refuseSocket: unless(real.refuseSocket),
  }
})
vi.mock('#main/http/security-headers.ts', async (original) => {
  const real = await original<typeof Headers>()
  return {
    ...real,
    get securityHeaders() {
      return guard.isRemoved ? {} : real.securityHeaders
    },
  }
})

const figures = rigFigures('attack page')
/** How the page may address the console. */
const hostNames = ['127.0.0.1', 'rebound.test', 'localhost', '[::1]', '0.0.0.0']
const config = `checks:
  - name: Canary in the coal mine
    kind: tcp
    enabled: false
    config: { host: 127.0.0.1, port: 9 }
`
const page = {
  'index.html': '<!doctype html><title>Belfry</title><p>Canary in the coal mine',
  'secret.js': 'globalThis.canary = true; export const canary = true',
}

let live: LiveConsole
let evil: Server
let evilPort: number
let heard: { readonly url: string; readonly referer: string | undefined }[] = []
let browser: Browser

beforeAll(async () => {
  live = await openLiveConsole({ config, page })
  evil = createServer((request, response) => {
    heard.push({ url: request.url ?? '', referer: request.headers.referer })
    const isolated = request.url?.startsWith('/sandboxed') ? { 'content-security-policy': 'sandbox allow-scripts' } : {}
    response.writeHead(200, { 'content-type': 'text/html', ...isolated })
    response.end('<!doctype html><title>Win a prize</title><body>')
  })
  await new Promise<void>((resolve) => evil.listen(0, '0.0.0.0', resolve))
  const address = evil.address()
  evilPort = address !== null && typeof address === 'object' ? address.port : 0
  browser = await launchChromium(['--host-resolver-rules=MAP evil.test 127.0.0.1, MAP rebound.test 127.0.0.1'])
})
afterAll(async () => {
  await browser?.close()
  evil?.closeAllConnections()
  evil?.close()
  await live?.close()
})

/** Where the hostile page is, as addresses of one and the same server but for the last. */
const origins: Readonly<Record<string, () => string>> = {
  'another site': () => `http://evil.test:${evilPort}/`,
  'another port of the same host': () => `http://127.0.0.1:${evilPort}/`,
  'a page without an origin': () => `http://127.0.0.1:${evilPort}/sandboxed`,
  'a name that was rebound': () => `http://rebound.test:${live.listener.port}/win-a-prize`,
}

async function victim(isLoggedIn: boolean): Promise<BrowserContext> {
  const context = await browser.newContext()
  // After rebinding the page is already there; only what it asks for from then on reaches the console.
  await context.route(/rebound\.test.*win-a-prize/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Win a prize</title><body>' }),
  )
  if (isLoggedIn) {
    const tab = await context.newPage()
    await tab.goto(live.listener.createLoginLink())
    expect(await tab.evaluate(async () => (await fetch('/api/session')).status)).toBe(200)
    await tab.close()
  }
  return context
}

async function attackFrom(page: Page): Promise<Loot[]> {
  const loot: Loot[] = []
  const own = new URL(page.url()).hostname === 'rebound.test' ? 'rebound.test' : '127.0.0.1'
  for (const name of isTorture ? hostNames : [own]) {
    loot.push(...(await page.evaluate(attack, { origin: `http://${name}:${live.listener.port}` })))
  }
  // A page under the rebound name is of one origin with what it asks: it may read that it is refused, and nothing else.
  return loot.filter(({ read }) => !isRefusal(read))
}

const isRefusal = (read: string) =>
  read.startsWith('<pre>{"error":{"code":"forbidden"') || read.startsWith('{"error":{"code":"forbidden"')

describe.each([['who is logged in', true] as const, ['who is not', false] as const])(
  'a visitor %s',
  (_, isLoggedIn) => {
    const tried = Object.entries(origins).slice(0, isTorture || isLoggedIn ? undefined : 1)
    it.each(tried)('loses nothing to %s', { timeout: patienceMs(60_000) }, async (_name, where) => {
      const context = await victim(isLoggedIn)
      const before = live.fingerprint()
      const tab = await context.newPage()
      await tab.goto(where())
      const loot = await attackFrom(tab)
      await context.close()
      figures.runs++
      figures.lost += loot.length
      expect(loot).toEqual([])
      expect(live.fingerprint()).toEqual(before)
    })
  },
)

it('the same page takes what it wants where the guard was removed', { timeout: 60_000 }, async () => {
  const context = await victim(true)
  const before = live.fingerprint()
  const tab = await context.newPage()
  await tab.goto(`http://127.0.0.1:${evilPort}/`)
  guard.isRemoved = true
  const loot = await tab.evaluate(attack, { origin: `http://127.0.0.1:${live.listener.port}` }).finally(() => {
    guard.isRemoved = false
  })
  await context.close()
  expect(loot.map(({ attempt }) => attempt)).toContainEqual(expect.stringContaining('WebSocket'))
  expect(live.fingerprint()).not.toEqual(before)
  figures.isControlRed = true
})

describe('a login link', () => {
  it('is told to nobody the visitor goes to from there', async () => {
    const context = await browser.newContext()
    const tab = await context.newPage()
    heard = []
    const link = live.listener.createLoginLink()
    await tab.goto(link)
    expect(tab.url()).toBe(`${live.listener.url}/`)
    await tab.evaluate((address) => location.assign(address), `http://127.0.0.1:${evilPort}/from-the-console`)
    await tab.waitForURL('**/from-the-console')
    expect(heard).toContainEqual({ url: '/from-the-console', referer: undefined })
    const key = new URL(link).searchParams.get('key') ?? link
    expect(JSON.stringify(heard)).not.toContain(key)
    await context.close()
  })
})
