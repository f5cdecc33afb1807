/** Entry of `npm run backup` and `npm run doctor`. */
import { homedir } from 'node:os'
import { AppError } from '#shared/contract/errors.ts'
import { systemClock } from './adapters/clock.ts'
import { desktopNotifier } from './adapters/desktop.ts'
import { applicationFiles } from './application-files.ts'
import { parseCareCommand, runCareCommand } from './care/care-command.ts'
import { directoriesOf } from './directories.ts'
import type { Logger } from './ports.ts'

/** A command has no log of its own: what goes wrong is said where it was asked. */
const onStandardError: Logger = {
  debug() {},
  info() {},
  warn: (message) => void process.stderr.write(`${message}\n`),
  error: (message) => void process.stderr.write(`${message}\n`),
  child: () => onStandardError,
}

try {
  // Backups are their owner's alone.
  process.umask(0o077)
  const request = parseCareCommand(process.argv.slice(2))
  const directories = directoriesOf({ platform: process.platform, env: process.env, homeDir: homedir() }, request)
  process.exitCode = await runCareCommand(request, {
    ...directories,
    version: applicationFiles().version,
    clock: systemClock,
    logger: onStandardError,
    desktop: desktopNotifier(),
    print: (line) => process.stdout.write(`${line}\n`),
  })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'invalid' ? 2 : 1
}
