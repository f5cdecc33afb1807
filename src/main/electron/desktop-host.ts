/**
 * The Electron host: window, tray, menu and IPC around one console, and their end in order. It is given the console
 * already built, so it knows nothing of how that is done.
 */
import { join } from 'node:path'
import { app, shell } from 'electron'
import type { ApplicationFiles } from '#main/application-files.ts'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type ConsoleListener, startConsoleListener } from '../http/console-listener.ts'
import { openIntake } from '../http/intake-listener.ts'
import { servePage } from './app-protocol.ts'
import { setAutostart } from './autostart.ts'
import { placeOf } from './deep-link.ts'
import { serveIpc } from './ipc.ts'
import { lockDown } from './lockdown.ts'
import { openMainWindow } from './main-window.ts'
import { setMenu } from './menu.ts'
import { openTray } from './tray.ts'
import { openWallWindows } from './wall-windows.ts'

export interface DesktopHostOptions {
  readonly console: Console
  readonly ports: Ports
  readonly files: ApplicationFiles
  readonly dataDir: string
  readonly adminToken: string | null
  readonly startsHidden: boolean
}

export interface DesktopHost {
  /** Shows the window, at what a `belfry://` link leads to if one is given. */
  open(link?: string | null): void
  /** Ends the surfaces, then the console. */
  close(): Promise<void>
}

export async function startDesktopHost(options: DesktopHostOptions): Promise<DesktopHost> {
  const { console, ports, files } = options
  const iconDir = join(files.resourcesDir, 'icons')
  lockDown(ports.logger)
  // electron-vite says where it serves the page while it is developed; an installed application does not listen.
  const devServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
  await servePage(files.pageDir, devServer ?? null)
  const ipc = serveIpc({ console, ports })
  const listener = await openListener(options)
  const intake = await openIntake({ console, ports, allowedHosts: [], adminToken: options.adminToken })
  const window = await openMainWindow({
    ports,
    preloadFile: files.preloadFile,
    iconFile: join(iconDir, 'belfry.png'),
    stateFile: join(options.dataDir, 'window.json'),
    startsHidden: options.startsHidden,
    onFirstHidden: () => tellAboutTray(ports),
  })
  const walls = await openWallWindows({
    console,
    ports,
    preloadFile: files.preloadFile,
    iconFile: join(iconDir, 'belfry.png'),
    stateFile: join(options.dataDir, 'wall-windows.json'),
  })
  const closeTray = openTray({
    console,
    ports,
    iconDir,
    open: (place) => window.show(place),
    openInBrowser: listener && (() => void openInBrowser(listener, ports)),
    quit: () => app.quit(),
  })
  setMenu({ platform: process.platform, open: (place) => window.show(place), quit: () => app.quit() })
  app.on('activate', () => window.show())
  const stopAutostart = followAutostart(options)
  return {
    open: (link) => window.show(link ? placeOf(link) : null),
    async close() {
      stopAutostart()
      closeTray()
      await walls.close()
      await window.close()
      ipc.close()
      await listener?.close()
      await intake?.close()
      await console.close()
    },
  }
}

/** Null when it is switched off, or cannot be opened: then the window says why and the rest goes on. */
async function openListener({
  console,
  ports,
  files,
  adminToken,
}: DesktopHostOptions): Promise<ConsoleListener | null> {
  const settings = console.config.current().settings.console
  if (!settings.enabled) return null
  try {
    const listener = await startConsoleListener({
      console,
      ports,
      host: '127.0.0.1',
      port: settings.port,
      tls: null,
      allowedHosts: [],
      adminToken,
      pageDir: files.pageDir,
      version: files.version,
    })
    console.announce(listener.url)
    return listener
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    console.notices.raise({
      id: 'console-listener',
      level: 'error',
      title: 'The console is not served to browsers',
      message: error.message,
    })
    return null
  }
}

/** The system's list of programs follows the setting. */
function followAutostart({ console: { config }, ports: { logger } }: DesktopHostOptions): () => void {
  const program = process.env['APPIMAGE'] ?? process.execPath
  let known: boolean | null = null
  const follow = () => {
    const { autostart } = config.current().settings.desktop
    if (autostart === known) return
    known = autostart
    void setAutostart(autostart, { platform: process.platform, program, logger })
  }
  follow()
  return config.onChange(follow)
}

async function openInBrowser(listener: ConsoleListener, { logger }: Ports): Promise<void> {
  try {
    await shell.openExternal(listener.createLoginLink())
  } catch (error) {
    logger.warn('the browser could not be opened', { error })
  }
}

function tellAboutTray({ desktop, logger }: Ports): void {
  const title = 'Belfry keeps watching'
  const body = 'The window is closed, and alerts still ring. To end Belfry, choose Quit in the tray.'
  desktop
    .notify({ title, body, severity: 'info', silent: true })
    .catch((error: unknown) => logger.warn('the notice about the tray was not shown', { error }))
}
