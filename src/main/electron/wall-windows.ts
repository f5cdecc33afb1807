/**
 * Walls on displays of this machine: one full-screen window each, without a way to anything else. A display that is
 * unplugged takes its window along, and gets it back when it returns.
 */
import { BrowserWindow, powerSaveBlocker, screen } from 'electron'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { WallDisplay } from '#shared/contract/walls.ts'
import { wallUrl } from './page.ts'
import { recoverPage } from './page-recovery.ts'
import { displayOf, type KeptWall, readKeptWalls, saveKeptWalls } from './wall-displays-kept.ts'

export interface WallWindowsOptions {
  readonly console: Pick<Console, 'config' | 'wallDisplays'>
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly preloadFile: string
  readonly iconFile: string
  readonly stateFile: string
}

interface WallWindow {
  readonly window: BrowserWindow
  readonly wall: string
  readonly stopRecovering: () => void
}

export async function openWallWindows(options: WallWindowsOptions): Promise<{ close(): Promise<void> }> {
  const { console, ports, stateFile } = options
  let kept: readonly KeptWall[] = await readKeptWalls(stateFile)
  let saving: Promise<void> = Promise.resolve()
  const open = new Map<string, WallWindow>()
  let blocker: number | null = null

  /** Makes the windows what is kept: called whenever a display, a wall or a choice has changed. */
  function reconcile() {
    const names = new Set(console.config.current().walls.map(({ name }) => name))
    const present = presentDisplays()
    const wanted = new Map<string, string>()
    for (const one of kept) {
      const display = names.has(one.wall) ? displayOf(one, present) : null
      if (display !== null) wanted.set(display, one.wall)
    }
    for (const [display, shown] of open) if (wanted.get(display) !== shown.wall) shut(display)
    for (const [display, wall] of wanted) if (!open.has(display)) show(display, wall)
    keepAwake(open.size > 0)
  }

  function show(display: string, wall: string) {
    const found = screen.getAllDisplays().find(({ id }) => String(id) === display)
    if (!found) return
    const window = new BrowserWindow({
      ...found.bounds,
      show: false,
      frame: false,
      fullscreen: true,
      title: 'Belfry',
      icon: options.iconFile,
      backgroundColor: '#0E1116',
      webPreferences: {
        preload: options.preloadFile,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        // A wall that another window covers goes on all the same.
        backgroundThrottling: false,
      },
    })
    window.once('ready-to-show', () => window.show())
    window.on('closed', () => {
      const shown = open.get(display)
      if (shown?.window !== window) return
      // Closed by hand, as the system lets people do: it stays away.
      shown.stopRecovering()
      open.delete(display)
      forget(display)
    })
    const stopRecovering = recoverPage(window, ports)
    open.set(display, { window, wall, stopRecovering })
    window.loadURL(wallUrl(wall)).catch((error: unknown) => {
      ports.logger.warn('a wall was not loaded', { wall, error })
    })
  }

  function shut(display: string) {
    const shown = open.get(display)
    open.delete(display)
    shown?.stopRecovering()
    if (shown && !shown.window.isDestroyed()) shown.window.destroy()
  }

  function keep(next: readonly KeptWall[]) {
    kept = next
    saving = saving.then(() => saveKeptWalls(stateFile, kept, ports.logger))
    reconcile()
  }

  function forget(display: string) {
    const present = presentDisplays()
    keep(kept.filter((one) => displayOf(one, present) !== display))
  }

  function keepAwake(isNeeded: boolean) {
    if (isNeeded) blocker ??= powerSaveBlocker.start('prevent-display-sleep')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }

  const takeBack = console.wallDisplays.lend({
    displays: () => presentDisplays().map((one) => ({ ...one, wall: open.get(one.id)?.wall ?? null })),
    show(display, wall) {
      const present = presentDisplays()
      const found = present.find(({ id }) => id === display)
      if (!found) throw new AppError('not-found', 'This display is not connected any more.')
      const others = kept.filter((one) => displayOf(one, present) !== display)
      const { label, widthPx, heightPx } = found
      keep(wall === null ? others : [...others, { display, label, widthPx, heightPx, wall }])
    },
  })
  const stopConfig = console.config.onChange(reconcile)
  screen.on('display-added', reconcile)
  screen.on('display-removed', reconcile)
  reconcile()
  return {
    async close() {
      takeBack()
      stopConfig()
      screen.off('display-added', reconcile)
      screen.off('display-removed', reconcile)
      for (const display of [...open.keys()]) shut(display)
      keepAwake(false)
      await saving
    },
  }
}

function presentDisplays(): Omit<WallDisplay, 'wall'>[] {
  const primary = screen.getPrimaryDisplay().id
  return screen.getAllDisplays().map(({ id, label, size }, index) => ({
    id: String(id),
    label: label || `Display ${index + 1}`,
    widthPx: size.width,
    heightPx: size.height,
    isPrimary: id === primary,
  }))
}
