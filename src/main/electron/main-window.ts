/**
 * The one main window. Closing it hides it, for Belfry goes on watching from the tray.
 */
import { BrowserWindow, screen } from 'electron'
import type { Ports } from '#main/ports.ts'
import { pageUrl } from './page.ts'
import { recoverPage } from './page-recovery.ts'
import { boundsOnDisplays, defaultSize, leastSize, readWindowState, saveWindowState } from './window-state.ts'

export interface MainWindowOptions {
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly preloadFile: string
  readonly iconFile: string
  readonly stateFile: string
  /** It does not come up by itself: Belfry began with the session. */
  readonly startsHidden: boolean
  /** Called the first time ever that closing only hides. */
  readonly onFirstHidden: () => void
}

export interface MainWindow {
  /** Brings the window to the front, at a place of the page (a fragment) if one is given. */
  show(place?: string | null): void
  /** Closes it for good. */
  close(): Promise<void>
}

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
      // Alerts may sound in a window that nobody has clicked yet.
      autoplayPolicy: 'no-user-gesture-required',
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
  if (!options.startsHidden) window.once('ready-to-show', () => window.show())
  const stopRecovering = recoverPage(window, ports)
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
      stopRecovering()
      stopSaving?.()
      if (!window.isDestroyed()) window.destroy()
      await saveWindowState(stateFile, state, ports.logger)
    },
  }
}
