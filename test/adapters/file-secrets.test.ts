import { chmod, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileSecrets } from '#main/adapters/file-secrets.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-secrets-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))
const at = (name: string) => join(directory, name)

describe('fileSecrets', () => {
  it('gives back after a restart what was stored, and what was removed no more', async () => {
    const secrets = fileSecrets(directory)
    await Promise.all([secrets.set('smtp', 'pässword'), secrets.set('slack', 'x'), secrets.set('smtp', 'newer')])
    await secrets.remove('slack')
    const reopened = fileSecrets(directory)
    expect(await reopened.names()).toEqual(['smtp'])
    expect(await reopened.get('smtp')).toBe('newer')
    expect(await reopened.get('slack')).toBeUndefined()
  })

  it('keeps both files for the owner, and the value out of both', async () => {
    await fileSecrets(directory).set('smtp', 'hunter2-canary')
    for (const name of ['secrets.key', 'secrets.json']) {
      expect((await stat(at(name))).mode & 0o777).toBe(0o600)
      expect(await readFile(at(name), 'latin1')).not.toContain('canary')
    }
  })

  it('makes no file before there is a secret', async () => {
    expect(await fileSecrets(directory).names()).toEqual([])
    await expect(stat(at('secrets.key'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('refuses a value that was altered or put under another name', async () => {
    const secrets = fileSecrets(directory)
    await secrets.set('a', 'first')
    await secrets.set('b', 'second')
    const file = JSON.parse(await readFile(at('secrets.json'), 'utf8'))
    await writeFile(at('secrets.json'), JSON.stringify({ ...file, values: { a: file.values.b } }))
    await expect(secrets.get('a')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('refuses a key that others may read, and says what to do', async () => {
    const secrets = fileSecrets(directory)
    await secrets.set('a', 'x')
    await chmod(at('secrets.key'), 0o644)
    await expect(secrets.get('a')).rejects.toThrow('chmod 600')
  })

  it('says so when the key is gone or a file is damaged, and overwrites neither', async () => {
    const secrets = fileSecrets(directory)
    await secrets.set('a', 'x')
    await unlink(at('secrets.key'))
    await expect(secrets.get('a')).rejects.toThrow('secrets.key is missing')
    await writeFile(at('secrets.json'), '{"version":1')
    await expect(secrets.set('b', 'y')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await readFile(at('secrets.json'), 'utf8')).toBe('{"version":1')
  })
})
