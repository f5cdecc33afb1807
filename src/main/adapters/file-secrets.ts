/**
 * Secrets in a file, for hosts without a keychain: each value encrypted with AES-256-GCM under a key in a file of its
 * own that only the owner may read. This protects backups and copies of the secrets' file, not against somebody who
 * can read the whole account.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Secrets } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'

const cipher = 'aes-256-gcm'
const keyBytes = 32
/** Source: NIST SP 800-38D, 8.2: 96 bits are the recommended length. */
const nonceBytes = 12
const tagBytes = 16

const SecretsFile = z.strictObject({
  version: z.literal(1),
  /** Base64 of nonce, tag and ciphertext; the name is authenticated with it, so values cannot be swapped. */
  values: z.record(z.string(), z.base64()),
})

/** Nothing is read or made before the first use. Every method rejects with AppError `unavailable` if a file is unfit. */
export function fileSecrets(directory: string): Secrets {
  const keyPath = join(directory, 'secrets.key')
  const valuesPath = join(directory, 'secrets.json')
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: each change rewrites the file. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined) // Told to the caller; the next turn stands on its own.
    return turn
  }

  async function change(edit: (values: Map<string, string>) => Promise<void>): Promise<void> {
    const values = await readValues(valuesPath)
    await edit(values)
    const content = { version: 1, values: Object.fromEntries(values) }
    await writeDurably(valuesPath, `${JSON.stringify(content, null, 2)}\n`)
  }

  return {
    get: (name) =>
      inTurn(async () => {
        const sealed = (await readValues(valuesPath)).get(name)
        if (sealed === undefined) return undefined
        const key = await readKey(keyPath)
        if (key === null) throw unfit(`${keyPath} is missing, so the stored secrets cannot be read: enter them again.`)
        return unseal(key, name, sealed)
      }),
    set: (name, value) =>
      inTurn(() =>
        change(async (values) => {
          const key = (await readKey(keyPath)) ?? (await makeKey(keyPath))
          values.set(name, seal(key, name, value))
        }),
      ),
    remove: (name) => inTurn(() => change(async (values) => void values.delete(name))),
    describe: () => ({ mechanism: `AES-256-GCM in ${valuesPath}, its key in ${keyPath}`, trouble: null }),
    names: () => inTurn(async () => [...(await readValues(valuesPath)).keys()].sort()),
  }
}

function seal(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(name))
  const encrypted = Buffer.concat([encryption.update(value, 'utf8'), encryption.final()])
  return Buffer.concat([nonce, encryption.getAuthTag(), encrypted]).toString('base64')
}

function unseal(key: Buffer, name: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    const parts = [decryption.update(bytes.subarray(nonceBytes + tagBytes)), decryption.final()]
    return Buffer.concat(parts).toString('utf8')
  } catch (error) {
    throw unfit(`The stored secret "${name}" does not fit the key or was altered: enter it again.`, error)
  }
}

async function readKey(path: string): Promise<Buffer | null> {
  const key = await readIfThere(path)
  if (key === null) return null
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unfit(`${path} may be read by others (mode ${(mode & 0o777).toString(8)}): run chmod 600 on it.`)
  }
  if (key.length !== keyBytes) throw unfit(`${path} should hold ${keyBytes} bytes and holds ${key.length}.`)
  return key
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes)
  await writeDurably(path, key)
  return key
}

async function readValues(path: string): Promise<Map<string, string>> {
  const text = await readIfThere(path)
  if (text === null) return new Map()
  try {
    return new Map(Object.entries(SecretsFile.parse(JSON.parse(text.toString('utf8'))).values))
  } catch (error) {
    throw unfit(
      `${path} cannot be understood: restore it from a backup, or move it away and enter secrets again.`,
      error,
    )
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw unfit(`${path} cannot be read.`, error)
  }
}

function unfit(message: string, cause?: unknown): AppError {
  const error = new AppError('unavailable', message)
  error.cause = cause
  return error
}
