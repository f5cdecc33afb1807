/**
 * The thread that drives the browser of one run: the library is large to load and busy while it works, and with the
 * thread all of it is given back. Whoever started it kills the browser if this thread does not.
 */
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import { moving } from '#main/store/worker-channel.ts'
import { runWorker } from '#main/store/worker-thread.ts'
import type { BrowserOrder, BrowserReport } from './report.ts'
import { walk } from './walk.ts'
import { watchPage } from './watch-page.ts'

let browser: Browser | null = null

const Processes = z.object({ processInfo: z.array(z.object({ type: z.string(), id: z.number() })) })

const methods = {
  /** Resolves with the id of the browser's process; null when it does not tell. Rejects when it does not start. */
  async 'browser.open'({ executable, directory, budgetMs }: BrowserOrder): Promise<number | null> {
    const endMs = performance.now() + budgetMs
    // Whatever the library and the browser put into a temporary directory is put there.
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = directory
    const { chromium } = await import('playwright-core')
    const leftMs = endMs - performance.now()
    if (leftMs <= 0) throw new Error('the time was over before it was started')
    browser = await chromium.launch({
      executablePath: executable,
      headless: true,
      // Chromium's sandbox cannot be used by root.
      chromiumSandbox: process.getuid?.() !== 0,
      timeout: leftMs,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: surroundings(directory),
      // The library lets pages open windows unasked; a hundred of them would cost a hundred renderers.
      ignoreDefaultArgs: ['--disable-popup-blocking'],
      args: ['--no-first-run', '--disable-extensions', '--disable-sync', '--disable-breakpad'],
    })
    const session = await browser.newBrowserCDPSession()
    const told = Processes.safeParse(await session.send('SystemInfo.getProcessInfo'))
    await session.detach()
    return told.data?.processInfo.find(({ type }) => type === 'browser')?.id ?? null
  },

  async 'browser.walk'({ config, budgetMs }: BrowserOrder): Promise<BrowserReport> {
    if (browser === null) throw new Error('expected an open browser; open it first')
    const endMs = performance.now() + budgetMs
    const context = await browser.newContext({
      acceptDownloads: false,
      serviceWorkers: 'block',
      ignoreHTTPSErrors: !config.verifyTls,
      viewport: { width: 1280, height: 800 },
    })
    const page = await context.newPage()
    const notes = await watchPage(context, page)
    const walked = await walk(page, config, () => endMs - performance.now())
    const report = { ...walked, ...notes }
    return report.picture === null ? report : moving(report, [report.picture.jpeg.buffer])
  },

  async 'browser.close'(_: null): Promise<void> {
    await browser?.close()
    browser = null
  },
}
export type BrowserMethods = typeof methods

/** None of Belfry's own surroundings, which may hold tokens. */
function surroundings(directory: string): Record<string, string> {
  const kept = [
    'PATH',
    'LANG',
    'LC_ALL',
    'TZ',
    'SystemRoot',
    'SystemDrive',
    'windir',
    'ProgramFiles',
    'FONTCONFIG_PATH',
  ]
  const own = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return {
    ...Object.fromEntries(own),
    HOME: directory,
    USERPROFILE: directory,
    TMPDIR: directory,
    TEMP: directory,
    TMP: directory,
  }
}

await runWorker(async () => ({ methods, started: null }))
