/** A configuration directory of its own for each test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'
import { z } from 'zod'
import { type OpenConfig, openConfigFile } from '#main/config/open-config.ts'
import type { References } from '#main/config/references.ts'
import { memoryLogger } from '#test/support/ports.ts'

const checks = [
  {
    kind: 'http',
    config: z.strictObject({
      url: z.string(),
      password: z.string().default('').meta({ secret: true }),
      retries: z.number().int().default(0),
    }),
  },
  { kind: 'tcp', config: z.strictObject({ host: z.string(), port: z.number().int().min(1).max(65_535) }) },
]

const collectors = [
  {
    kind: 'store',
    config: z.strictObject({
      host: z.string(),
      port: z.number().int().default(1),
      password: z.string().default('').meta({ secret: true }),
    }),
  },
]

export const kinds = { checks, collectors }

const directories: string[] = []
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
})

export interface ConfigRoom {
  readonly directory: string
  readonly logger: ReturnType<typeof memoryLogger>
  /** Assign to change what references stand for. */
  references: References
  at(name: string): string
  write(name: string, text: string | Uint8Array): Promise<void>
  open(): Promise<OpenConfig>
}

/** `files`: texts by their names within the directory. */
export async function configRoom(files: Readonly<Record<string, string>> = {}): Promise<ConfigRoom> {
  const directory = await mkdtemp(join(tmpdir(), 'belfry-config-'))
  directories.push(directory)
  const logger = memoryLogger()
  const room: ConfigRoom = {
    directory,
    logger,
    references: { environment: {}, secrets: {} },
    at: (name) => join(directory, name),
    async write(name, text) {
      await mkdir(dirname(join(directory, name)), { recursive: true })
      await writeFile(join(directory, name), text)
    },
    open: () => openConfigFile({ directory, logger, kinds, references: async () => room.references }),
  }
  for (const [name, text] of Object.entries(files)) await room.write(name, text)
  return room
}

/** Problems as an operator reads them, file names without their directory. */
export function toldBy(config: OpenConfig): string[] {
  return config
    .problems()
    .map(({ file, line, path, message }) => `${config.nameOf(file)}:${line ?? ''} ${path}: ${message}`)
}
