/**
 * Tokens made on the command line. Only one process may open the store, and it may be running; so the command leaves
 * the new token's hash in a file of the data directory, and the console takes it in at its start or the first time the
 * token is shown. Whoever can write there owns the console anyway.
 */
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'
import { Instant } from '#shared/contract/common.ts'
import { roles } from '#shared/contract/define.ts'

export const HandedToken = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(80),
  role: z.enum(roles),
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
})
export type HandedToken = z.infer<typeof HandedToken>

export function handoverDirectory(dataDir: string): string {
  return join(dataDir, 'new-tokens')
}

export async function handOver(directory: string, token: HandedToken): Promise<void> {
  await writeDurably(join(directory, `${token.id}.json`), JSON.stringify(token))
}

export interface Handed {
  readonly token: HandedToken
  /** Removes the file, once the token is stored. */
  done(): Promise<void>
}

/** What was left there; a file that is no token is set aside under `.refused` and logged. */
export async function readHandovers(directory: string, logger: Logger): Promise<Handed[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  })
  const handed: Handed[] = []
  for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
    const path = join(directory, name)
    const token = await readToken(path)
    if (token) handed.push({ token, done: () => rm(path, { force: true }) })
    else {
      await rename(path, `${path}.refused`)
      logger.warn('a handed-over token could not be read and was set aside', { file: `${path}.refused` })
    }
  }
  return handed
}

async function readToken(path: string): Promise<HandedToken | null> {
  const text = await readFile(path, 'utf8')
  try {
    return HandedToken.parse(JSON.parse(text))
  } catch {
    // Neither JSON nor a token: the caller sets the file aside and says so.
    return null
  }
}
