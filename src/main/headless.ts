/** Entry of the headless host: arguments, ports and signals around headless/serve-console.ts. */
import './thread-pool.ts'
import { homedir } from 'node:os'
import { AppError } from '#shared/contract/errors.ts'
import { desktopNotifier } from './adapters/desktop.ts'
import { openSystemPorts, type SystemPorts } from './adapters/system-ports.ts'
import { applicationFiles } from './application-files.ts'
import { compose } from './compose.ts'
import { directoriesOf } from './directories.ts'
import { parseHeadlessArguments, usage } from './headless/arguments.ts'
import { browserCommand, openBrowser } from './headless/open-browser.ts'
import { type ServedConsole, serveConsole } from './headless/serve-console.ts'
import { checkedAdminToken } from './http/authenticator.ts'

/** Asks whoever started this process to start it anew, where they said they would: see scripts/tasks/start.mjs. */
const startAgainCode = 75

/** A graceful end may take this long before it is cut short. */
const closeWithinMs = 10_000
const answerFirstMs = 200

try {
  await main()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(error.code === 'invalid' ? 2 : 1)
}

async function main(): Promise<void> {
  // What Belfry keeps is its owner's alone.
  process.umask(0o077)
  const args = parseHeadlessArguments(process.argv.slice(2))
  if (args.help) {
    process.stdout.write(usage)
    return
  }
  const adminToken = checkedAdminToken(process.env['BELFRY_TOKEN'])
  const surroundings = { platform: process.platform, env: process.env, homeDir: homedir() }
  const files = applicationFiles()
  const directories = directoriesOf(surroundings, args)
  const system = openSystemPorts(directories.dataDir, () => desktopNotifier())
  endOnBugs(system)
  outliveReaders(system)
  const { ports, log } = system
  let end = (_code: number) => {}
  const mayRestart = process.env['BELFRY_RESTARTS'] === '1'
  const console = await compose(ports, {
    ...files,
    ...directories,
    host: 'headless',
    log,
    ...(mayRestart ? { restart: () => end(startAgainCode) } : {}),
  })
  log.setLevel(console.config.current().settings.logLevel)
  console.config.onChange((config) => log.setLevel(config.settings.logLevel))
  const served = await serveConsole({
    ...files,
    console,
    ports,
    args,
    adminToken,
    print: (line) => process.stdout.write(`${line}\n`),
  })
  end = endInOrder(system, served)
  printLinksOnRequest(served)
  // Last, for whoever reads the line may send a signal at once.
  const link = served.printWelcome()
  const browser = args.open ? browserCommand(surroundings, link) : null
  if (browser) openBrowser(browser, (error) => ports.logger.warn('the browser could not be opened', { error }))
}

/** What nobody caught leaves the console in a state nobody knows: it is logged, said, and ended. */
function endOnBugs({ ports }: SystemPorts): void {
  const end = (error: unknown) => {
    ports.logger.error('Belfry ended on an error that nobody caught', { error })
    process.stderr.write(`Belfry ended unexpectedly: ${error instanceof Error ? error.stack : error}\n`)
    process.exit(70)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

/** Whoever read what Belfry prints may go, a closed terminal or a pipe that ended; that is no reason not to watch. */
function outliveReaders({ ports }: SystemPorts): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => ports.logger.warn('nobody reads what Belfry prints', { error }))
  }
}

/** Ends on signals, and when what it returns is called, with that exit code. */
function endInOrder(system: SystemPorts, served: ServedConsole): (code: number) => void {
  let isEnding = false
  let failed = false
  const { logger, timers } = system.ports
  const end = (code: number) => {
    if (isEnding) process.exit(1)
    isEnding = true
    timers.after(closeWithinMs, () => {
      logger.error('Belfry did not end in time and was cut short', { closeWithinMs })
      process.exit(1)
    })
    void served
      .close()
      .catch((error: unknown) => {
        logger.error('Belfry could not end in order', { error })
        failed = true
      })
      .then(() => system.close())
      .then(() => process.exit(code === 0 && failed ? 1 : code))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      logger.info('Belfry is ending', { signal })
      end(0)
    })
  }
  return (code) => {
    logger.info('Belfry is ending to be started anew')
    // The answer to whoever asked goes out first.
    timers.after(answerFirstMs, () => end(code))
  }
}

function printLinksOnRequest(served: ServedConsole): void {
  // Windows has no such signal, and says so by an exception.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => served.printLink())
  if (process.stdin.isTTY) process.stdin.on('data', () => served.printLink())
}
