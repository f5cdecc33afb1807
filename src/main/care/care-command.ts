/** `npm run backup -- ...` and `npm run doctor`: what was asked for, done, and said in lines. */
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createBackupList } from '#main/backup/backup-list.ts'
import type { Clock, Desktop, Logger } from '#main/ports.ts'
import { readManifest } from '#main/store/backup/manifest.ts'
import { wantRestore } from '#main/store/backup/restore.ts'
import { withBackupThread } from '#main/store/backup-thread.ts'
import { readLockHolder } from '#main/store/data-lock.ts'
import type { BackupView } from '#shared/contract/backup.ts'
import { AppError } from '#shared/contract/errors.ts'
import { examine } from '../doctor/examine.ts'

const careUsage = `Looks after Belfry from the command line; the console may run meanwhile.

  npm run doctor                       examine everything around Belfry
  npm run backup -- create             take a backup of everything now
  npm run backup -- list               all backups, newest first
  npm run backup -- verify NAME|DIR    read every byte of one
  npm run backup -- restore NAME|DIR   have the next start put it in place (--with-configuration: belfry.yaml too)

  --data DIR       Belfry's data directory, where it is not the usual one
  --config DIR     its configuration directory
  --directory DIR  where backups lie (default: backups in the data directory)
`

const backupCommands = ['create', 'list', 'verify', 'restore'] as const

export interface CareRequest {
  readonly command: 'doctor' | (typeof backupCommands)[number]
  /** Of a backup: its name, or a directory. */
  readonly backup: string
  readonly data: string | undefined
  readonly config: string | undefined
  readonly directory: string | undefined
  readonly withConfiguration: boolean
}

/** AppError `invalid` says which argument is missing or wrong. */
export function parseCareCommand(args: readonly string[]): CareRequest {
  const { values, positionals } = parsed(args)
  const [area, verb, backup, ...more] = positionals
  const command = area === 'doctor' ? 'doctor' : backupCommands.find((one) => area === 'backup' && one === verb)
  const isAboutOne = command === 'verify' || command === 'restore'
  const expected = area === 'doctor' ? 1 : isAboutOne ? 3 : 2
  if (!command || positionals.length !== expected || more.length > 0) {
    throw new AppError(
      'invalid',
      `Expected one of ${backupCommands.join(', ')}, with a backup where one is meant.\n\n${careUsage}`,
    )
  }
  const { data, config, directory } = values
  return {
    command,
    backup: backup ?? '',
    data,
    config,
    directory,
    withConfiguration: values['with-configuration'] === true,
  }
}

export interface CareSurroundings {
  readonly dataDir: string
  readonly configDir: string
  readonly version: string
  readonly clock: Clock
  readonly logger: Logger
  readonly desktop: Desktop
  readonly print: (line: string) => void
}

/** Resolves with the exit code: 0, or 1 when something is wrong with what was looked at. */
export async function runCareCommand(request: CareRequest, surroundings: CareSurroundings): Promise<0 | 1> {
  const { dataDir, configDir, version, clock, logger, print } = surroundings
  const directory = request.directory ? resolve(request.directory) : join(dataDir, 'backups')
  const folder = isAbsolute(request.backup) ? request.backup : join(directory, request.backup)
  switch (request.command) {
    case 'doctor':
      return doctor(surroundings)
    case 'list': {
      const { backups, problem } = createBackupList()(directory)
      if (problem !== null) throw new AppError('unprocessable', problem)
      for (const line of tableOf(backups)) print(line)
      if (backups.length === 0) print(`There is no backup in ${directory}.`)
      return 0
    }
    case 'create': {
      const name = await withBackupThread(logger, (channel) =>
        channel.call('backup.take', {
          dataDir,
          configDir,
          directory,
          takenAt: clock.now(),
          version,
          trigger: 'command',
          leaveFreeBytes,
        }),
      )
      print(
        `${join(directory, name)} is taken and checked. The key of the secrets is not in it: keep secrets.key elsewhere.`,
      )
      return 0
    }
    case 'verify': {
      const problem = await verify(folder, surroundings)
      print(problem === null ? `${folder} is whole.` : `${folder} is damaged: ${problem}`)
      return problem === null ? 0 : 1
    }
    case 'restore': {
      const problem = await verify(folder, surroundings)
      if (problem !== null) throw new AppError('unprocessable', `${folder} is damaged and is not restored: ${problem}`)
      wantRestore(dataDir, {
        folder,
        takenAt: readManifest(folder).takenAt,
        requestedAt: clock.now(),
        withConfiguration: request.withConfiguration,
      })
      const running = readLockHolder(dataDir) ? 'Belfry is running: restart it, and it' : 'The next start'
      print(`${running} restores ${folder}. What is there now is set aside, not deleted.`)
      return 0
    }
  }
}

/** As the console does. */
const leaveFreeBytes = 512 * 1024 * 1024

function verify(folder: string, { clock, logger }: CareSurroundings): Promise<string | null> {
  return withBackupThread(logger, (channel) => channel.call('backup.verify', { folder, at: clock.now() }))
}

async function doctor({
  dataDir,
  configDir,
  version,
  clock,
  logger,
  desktop,
  print,
}: CareSurroundings): Promise<0 | 1> {
  const { findings, text } = await examine({
    dataDir,
    configDir,
    version,
    desktop,
    platform: process.platform,
    env: process.env,
    now: clock.now,
    checkDatabase: (file) => withBackupThread(logger, (channel) => channel.call('database.check', { file })),
    configurationProblems: () => null,
    addresses: () => null,
  })
  print(text.trimEnd())
  return findings.some(({ status }) => status === 'bad') ? 1 : 0
}

function tableOf(backups: readonly BackupView[]): string[] {
  return backups.map(({ id, bytes, ownBytes, verdict }) => {
    const state = verdict === null ? 'not checked' : (verdict.problem ?? 'whole')
    return `${id}  ${mebibytes(bytes)}, ${mebibytes(ownBytes)} of its own  ${state}`
  })
}

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        config: { type: 'string' },
        directory: { type: 'string' },
        'with-configuration': { type: 'boolean' },
      },
    })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AppError('invalid', `${error.message.split('. ', 1)[0]}.\n\n${careUsage}`)
  }
}
