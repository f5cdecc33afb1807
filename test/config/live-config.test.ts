import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemTimers } from '#main/adapters/clock.ts'
import type { OpenConfig } from '#main/config/open-config.ts'
import { watchConfig } from '#main/config/watch-config.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'
import { configRoom, toldBy } from './support.ts'

const entry = (id: string, port = 80) =>
  `  - { id: ${id}, name: ${id}, kind: tcp, config: { host: h, port: ${port} } } # of ${id}\n`
const ids = (config: OpenConfig) => config.current().checks.map(({ id }) => id)
const tcp = (name: string, port: number) => CheckDraft.parse({ name, kind: 'tcp', config: { host: 'h', port } })

describe('several files', () => {
  it('are one configuration, and each object is edited where it stands', async () => {
    const room = await configRoom({
      'belfry.yaml': `checks:\n${entry('a')}`,
      'conf.d/20-more.yaml': `checks:\n${entry('c')}log:\n  level: warn\n`,
      'conf.d/10-shop.yaml': `checks:\n${entry('b')}`,
      'conf.d/notes.txt': 'not: [read',
      'conf.d/.hidden.yaml': 'not: [read',
    })
    const config = await room.open()
    expect(toldBy(config)).toEqual([])
    expect(ids(config)).toEqual(['a', 'b', 'c'])
    await config.saveCheck('b', tcp('b', 81))
    await config.saveSettings({ logLevel: 'debug' })
    await config.saveCheck(null, tcp('new', 90))
    await config.setChecksEnabled(['a', 'c'], false)
    expect(await readFile(room.at('conf.d/10-shop.yaml'), 'utf8')).toContain('port: 81 } } # of b')
    expect(await readFile(room.at('conf.d/20-more.yaml'), 'utf8')).toMatch(
      /enabled: false.*# of c\nlog:\n {2}level: debug/,
    )
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toContain('id: new')
    expect((await room.open()).current()).toEqual(config.current())
  })

  it('name what two of them say twice, with both places', async () => {
    const room = await configRoom({
      'belfry.yaml': `log:\n  level: warn\ngroups:\n  web: {}\nchecks:\n${entry('a')}`,
      'conf.d/x.yaml': `checks:\n${entry('b')}${entry('a')}log:\n  level: debug\ngroups:\n  web: {}\n`,
    })
    const config = await room.open()
    expect(toldBy(config).map((line) => line.replaceAll(room.directory, ''))).toEqual([
      'conf.d/x.yaml:4 log: "log:" stands in /belfry.yaml, line 1 already: put the two together.',
      'conf.d/x.yaml:7 groups.web: The group "web" stands in /belfry.yaml, line 4 already: put the two together.',
      'conf.d/x.yaml:3 checks[1].id: Another check has the id "a" already (/belfry.yaml, line 6): give this one an id of its own.',
    ])
    expect(config.current().settings.logLevel).toBe('warn')
    expect(ids(config)).toEqual(['a', 'b'])
  })

  it('may be a thousand', async () => {
    const files = Array.from({ length: 1000 }, (_, number) => [
      `conf.d/${number}.yaml`,
      `checks:\n${entry(`c${number}`)}`,
    ])
    const room = await configRoom(Object.fromEntries(files))
    const config = await room.open()
    expect(toldBy(config)).toEqual([])
    expect(config.current().checks).toHaveLength(1000)
    await config.removeCheck('c500')
    expect((await room.open()).current().checks).toHaveLength(999)
  })
})

describe('a hand and a screen', () => {
  it('both keep what they changed when it is not the same object', async () => {
    const room = await configRoom({ 'belfry.yaml': `# mine\nchecks:\n${entry('a')}${entry('b')}` })
    const config = await room.open()
    await room.write('belfry.yaml', `# mine, changed\nchecks:\n${entry('a', 81)}${entry('b')}${entry('c')}`)
    await config.saveCheck('b', tcp('b', 99))
    const text = await readFile(room.at('belfry.yaml'), 'utf8')
    expect(text).toBe(`# mine, changed\nchecks:\n${entry('a', 81)}${entry('b', 99)}${entry('c')}`)
    expect(ids(config)).toEqual(['a', 'b', 'c'])
    expect(config.current().checks.map(({ draft }) => draft.config['port'])).toEqual([81, 99, 80])
  })

  it('are told when it is the same object, and nothing is written over', async () => {
    const room = await configRoom({ 'belfry.yaml': `log:\n  level: info\nchecks:\n${entry('a')}` })
    const config = await room.open()
    const byHand = `log:\n  level: warn\nchecks:\n${entry('a', 81)}`
    await room.write('belfry.yaml', byHand)
    await expect(config.saveCheck('a', tcp('a', 99))).rejects.toMatchObject({ code: 'conflict' })
    expect(config.current().checks[0]?.draft.config['port']).toBe(81)
    await room.write('belfry.yaml', byHand.replace('warn', 'error'))
    await expect(config.saveSettings({ logLevel: 'debug' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(byHand.replace('warn', 'error'))
  })

  it('who save in turn, from two screens of two consoles, lose nothing', async () => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const [one, other] = [await room.open(), await room.open()]
    for (let number = 0; number < 10; number++) {
      await one.saveCheck(null, tcp(`one${number}`, 1 + number))
      await other.saveCheck(null, tcp(`other${number}`, 1 + number))
    }
    expect((await room.open()).current().checks).toHaveLength(21)
  })

  it('never leave a mixture when they write in the same instant', async () => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const config = await room.open()
    const saves = Array.from({ length: 20 }, (_, number) => config.saveCheck(null, tcp(`screen${number}`, 1 + number)))
    const byHand = Array.from({ length: 20 }, (_, number) =>
      writeDurably(room.at('belfry.yaml'), `checks:\n${entry('a')}${entry(`hand${number}`)}`),
    )
    await Promise.allSettled([...saves, ...byHand])
    await config.reload()
    expect(toldBy(config)).toEqual([])
    expect((await room.open()).current()).toEqual(config.current())
  })
})

describe('a change on disk', () => {
  it('that is broken changes nothing, and names file, line and reason, until it is mended', async () => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const config = await room.open()
    const seen: number[] = []
    config.onChange(({ checks }) => seen.push(checks.length))
    const broken = `checks:\n${entry('a', 81)}${entry('b', 99_999)}log:\n  level: debug\n`
    await room.write('belfry.yaml', broken)
    await config.reload()
    expect(toldBy(config)).toEqual([
      'belfry.yaml:3 checks[1].config.port: expected at most 65535, came the number 99999.',
    ])
    expect(config.isLastGoodKept()).toBe(true)
    expect(config.current().checks.map(({ draft }) => draft.config['port'])).toEqual([80])
    expect(config.current().settings.logLevel).toBe('info')
    await expect(config.saveSettings({ logLevel: 'warn' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('line 3'),
    })
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(broken)
    await room.write('belfry.yaml', broken.replace('99999', '9999'))
    await config.reload()
    expect(config.isLastGoodKept()).toBe(false)
    expect(toldBy(config)).toEqual([])
    expect(config.current().settings.logLevel).toBe('debug')
    expect(seen).toEqual([1, 2])
  })

  it('is taken beside an old mistake, which is told on its new line', async () => {
    const room = await configRoom({ 'belfry.yaml': `colour: red\nchecks:\n${entry('a')}` })
    const config = await room.open()
    await room.write('belfry.yaml', `log:\n  level: warn\ncolour: red\nchecks:\n${entry('a')}`)
    await config.reload()
    expect(config.isLastGoodKept()).toBe(false)
    expect(config.current().settings.logLevel).toBe('warn')
    expect(config.problems()).toMatchObject([{ line: 3, path: 'colour' }])
  })

  it.each([
    ['is not YAML', 'checks: [', 'This is not YAML'],
    ['is of a newer version', 'version: 2\n', 'a newer Belfry wrote it'],
    ['is of no version', 'version: soon\n', 'mend the number'],
    ['has a cycle', 'checks: &a\n  - *a\n', ''],
    ['has a bomb', `${bomb()}\n`, ''],
    ['has an unsafe key', 'checks:\n  - __proto__: {}\n', '__proto__'],
    ['is a list', '- a\n', 'expected sections'],
  ])('that %s is refused', async (_name, text, reason) => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const config = await room.open()
    await room.write('belfry.yaml', text)
    await config.reload()
    expect(config.isLastGoodKept()).toBe(true)
    expect(toldBy(config)[0]).toContain(reason)
    expect(ids(config)).toEqual(['a'])
  })

  it('that takes the file away keeps what ran, and one that takes a part away does not', async () => {
    const room = await configRoom({
      'belfry.yaml': `checks:\n${entry('a')}`,
      'conf.d/x.yaml': `checks:\n${entry('b')}`,
    })
    const config = await room.open()
    await unlink(room.at('conf.d/x.yaml'))
    await config.reload()
    expect(ids(config)).toEqual(['a'])
    await unlink(room.at('belfry.yaml'))
    await config.reload()
    expect(ids(config)).toEqual(['a'])
    expect(toldBy(config)).toEqual(['belfry.yaml: : The file is gone: put it back.'])
  })

  it('that puts something else in the place of the file is refused', async () => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const config = await room.open()
    const refused = async (place: () => Promise<void> | void, reason: RegExp) => {
      await rm(room.at('belfry.yaml'), { recursive: true, force: true })
      await place()
      await config.reload()
      expect(toldBy(config)[0]).toMatch(reason)
      expect(ids(config)).toEqual(['a'])
    }
    await refused(() => mkdir(room.at('belfry.yaml')), /directory/)
    await refused(() => symlink('belfry.yaml', room.at('belfry.yaml')), /ELOOP|symbolic/)
    await refused(() => void execFileSync('mkfifo', [room.at('belfry.yaml')]), /expected a file, came a pipe/)
    await refused(async () => {
      await writeFile(room.at('belfry.yaml'), '')
      await truncate(room.at('belfry.yaml'), 100 * 1024 * 1024)
    }, /expected at most/)
    await refused(
      () => writeFile(room.at('belfry.yaml'), Buffer.from('a: b\nc: \xff\n', 'latin1')),
      /:2 : expected text in UTF-8/,
    )
  })

  it('with a BOM and Windows line ends is read as any other', async () => {
    const room = await configRoom({ 'belfry.yaml': `\uFEFFchecks:\r\n${entry('a').replace('\n', '\r\n')}` })
    const config = await room.open()
    expect(toldBy(config)).toEqual([])
    expect(ids(config)).toEqual(['a'])
  })
})

describe('watchConfig', () => {
  it('applies what an editor saves in place, by renaming, and in a directory that was not there', async () => {
    const room = await configRoom({ 'belfry.yaml': `checks:\n${entry('a')}` })
    const config = await room.open()
    const stop = watchConfig(config, { timers: systemTimers, logger: memoryLogger() })
    const next = () => new Promise<void>((resolve) => config.onChange(() => resolve()))
    try {
      const inPlace = next()
      await room.write('belfry.yaml', `checks:\n${entry('a')}${entry('b')}`)
      await inPlace
      expect(ids(config)).toEqual(['a', 'b'])
      const renamed = next()
      await room.write('belfry.yaml.swp', `checks:\n${entry('c')}`)
      await rename(room.at('belfry.yaml.swp'), room.at('belfry.yaml'))
      await renamed
      expect(ids(config)).toEqual(['c'])
      const part = next()
      await mkdir(room.at('conf.d'))
      await room.write('conf.d/x.yaml', `checks:\n${entry('d')}`)
      await part
      expect(ids(config)).toEqual(['c', 'd'])
    } finally {
      stop()
    }
  })

  it('sees the link of a mounted configuration turn to another directory', async () => {
    const room = await configRoom({
      'one/belfry.yaml': `checks:\n${entry('a')}`,
      'two/belfry.yaml': `checks:\n${entry('b')}`,
    })
    await symlink('one', room.at('..data'))
    await symlink(join('..data', 'belfry.yaml'), room.at('belfry.yaml'))
    const config = await room.open()
    const stop = watchConfig(config, { timers: systemTimers, logger: memoryLogger() })
    const next = new Promise<void>((resolve) => config.onChange(() => resolve()))
    await symlink('two', room.at('..data_tmp'))
    await rename(room.at('..data_tmp'), room.at('..data'))
    await next
    stop()
    expect(ids(config)).toEqual(['b'])
  })

  it('looks for itself where the system tells of nothing', async () => {
    const room = await configRoom({ 'elsewhere/real.yaml': `checks:\n${entry('a')}` })
    await symlink(join('elsewhere', 'real.yaml'), room.at('belfry.yaml'))
    const config = await room.open()
    const ports = fakePorts()
    const stop = watchConfig(config, ports)
    await ports.time.advance(5000)
    const next = new Promise<void>((resolve) => config.onChange(() => resolve()))
    await room.write('elsewhere/real.yaml', `checks:\n${entry('b')}`)
    await ports.time.advance(5000)
    await next
    stop()
    expect(ids(config)).toEqual(['b'])
  })
})

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? '"lol"' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array(10).fill(inner).join(', ')}]`
  })
  return levels.join('\n')
}
