import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileSecrets } from '#main/adapters/file-secrets.ts'
import { keychainSecrets, type SafeStorage } from '#main/electron/keychain-secrets.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-keychain-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Turns bytes over, as a keychain that is no keychain. */
const storage = (backend?: string, isAvailable = true): SafeStorage => ({
  isAsyncEncryptionAvailable: async () => isAvailable,
  encryptStringAsync: async (text) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
  decryptStringAsync: async (bytes) => ({ result: Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString('utf8') }),
  ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
})
const open = (safeStorage = storage('gnome_libsecret')) =>
  keychainSecrets(safeStorage, directory, fileSecrets(directory))

describe('keychainSecrets', () => {
  it('gives back after a restart what was stored, and what was removed no more', async () => {
    const secrets = await open()
    await Promise.all([
      secrets.set('smtp', 'pässword-canary'),
      secrets.set('slack', 'x'),
      secrets.set('smtp', 'newer-canary'),
    ])
    await secrets.remove('slack')
    const again = await open()
    expect(await again.names()).toEqual(['smtp'])
    expect(await again.get('smtp')).toBe('newer-canary')
    expect(again.describe()).toEqual({ mechanism: 'encrypted by gnome_libsecret', trouble: null })
    const file = join(directory, 'keychain-secrets.json')
    expect(await readFile(file, 'utf8')).not.toContain('canary')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['basic_text', true],
    ['unknown', true],
    ['kwallet6', false],
  ])('never stores by %s (available: %s), but in the encrypted file, and tells', async (backend, isAvailable) => {
    const secrets = await open(storage(backend, isAvailable))
    await secrets.set('smtp', 'canary')
    expect(await secrets.get('smtp')).toBe('canary')
    expect((await readdir(directory)).sort()).toEqual(['secrets.json', 'secrets.key'])
    expect(secrets.describe().trouble).toContain('no keyring')
  })

  it('finds what was stored before there was a keyring, and moves it when it changes', async () => {
    await (await open(storage('basic_text'))).set('smtp', 'old')
    const secrets = await open()
    expect(await secrets.get('smtp')).toBe('old')
    await secrets.set('smtp', 'new')
    expect(await secrets.get('smtp')).toBe('new')
    expect(await fileSecrets(directory).names()).toEqual([])
  })

  it('refuses a value under another name, one that cannot be opened, and a damaged file', async () => {
    const secrets = await open()
    await secrets.set('a', 'first')
    await secrets.set('b', 'second')
    const file = join(directory, 'keychain-secrets.json')
    const { values } = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ version: 1, values: { a: values.b, c: 'AAAA' } }))
    await expect(secrets.get('a')).rejects.toMatchObject({ code: 'unavailable' })
    await expect(secrets.get('c')).rejects.toMatchObject({ code: 'unavailable' })
    await writeFile(file, '{"version":1')
    await expect(secrets.set('d', 'x')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await readFile(file, 'utf8')).toBe('{"version":1')
  })
})
