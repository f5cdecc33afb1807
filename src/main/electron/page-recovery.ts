/**
 * Brings a window's page back when it crashes or hangs: it is loaded again, each time after a longer wait, and when it
 * keeps failing the window shows a page without scripts that says so and offers to try again. Belfry itself goes on
 * watching all the while, for the page is only its picture.
 */
import type { BrowserWindow } from 'electron'
import type { Ports } from '#main/ports.ts'
import { isOwnPage, pageUrl, safePageUrl } from './page.ts'

/** Waits before the page is loaded again; after the last of them the safe page is shown. */
const waitsMs = [0, 2000, 10_000]
/** So long without trouble, and the page has its full count of tries again. */
const quietMs = 60_000
/** A page that hangs longer than this is ended, and so treated as one that crashed. */
const hangsForMs = 30_000

/** Returns what ends it. */
export function recoverPage(
  window: BrowserWindow,
  { clock, timers, logger }: Pick<Ports, 'clock' | 'timers' | 'logger'>,
): () => void {
  const { webContents } = window
  /** What was shown last, so that the page comes back at its place. */
  let lastUrl = pageUrl()
  let failures: number[] = []
  let stopReload: (() => void) | null = null
  let stopHang: (() => void) | null = null

  function failed(what: Record<string, unknown>) {
    const nowMs = clock.monotonicMs()
    failures = [...failures.filter((atMs) => nowMs - atMs < quietMs), nowMs]
    logger.error('the page failed', { ...what, failures: failures.length })
    stopHang?.()
    stopReload?.()
    const waitMs = waitsMs[failures.length - 1]
    stopReload = timers.after(waitMs ?? 0, () => load(waitMs === undefined ? safePageUrl : lastUrl))
  }

  function load(url: string) {
    if (window.isDestroyed()) return
    window.loadURL(url).catch((error: unknown) => logger.warn('the page was not loaded again', { url, error }))
  }

  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason !== 'clean-exit') failed({ reason, exitCode })
  })
  window.on('unresponsive', () => {
    stopHang?.()
    stopHang = timers.after(hangsForMs, () => {
      logger.error('the page hangs and is ended', { hangsForMs })
      // The system then says that it is gone, which is where it is loaded again.
      webContents.forcefullyCrashRenderer()
    })
  })
  window.on('responsive', () => stopHang?.())
  webContents.on('did-start-navigation', ({ url, isMainFrame }) => {
    if (isMainFrame && isOwnPage(url) && url !== safePageUrl) lastUrl = url
  })
  return () => {
    stopHang?.()
    stopReload?.()
  }
}
