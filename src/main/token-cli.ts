/** Entry of `npm run token`: prints the new token's secret, alone on standard output, so that a script can keep it. */
import { homedir } from 'node:os'
import { AppError } from '#shared/contract/errors.ts'
import { makeToken, parseTokenCommand } from './access/token-command.ts'
import { systemClock } from './adapters/clock.ts'
import { timeOrderedIds } from './adapters/ids.ts'
import { directoriesOf } from './directories.ts'

try {
  const request = parseTokenCommand(process.argv.slice(2))
  const surroundings = { platform: process.platform, env: process.env, homeDir: homedir() }
  const { dataDir } = directoriesOf(surroundings, request)
  const secret = await makeToken(request, dataDir, { clock: systemClock, ids: timeOrderedIds(systemClock) })
  process.stderr.write(`Token "${request.name}" (${request.role}) for ${dataDir}; it is shown this once:\n`)
  process.stdout.write(`${secret}\n`)
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
