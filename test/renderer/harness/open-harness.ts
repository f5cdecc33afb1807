/**
 * The harness in a browser: builds the page with sample data once per state of the sources, serves it on a free port of
 * loopback, and opens it in Chromium. Like the real page it is built and runs under the same content security policy.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { chromium, type Page } from 'playwright'
import { build, preview } from 'vite'
import type { Mode } from './sample/modes.ts'

const root = resolve(import.meta.dirname, '../../..')
const sources = ['src/renderer', 'src/shared', 'src/main/transport', 'test/renderer/harness', 'package-lock.json']

const oldBuildMs = 3_600_000

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface PageOptions {
  /** The fragment, such as `#/checks`. Default: the overview. */
  readonly at?: string
  readonly mode?: Mode
  readonly theme?: 'dark' | 'light'
  readonly checks?: number
  readonly width?: number
  readonly height?: number
}

export interface Harness {
  /** The harness's page, knowing nothing of what it was used for before. What it writes to its console as an error, or throws, is kept in `problems`. */
  open(options?: PageOptions): Promise<{ page: Page; problems: string[] }>
  close(): Promise<void>
}

export async function openHarness(): Promise<Harness> {
  const directory = await builtHarness()
  const server = await preview({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    build: { outDir: directory },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const address = server.resolvedUrls?.local[0]
  if (!address) throw new Error('the harness is served nowhere')
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({
    args: chromiumArguments,
    ...(existsSync(executablePath) ? { executablePath } : {}),
  })
  const context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-GB' })
  let page = await context.newPage()
  return {
    async open({ at = '', mode = 'full', theme = 'dark', checks = 40, width = 1440, height = 900 } = {}) {
      page = await emptyPage(page)
      await page.setViewportSize({ width, height })
      const problems: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      page.on('pageerror', (error) => problems.push(String(error.stack ?? error)))
      await page.goto(`${address}?mode=${mode}&theme=${theme}&checks=${checks}${at}`)
      return { page, problems }
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/** The page as it was before its test, or another one where the test closed it. Opening a new one takes far longer. */
async function emptyPage(page: Page): Promise<Page> {
  if (page.isClosed()) return page.context().newPage()
  page.removeAllListeners()
  if (page.url() !== 'about:blank')
    await page.evaluate(() => [localStorage, sessionStorage].map((kept) => kept.clear()))
  await page.goto('about:blank')
  await page.mouse.move(0, 0)
  return page
}

/** The directory of the built page. Several test files may ask at once: the first to finish wins, all are the same. */
async function builtHarness(): Promise<string> {
  const directory = join(tmpdir(), `belfry-harness-${await sourcesHash()}`)
  if (existsSync(directory)) return directory
  const building = `${directory}.${process.pid}`
  await mkdir(building, { recursive: true })
  await build({
    configFile: false,
    root: import.meta.dirname,
    publicDir: resolve(root, 'src/renderer/public'),
    plugins: [react()],
    logLevel: 'error',
    build: { outDir: building, assetsInlineLimit: 0, emptyOutDir: true, modulePreload: { polyfill: false } },
  })
  await rename(building, directory).catch(() => rm(building, { recursive: true }))
  await removeOldBuilds()
  return directory
}

/** Builds of earlier states of the sources; younger ones may be in use by another run. */
async function removeOldBuilds(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith('belfry-harness-')) continue
    const path = join(tmpdir(), name)
    const entry = await stat(path).catch(() => null)
    if (entry && Date.now() - entry.mtimeMs > oldBuildMs) await rm(path, { recursive: true, force: true })
  }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = resolve(root, source)
    const isDirectory = (await stat(path)).isDirectory()
    const files = isDirectory ? await readdir(path, { recursive: true }) : ['']
    for (const file of files.sort()) {
      const { mtimeMs, size } = await stat(join(path, file))
      hash.update(`${source}/${file} ${mtimeMs} ${size}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}
