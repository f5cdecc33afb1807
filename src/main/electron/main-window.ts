/**
 * The one main window. Closing it hides it, for Belfry goes on watching from the tray; a page that crashes is loaded
 * again, but not for ever.
 */
import { BrowserWindow, dialog, screen } from 'electron'
import type { Logger, Ports } from '#main/ports.ts'
import { pageUrl } from './page.ts'
import { boundsOnDisplays, defaultSize, leastSize, readWindowState, saveWindowState } from './window-state.ts'

export interface MainWindowOptions {
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly preloadFile: string
  readonly iconFile: string
  readonly stateFile: string
  /** Called the first time ever that closing only hides. */
  readonly onFirstHidden: () => void
}

export interface MainWindow {
  /** Brings the window to the front, at a place of the page (a fragment) if one is given. */
  show(place?: string | null): void
  /** Closes it for good. */
  close(): Promise<void>
}

const maxReloads = 3
const reloadWindowMs = 60_000
/** Moving and sizing come in floods. */
const saveAfterMs = 1000
/** The page's own background in the dark theme, so that the window does not flash white. */
const background = '#0E1116'

export async function openMainWindow(options: MainWindowOptions): Promise<MainWindow> {
  const { ports, stateFile } = options
  let state = await readWindowState(stateFile)
  const displays = screen.getAllDisplays().map((display) => display.workArea)
  const window = new BrowserWindow({
    ...(boundsOnDisplays(state.bounds, displays) ?? defaultSize),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    show: false,
    title: 'Belfry',
    icon: options.iconFile,
    backgroundColor: background,
    webPreferences: {
      preload: options.preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (state.isMaximized) window.maximize()

  let stopSaving: (() => void) | null = null
  const keepState = () => {
    state = { ...state, bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }
    stopSaving?.()
    stopSaving = ports.timers.after(saveAfterMs, () => void saveWindowState(stateFile, state, ports.logger))
  }
  window.on('resize', keepState)
  window.on('move', keepState)
  window.on('maximize', keepState)
  window.on('unmaximize', keepState)

  let isEnding = false
  window.on('close', (event) => {
    if (isEnding) return
    event.preventDefault()
    window.hide()
    if (state.knowsTray) return
    state = { ...state, knowsTray: true }
    void saveWindowState(stateFile, state, ports.logger)
    options.onFirstHidden()
  })
  // Only once: a page that is loaded again must not bring a hidden window back.
  window.once('ready-to-show', () => window.show())
  reloadAfterCrashes(window, ports)
  await window.loadURL(pageUrl())

  function goTo(place: string) {
    window.loadURL(pageUrl(place)).catch((error: unknown) => {
      // Also when the next place was chosen before this one was reached.
      ports.logger.warn('a place of the page was not reached', { place, error })
    })
  }

  return {
    show(place) {
      if (place) goTo(place)
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    async close() {
      isEnding = true
      stopSaving?.()
      if (!window.isDestroyed()) window.destroy()
      await saveWindowState(stateFile, state, ports.logger)
    },
  }
}

function reloadAfterCrashes(window: BrowserWindow, { clock, logger }: MainWindowOptions['ports']): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return
    const nowMs = clock.monotonicMs()
    crashes = [...crashes.filter((atMs) => nowMs - atMs < reloadWindowMs), nowMs]
    logger.error('the page crashed', { reason: details.reason, exitCode: details.exitCode, crashes: crashes.length })
    if (crashes.length <= maxReloads) window.webContents.reload()
    else sayThatItKeepsCrashing(logger)
  })
}

/** Not an error box, for that holds up the whole process until somebody closes it. */
function sayThatItKeepsCrashing(logger: Logger): void {
  const message = 'The window keeps crashing'
  const detail = 'Belfry goes on watching. Quit and start it again to see it.'
  dialog
    .showMessageBox({ type: 'error', message, detail })
    .catch((error: unknown) => logger.warn('the crashes of the page could not be told', { error }))
}
