/**
 * Chromium as the window of the simulation. The page's files come from the app's own protocol handler; the built
 * preload runs before the page's scripts, with a `require` that knows `electron` and nothing else, as in a sandbox.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page, type Route } from '@playwright/test'
import { sendToMain, simulation, type WebContents } from './electron.ts'

/** Chromium knows no `app:`; the same page has this address in it. */
const shownOrigin = 'https://belfry.simulation'
const pageOrigin = 'app://belfry'

export interface Screen {
  /** Where another program can see and use the same page (Chrome DevTools Protocol). */
  debugUrl(): string
  openPage(contents: WebContents, url: string): Promise<void>
  close(): Promise<void>
}

export async function openScreen(): Promise<Screen> {
  const profile = mkdtempSync(join(tmpdir(), 'belfry-screen-'))
  const executablePath = process.env['CHROMIUM_PATH']
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--remote-debugging-port=0',
      '--disable-gpu',
      '--disable-quic',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    viewport: { width: 1440, height: 900 },
  })
  const pages = new Map<WebContents, Page>()
  return {
    debugUrl: () => `http://127.0.0.1:${readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n', 1)[0]}`,
    async openPage(contents, url) {
      const page = pages.get(contents) ?? (await newPage(context, contents))
      pages.set(contents, page)
      await page.goto(url.replace(pageOrigin, shownOrigin))
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

async function newPage(context: BrowserContext, contents: WebContents): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage())
  await page.route('**/*', (route) => serve(route))
  await page.exposeFunction('simulationToMain', (channel: string, text: string) =>
    sendToMain(contents, contents.mainFrame, channel, text),
  )
  await page.addInitScript({ content: preloadScript(readFileSync(contents.preload, 'utf8')) })
  contents.deliver = (channel, ...args) => {
    page
      .evaluate(([name, values]) => globalThis.simulationFromMain(name, values), [channel, args] as const)
      .catch((error: unknown) => {
        if (!page.isClosed()) throw error
      })
  }
  contents.on('destroyed', () => void page.close())
  return page
}

declare global {
  /** Defined in the page by the preload's surroundings. */
  function simulationFromMain(channel: string, values: readonly unknown[]): void
}

async function serve(route: Route): Promise<void> {
  const request = route.request()
  const handler = simulation.protocolHandlers.get('app')
  if (!request.url().startsWith(`${shownOrigin}/`) || !handler) return route.abort('blockedbyclient')
  const url = request.url().replace(shownOrigin, pageOrigin)
  const reply = await handler(new Request(url, { method: request.method() }))
  await route.fulfill({
    status: reply.status,
    headers: Object.fromEntries(reply.headers),
    body: Buffer.from(await reply.arrayBuffer()),
  })
}

function preloadScript(source: string): string {
  return `(() => {
    const listeners = new Map()
    const of = (channel) => listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel)
    globalThis.simulationFromMain = (channel, values) => { for (const listener of [...of(channel)]) listener({}, ...values) }
    const electron = {
      contextBridge: { exposeInMainWorld(name, api) { globalThis[name] = api } },
      ipcRenderer: {
        send(channel, text) { void globalThis.simulationToMain(channel, text) },
        on(channel, listener) { of(channel).add(listener) },
        off(channel, listener) { of(channel).delete(listener) },
      },
    }
    const require = (name) => {
      if (name === 'electron') return electron
      throw new Error('a sandboxed preload may require electron only, not ' + name)
    }
    const module = { exports: {} };
    (function (require, module, exports) { ${source}
    })(require, module, module.exports)
  })()`
}
