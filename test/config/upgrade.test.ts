import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openConfigFile } from '#main/config/open-config.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { configRoom, kinds, toldBy } from './support.ts'

/** A step as there may be one day: `journal:` came to be called `log:`. */
const versions = {
  current: 2,
  steps: [
    {
      from: 1,
      change(document: {
        has(key: string): boolean
        get(key: string): unknown
        set(key: string, value: unknown): void
        delete(key: string): boolean
      }) {
        if (!document.has('journal')) return
        document.set('log', document.get('journal'))
        document.delete('journal')
      },
    },
  ],
}
const old = `# mine
version: 1

checks:   # all of them
  - {name: A, kind: tcp, config: {host: h,   port: 1}}
journal: {level: warn}
`
const open = async (text: string) => {
  const room = await configRoom({ 'belfry.yaml': text })
  const options = { directory: room.directory, logger: memoryLogger(), kinds, versions }
  return { room, config: await openConfigFile(options) }
}

describe('a file of an older version', () => {
  it('is read as it is meant, and left alone by reading', async () => {
    const { room, config } = await open(old)
    expect(toldBy(config)).toEqual([])
    expect(config.current().settings.logLevel).toBe('warn')
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(old)
  })

  it('is written in the present version by the first edit, comments kept, the old one beside it', async () => {
    const { room, config } = await open(old)
    await config.setChecksEnabled(['a'], false)
    const text = await readFile(room.at('belfry.yaml'), 'utf8')
    expect(text).toMatch(/^# mine\nversion: 2\n\nchecks:\s+# all of them\n/)
    expect(text).toMatch(/log: ?\n? *\{? *level: warn/)
    expect(text).not.toContain('journal')
    expect(config.current().settings.logLevel).toBe('warn')
    expect((await readdir(room.directory)).sort()).toEqual(['belfry.yaml', 'belfry.yaml.v1.bak'])
    expect(await readFile(room.at('belfry.yaml.v1.bak'), 'utf8')).toBe(old)
    await config.setChecksEnabled(['a'], true)
    expect(await readFile(room.at('belfry.yaml.v1.bak'), 'utf8')).toBe(old)
  })

  it('is not written by an edit that changes nothing', async () => {
    const { room, config } = await open(old)
    await config.setChecksEnabled(['a'], true)
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(old)
  })

  it('is refused when nothing leads from it, or when it is newer', async () => {
    expect(toldBy((await open('version: 3\n')).config)).toEqual([
      'belfry.yaml:1 : expected version 2, came 3: a newer Belfry wrote it: use that one, or take back its changes.',
    ])
    expect(toldBy((await open('version: 0\n')).config)[0]).toContain('nothing is known of version 0')
    expect(toldBy((await open('version: 1.5\n')).config)[0]).toContain('mend the number')
  })
})
