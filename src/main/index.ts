/** Entry of the Electron host: one instance, its data directory, its ports, and an orderly end. */
import './thread-pool.ts'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, dialog, safeStorage } from 'electron'
import { AppError } from '#shared/contract/errors.ts'
import { systemTimers } from './adapters/clock.ts'
import { fileSecrets } from './adapters/file-secrets.ts'
import { openSystemPorts, type SystemPorts } from './adapters/system-ports.ts'
import { applicationFiles } from './application-files.ts'
import { compose } from './compose.ts'
import { directoriesOf } from './directories.ts'
import { declarePageScheme } from './electron/app-protocol.ts'
import { deepLinkAmong, deepLinkScheme } from './electron/deep-link.ts'
import { type DesktopHost, startDesktopHost } from './electron/desktop-host.ts'
import { keychainSecrets } from './electron/keychain-secrets.ts'
import { electronDesktop } from './electron/notifications.ts'
import { electronPower } from './electron/power.ts'
import { checkedAdminToken } from './http/authenticator.ts'

/** A graceful end may take this long before it is cut short. */
const closeWithinMs = 10_000

const { values: asked } = parseArgs({
  strict: false,
  options: { data: { type: 'string' }, config: { type: 'string' }, hidden: { type: 'boolean' } },
})
const surroundings = { platform: process.platform, env: process.env, homeDir: homedir() }
const directories = directoriesOf(surroundings, { data: textOf(asked['data']), config: textOf(asked['config']) })

// What Belfry keeps is its owner's alone.
process.umask(0o077)
declarePageScheme()
app.setName('Belfry')
app.setAppUserModelId('org.belfry.Belfry')
// Electron's own files go beside ours, so that each data directory has an instance of its own.
app.setPath('userData', join(directories.dataDir, 'window'))

if (app.requestSingleInstanceLock()) void run()
else app.quit()

async function run(): Promise<void> {
  let host: DesktopHost | undefined
  let link = deepLinkAmong(process.argv)
  const open = (wanted: string | null) => {
    // Before the host is there, the last link wanted is where it will open.
    if (host) host.open(wanted)
    else link = wanted ?? link
  }
  app.on('second-instance', (_event, args) => open(deepLinkAmong(args)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    open(url)
  })
  // The tray keeps Belfry alive, not its windows.
  app.on('window-all-closed', () => undefined)
  app.setAsDefaultProtocolClient(deepLinkScheme)

  await app.whenReady()
  const secrets = await keychainSecrets(safeStorage, directories.dataDir, fileSecrets(directories.dataDir))
  const opened = openSystemPorts(directories.dataDir, () => electronDesktop(systemTimers, open), secrets)
  const system = { ...opened, ports: { ...opened.ports, power: electronPower() } }
  endOnBugs(system)
  try {
    host = await start(system)
    endInOrder(system, host)
    if (link) host.open(link)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    system.ports.logger.error('Belfry could not start', { error })
    dialog.showErrorBox('Belfry cannot start', error.message)
    app.exit(1)
  }
}

async function start({ ports, log }: SystemPorts): Promise<DesktopHost> {
  const files = applicationFiles()
  const adminToken = checkedAdminToken(process.env['BELFRY_TOKEN'])
  const console = await compose(ports, { ...files, ...directories, host: 'electron', log, restart })
  log.setLevel(console.config.current().settings.logLevel)
  console.config.onChange((config) => log.setLevel(config.settings.logLevel))
  return startDesktopHost({
    console,
    ports,
    files,
    dataDir: directories.dataDir,
    adminToken,
    startsHidden: asked['hidden'] === true,
  })
}

/** Whoever started this process may say that they start it anew when it ends with this code: see scripts/tasks/start.mjs. */
const startAgainCode = 75
let exitCode = 0

function restart(): void {
  if (process.env['BELFRY_RESTARTS'] === '1') exitCode = startAgainCode
  else app.relaunch()
  // The answer to whoever asked goes out first.
  systemTimers.after(200, () => app.quit())
}

function endInOrder(system: SystemPorts, host: DesktopHost): void {
  const { logger, timers } = system.ports
  let isEnding = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isEnding) return
    isEnding = true
    timers.after(closeWithinMs, () => {
      logger.error('Belfry did not end in time and was cut short', { closeWithinMs })
      app.exit(1)
    })
    void host
      .close()
      .catch((error: unknown) => logger.error('Belfry could not end in order', { error }))
      .then(() => system.close())
      .then(() => app.exit(exitCode))
  })
  process.on('SIGTERM', () => app.quit())
  process.on('SIGINT', () => app.quit())
}

/** What nobody caught leaves the console in a state nobody knows: it is logged, said, and ended. */
function endOnBugs({ ports }: SystemPorts): void {
  const end = (error: unknown) => {
    ports.logger.error('Belfry ended on an error that nobody caught', { error })
    dialog.showErrorBox('Belfry ended unexpectedly', error instanceof Error ? error.message : String(error))
    app.exit(70)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
