import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openConfigFile } from '#main/config/open-config.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { memoryLogger } from '#test/support/ports.ts'

const checks = [
  { kind: 'http', config: z.strictObject({ url: z.string(), method: z.enum(['GET', 'HEAD']).default('GET') }) },
  { kind: 'tcp', config: z.strictObject({ host: z.string(), port: z.number().int().min(1).max(65_535) }) },
]
const kinds = { checks, collectors: [] }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-config-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const file = () => join(directory, 'belfry.yaml')
const open = async (text?: string) => {
  if (text !== undefined) await writeFile(file(), text)
  return await openConfigFile({ directory, logger: memoryLogger(), kinds })
}
const onDisk = () => readFile(file(), 'utf8')
const draft = (overrides: Partial<CheckDraft> = {}): CheckDraft =>
  CheckDraft.parse({ name: 'Shop', kind: 'http', config: { url: 'https://shop.example' }, ...overrides })

describe('a file that is absent', () => {
  it('gives all defaults and is not created by reading', async () => {
    const config = await open()
    expect(config.problems()).toEqual([])
    expect(config.current().settings.collection.fastMs).toBe(5000)
    expect(config.current().settings.storage).toEqual({
      rawDays: 15,
      fiveMinuteDays: 180,
      hourDays: 1095,
      maxActiveSeries: 200_000,
      maxBytes: 0,
    })
    expect(config.current().rules).toEqual({ files: ['rules/*.yml'], disabled: [] })
    expect(await readdir(directory)).toEqual([])
  })

  it('is created by the first change, with a header, for the owner only, and leaves no temporary file', async () => {
    const config = await open()
    await config.saveSettings({ appearance: { theme: 'dark' } })
    expect(await onDisk()).toMatch(
      /^# yaml-language-server: \$schema=belfry\.schema\.json\n# Belfry's configuration[\s\S]*version: 1\nappearance:\n {2}theme: dark\n$/,
    )
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['belfry.yaml'])
  })
})

const written = `# our shop, do not touch
version: 1

appearance:
  theme: dark      # night shift
checks:
- name: Shop   # the money maker
  kind: http
  every:   60s
  config: {url: "https://shop.example"}


# the database
- {id: db, name: 'Database', kind: tcp, config: {host: db.example,
      port: 5432}}   # postgres
- id: blog
  name: Blog
  kind: http
  config:
    # not the CDN
    url: https://blog.example
rules:
  disabled: [HostHighCpu]   # noisy
`

describe('an edit', () => {
  it('touches nothing but what it is about', async () => {
    const config = await open(written)
    expect(config.problems()).toEqual([])
    await config.saveCheck('blog', draft({ name: 'Blog', config: { url: 'https://blog.example/en' }, everyMs: 30_000 }))
    expect(await onDisk()).toBe(
      written.replace('url: https://blog.example\n', 'url: https://blog.example/en\n  every: 30s\n'),
    )
  })

  it('leaves a duration as it was written when it means the same', async () => {
    const config = await open(written)
    await config.saveCheck('shop', draft({ name: 'Shop', config: { url: 'https://shop.example' } }))
    expect(await onDisk()).toBe(written.replace('- name: Shop  ', '- id: shop\n  name: Shop'))
  })

  it('removes an entry with its own comment and leaves the rest', async () => {
    const config = await open(written)
    expect((await config.removeCheck('db')).name).toBe('Database')
    const text = await onDisk()
    expect(text).not.toMatch(/db|postgres/)
    expect(text).toContain('  # the money maker\n')
    expect(text).toContain('theme: dark      # night shift')
    expect(config.current().checks.map((check) => check.id)).toEqual(['shop', 'blog'])
  })

  it('pauses and resumes checks', async () => {
    const config = await open(written)
    await config.setChecksEnabled(['shop', 'db'], false)
    expect(config.current().checks.map((check) => check.draft.enabled)).toEqual([false, false, true])
    await config.setChecksEnabled(['shop', 'db'], true)
    expect(config.current().checks.every((check) => check.draft.enabled)).toBe(true)
  })

  it('switches rules off and on', async () => {
    const config = await open(written)
    await config.setRuleEnabled('HostLowMemory', false)
    expect(config.current().rules.disabled).toEqual(['HostHighCpu', 'HostLowMemory'])
    await config.setRuleEnabled('HostHighCpu', true)
    expect(await onDisk()).toBe(written.replace('HostHighCpu]  ', 'HostLowMemory]'))
  })

  it('leaves every byte of the other entries alone, however many and however odd', async () => {
    const entry = (number: number) =>
      `    -   id:   c${number}      # number ${number}\n        name: "Check \\x41 ${number}"\n        kind: http\n        config: { url:    'x' }\n\n\n`
    const many = `checks:\n${Array.from({ length: 150 }, (_, number) => entry(number)).join('')}`
    const config = await open(many)
    expect(config.problems()).toEqual([])
    await config.setChecksEnabled(['c7', 'c140'], false)
    await config.removeCheck('c60')
    const text = await onDisk()
    for (let number = 0; number < 150; number++) {
      const isEdited = [7, 140, 60].includes(number)
      expect([number, text.includes(entry(number))]).toEqual([number, !isEdited])
    }
    expect((await open()).current()).toEqual(config.current())
  })

  it('keeps Windows line ends', async () => {
    const config = await open(written.replaceAll('\n', '\r\n'))
    await config.saveSettings({ appearance: { theme: 'light' } })
    expect(await onDisk()).toBe(written.replace('theme: dark     ', 'theme: light').replaceAll('\n', '\r\n'))
  })

  it('fills a section that is there but empty', async () => {
    const config = await open('appearance:\nchecks:\n')
    await config.saveSettings({ appearance: { density: 'compact' }, storage: { rawDays: 30 }, logLevel: 'debug' })
    await config.saveCheck(null, draft())
    const { settings, checks } = (await open()).current()
    expect(settings.appearance.density).toBe('compact')
    expect(settings.storage.rawDays).toBe(30)
    expect(settings.logLevel).toBe('debug')
    expect(checks[0]?.id).toBe('shop')
  })

  it('writes a new check without its defaults, under an id that is free', async () => {
    const config = await open(written)
    const saved = await config.saveCheck(null, draft({ slowMs: 800, labels: { team: 'web', year: '2026' } }))
    expect(saved.id).toBe('shop-2')
    expect(await onDisk()).toContain(`- id: shop-2
  name: Shop
  kind: http
  slow: 800ms
  labels:
    team: web
    year: "2026"
  config:
    url: https://shop.example
`)
    expect((await open()).current()).toEqual(config.current())
  })

  it('brings a removed check back under its id', async () => {
    const config = await open(written)
    const removed = await config.removeCheck('db')
    expect((await config.saveCheck('db', removed)).draft).toEqual(removed)
  })

  it('goes through a symbolic link and leaves the link', async () => {
    const target = join(directory, 'dotfiles.yaml')
    await writeFile(target, written)
    await symlink(target, file())
    await (await open()).saveSettings({ appearance: { theme: 'light' } })
    expect(await readFile(target, 'utf8')).toContain('theme: light')
  })

  it('tells its listeners, after the file is written', async () => {
    const config = await open()
    const seen: string[] = []
    const stop = config.onChange((next) => seen.push(next.settings.appearance.theme))
    await config.saveSettings({ appearance: { theme: 'dark' } })
    stop()
    await config.saveSettings({ appearance: { theme: 'light' } })
    expect(seen).toEqual(['dark'])
  })

  it('is made one after the other when many are asked at once', async () => {
    const config = await open()
    await Promise.all(Array.from({ length: 20 }, (_, index) => config.saveCheck(null, draft({ name: `c${index}` }))))
    expect((await open()).current().checks).toHaveLength(20)
  })
})

describe('an edit that must not happen', () => {
  it('is refused when what it is about changed on disk, which is then read again', async () => {
    const config = await open(written)
    await writeFile(file(), written.replace('5432', '5433'))
    await expect(config.removeCheck('db')).rejects.toMatchObject({ code: 'conflict' })
    expect(config.current().checks[1]?.draft.config['port']).toBe(5433)
    await config.removeCheck('db')
    expect(config.current().checks).toHaveLength(2)
  })

  it('is refused while the file cannot be parsed, and nothing is lost', async () => {
    const broken = 'checks:\n\t- name: x\n'
    const config = await open(broken)
    expect(config.problems()).toMatchObject([{ file: file(), line: 2 }])
    await expect(config.saveSettings({ logLevel: 'debug' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('line 2'),
    })
    expect(await onDisk()).toBe(broken)
  })

  it('works again once somebody mended the file', async () => {
    const config = await open('checks: [')
    await writeFile(file(), 'version: 1\n')
    await config.saveSettings({ logLevel: 'debug' })
    expect(await onDisk()).toBe('version: 1\nlog:\n  level: debug\n')
  })

  it('is refused with the form field it concerns', async () => {
    const config = await open()
    await expect(
      config.saveCheck(null, draft({ kind: 'tcp', config: { host: 'x', port: 70_000 } })),
    ).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'config.port', message: 'expected at most 65535, came the number 70000.' }],
    })
    await expect(
      config.saveCheck(null, draft({ confirm: { failures: 3, of: 2, successes: 1, retryEveryMs: 1000 } })),
    ).rejects.toMatchObject({ issues: [{ path: 'confirm.failures' }] })
    await expect(config.saveSettings({ appearance: { timeZone: 'Mars/Base' } })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'appearance.timeZone' }],
    })
    expect(await readdir(directory)).toEqual([])
  })

  it('is refused when an anchor would carry it into another entry', async () => {
    const shared = `checks:
  - {name: A, kind: http, config: &web {url: https://a.example}}
  - {name: B, kind: http, config: *web}
`
    const config = await open(shared)
    expect(config.problems()).toEqual([])
    const edited = draft({ name: 'A', config: { url: 'https://b.example' } })
    await expect(config.saveCheck('a', edited)).rejects.toMatchObject({ code: 'unprocessable' })
    await expect(config.removeCheck('a')).rejects.toMatchObject({ code: 'unprocessable' })
    expect(await onDisk()).toBe(shared)
  })

  it('changes nothing when the disk refuses, and says why', async () => {
    const dangling = join(directory, 'elsewhere')
    await symlink(join(directory, 'gone', 'config'), dangling)
    const config = await openConfigFile({ directory: dangling, logger: memoryLogger(), kinds })
    await expect(config.saveSettings({ logLevel: 'debug' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('belfry.yaml could not be written'),
    })
    expect(config.current().settings.logLevel).toBe('info')
  })

  it('names an id that is not there', async () => {
    await expect((await open()).removeCheck('nobody')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('does not append a second entry beside a broken one of the same id', async () => {
    const config = await open('checks: [{id: db, name: x, kind: http, every: 5}]')
    await expect(config.saveCheck('db', draft())).rejects.toMatchObject({ code: 'conflict' })
  })
})
