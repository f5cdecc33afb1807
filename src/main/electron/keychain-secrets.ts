/**
 * Secrets under a key that the system keeps: Keychain, DPAPI, or a keyring of the Linux desktop. Without a keyring
 * Electron would "encrypt" under a key that is the same everywhere (`basic_text`); then Belfry's own encrypted file is
 * used instead, and that is told.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Secrets } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'

/** The part of Electron's safeStorage that is used. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(plainText: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string }>
  /** Linux only. */
  getSelectedStorageBackend?(): string
}

const KeychainFile = z.strictObject({
  version: z.literal(1),
  /** Base64 of what the system encrypted. */
  values: z.record(z.string(), z.base64()),
})
/** Authenticated with each value, so that values cannot be swapped between names. */
const Sealed = z.strictObject({ name: z.string(), value: z.string() })

/** Call it once the application is ready. `otherwise` is used where the system keeps no key, and for what it holds already. */
export async function keychainSecrets(
  safeStorage: SafeStorage,
  directory: string,
  otherwise: Secrets,
): Promise<Secrets> {
  const backend = safeStorage.getSelectedStorageBackend?.() ?? 'the keychain of the system'
  if (backend === 'basic_text' || backend === 'unknown' || !(await safeStorage.isAsyncEncryptionAvailable())) {
    const trouble =
      'This desktop offers no keyring, so secrets are in a file that whoever reads all of this account can open. ' +
      'Install and unlock a keyring such as gnome-keyring or KWallet, then start Belfry again.'
    return { ...otherwise, describe: () => ({ mechanism: otherwise.describe().mechanism, trouble }) }
  }
  const path = join(directory, 'keychain-secrets.json')
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: each change rewrites the file. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined) // Told to the caller; the next turn stands on its own.
    return turn
  }

  async function change(edit: (values: Map<string, string>) => void): Promise<void> {
    const values = await readValues(path)
    edit(values)
    await writeDurably(path, `${JSON.stringify({ version: 1, values: Object.fromEntries(values) }, null, 2)}\n`)
  }

  return {
    describe: () => ({ mechanism: `encrypted by ${backend}`, trouble: null }),
    get: (name) =>
      inTurn(async () => {
        const sealed = (await readValues(path)).get(name)
        if (sealed === undefined) return otherwise.get(name)
        return opened(safeStorage, name, sealed)
      }),
    set: (name, value) =>
      inTurn(async () => {
        const sealed = await safeStorage.encryptStringAsync(JSON.stringify({ name, value }))
        await change((values) => void values.set(name, sealed.toString('base64')))
        if ((await otherwise.names()).includes(name)) await otherwise.remove(name)
      }),
    remove: (name) =>
      inTurn(async () => {
        await change((values) => void values.delete(name))
        if ((await otherwise.names()).includes(name)) await otherwise.remove(name)
      }),
    names: () =>
      inTurn(async () => {
        const own = [...(await readValues(path)).keys()]
        return [...new Set([...own, ...(await otherwise.names())])].sort()
      }),
  }
}

async function opened(safeStorage: SafeStorage, name: string, sealed: string): Promise<string> {
  try {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))
    const content = Sealed.parse(JSON.parse(result))
    if (content.name === name) return content.value
    throw new Error(`it was stored as "${content.name}"`)
  } catch (error) {
    throw unfit(`The stored secret "${name}" cannot be opened with this system's key: enter it again.`, error)
  }
}

async function readValues(path: string): Promise<Map<string, string>> {
  try {
    const text = await readFile(path, 'utf8')
    return new Map(Object.entries(KeychainFile.parse(JSON.parse(text)).values))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return new Map()
    throw unfit(
      `${path} cannot be understood: restore it from a backup, or move it away and enter secrets again.`,
      error,
    )
  }
}

function unfit(message: string, cause: unknown): AppError {
  const error = new AppError('unavailable', message)
  error.cause = cause
  return error
}
