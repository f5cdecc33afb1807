/** A page as PDF, through an installed Chromium that is started for it and has a profile of its own. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { findBrowser } from '#main/checks/browser-probe/find-browser.ts'
import { systemErrorText } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'

/** Rejects with AppError `unprocessable` where nothing can print, `timeout` when it takes too long. */
export type PrintPage = (html: string, signal: AbortSignal) => Promise<Uint8Array>

const timeoutMs = 90_000

export const printPage: PrintPage = async (html, signal) => {
  const browser = findBrowser({ platform: process.platform, env: process.env })
  if (browser === null) {
    const message =
      'Expected Chromium or Chrome to print with, found none. Install one, or say where it is in CHROMIUM_PATH; or export as HTML and print that.'
    throw new AppError('unprocessable', message)
  }
  const directory = await mkdtemp(join(tmpdir(), 'belfry-print-'))
  try {
    const [page, target] = [join(directory, 'page.html'), join(directory, 'page.pdf')]
    await writeFile(page, html, { mode: 0o600 })
    await run(browser, argumentsFor(directory, page, target), signal)
    return await readFile(target)
  } finally {
    // The browser's helpers may still be writing into its profile while they end.
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function argumentsFor(directory: string, page: string, target: string): string[] {
  return [
    '--headless',
    // Chromium's sandbox cannot be used by root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-extensions',
    '--disable-sync',
    '--disable-breakpad',
    '--disable-background-networking',
    '--disable-component-update',
    `--user-data-dir=${join(directory, 'profile')}`,
    '--no-pdf-header-footer',
    `--print-to-pdf=${target}`,
    pathToFileURL(page).href,
  ]
}

async function run(browser: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(browser, args, {
      signal,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 10_000_000,
    })
  } catch (error) {
    signal.throwIfAborted()
    const wasKilled = error instanceof Error && 'killed' in error && error.killed === true
    if (wasKilled) {
      throw new AppError(
        'timeout',
        `${browser} took more than ${timeoutMs / 1000} s to print. Choose a shorter range, or export as HTML.`,
      )
    }
    throw new AppError(
      'unprocessable',
      `${browser} could not print: ${systemErrorText(error).split('\n', 1)[0]}. Export as HTML instead.`,
    )
  }
}
