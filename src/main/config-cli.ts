/** Entry of `npm run config`: 0 when all is well, 1 when the configuration has problems, 2 for wrong arguments. */
import { homedir } from 'node:os'
import { parseArgs } from 'node:util'
import { AppError } from '#shared/contract/errors.ts'
import { fileSecrets } from './adapters/file-secrets.ts'
import { configUsage, runConfigCommand } from './config/config-command.ts'
import { configuredKinds } from './config/configured-kinds.ts'
import { knownReferences } from './config/known-references.ts'
import { directoriesOf } from './directories.ts'

try {
  const { values, positionals } = parsed(process.argv.slice(2))
  const surroundings = { platform: process.platform, env: process.env, homeDir: homedir() }
  const { dataDir, configDir } = directoriesOf(surroundings, values)
  const { code, lines } = await runConfigCommand(positionals, {
    kinds: configuredKinds,
    directory: configDir,
    references: knownReferences(process.env, fileSecrets(dataDir)),
  })
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = code
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { data: { type: 'string' }, config: { type: 'string' } },
    })
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new AppError('invalid', `${detail}\n${configUsage}`)
  }
}
