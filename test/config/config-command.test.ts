// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a reference is written.
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { runConfigCommand } from '#main/config/config-command.ts'
import { configuredKinds } from '#main/config/configured-kinds.ts'
import { configJsonSchema } from '#main/config/json-schema.ts'
import { placeSchema } from '#main/config/place-schema.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { configRoom } from './support.ts'

const references = { environment: { PW: 'canary-1' }, secrets: { pw: 'canary-2' } }
const run = (args: readonly string[], directory = '/nowhere') =>
  runConfigCommand(args, {
    kinds: configuredKinds,
    directory,
    references: async () => references,
  })

const good = `version: 1
groups:
  web: { every: 30s, config: { http: { auth: { type: bearer, token: "secret:pw" } } } }
checks:
  - name: Shop
    kind: http
    group: web
    config: { url: "https://shop.example/?key=\${PW}" }
`

describe('npm run config', () => {
  it('checks a directory and a file, and says nothing is wrong', async () => {
    const room = await configRoom({ 'belfry.yaml': good, 'conf.d/x.yaml': 'log: { level: warn }\n' })
    expect(await run(['check', room.directory])).toEqual({ code: 0, lines: ['1 checks in 2 files: all is well.'] })
    expect(await run(['check'], room.directory)).toMatchObject({ code: 0 })
    expect(await run(['check', room.at('belfry.yaml')])).toMatchObject({ code: 0 })
  })

  it('names file, line, column and reason of each problem', async () => {
    const room = await configRoom({
      'belfry.yaml': 'checks:\n  - { name: A, kind: tcp, every: 5, config: { host: h } }\n',
    })
    const { code, lines } = await run(['check', room.directory])
    expect(code).toBe(1)
    expect(lines[0]).toBe(
      `${room.at('belfry.yaml')}:2:27: checks[0].every: expected a duration such as 30s, came the number 5: add its unit.`,
    )
    await room.write('conf.d/y.yaml', Buffer.from([0xff]))
    expect((await run(['check', room.directory])).lines[0]).toContain('y.yaml:1: expected text in UTF-8')
  })

  it('prints what would run, with references in the place of what they stand for', async () => {
    const room = await configRoom({ 'belfry.yaml': good })
    const { code, lines } = await run(['print', room.directory])
    const text = lines.join('\n')
    expect(code).toBe(0)
    expect(text).not.toContain('canary')
    expect(parse(text).checks[0]).toMatchObject({
      everyMs: 30_000,
      config: { url: 'https://shop.example/?key=${PW}', auth: { token: 'secret:pw' } },
    })
  })

  it.each([[['chekc']], [[]], [['check', 'a', 'b']], [['check', '/nowhere/at/all']]])('refuses %j', async (args) => {
    await expect(run(args)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('ends with 0, 1 and 2 as a program', async () => {
    const room = await configRoom({ 'belfry.yaml': 'log: { level: warn }\n', 'bad.yaml': 'log: { level: loud }\n' })
    const entry = join(import.meta.dirname, '../../src/main/config-cli.ts')
    const program = (...args: string[]) =>
      spawnSync(process.execPath, [entry, ...args, '--data', room.directory], { encoding: 'utf8' })
    expect(program('check', room.at('belfry.yaml')).status).toBe(0)
    const bad = program('check', room.at('bad.yaml'))
    expect([bad.status, bad.stdout]).toEqual([1, expect.stringContaining('bad.yaml:1:8: log.level: expected')])
    expect(program('--colour').status).toBe(2)
  })
})

describe('the JSON Schema', () => {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(configJsonSchema(configuredKinds))))
  const judge = (text: string) => schema.safeParse(parse(text)).error?.issues.map(({ path }) => path.join('.')) ?? []

  it('is the one that ships; if not: npm run config -- schema > resources/belfry.schema.json, and format it', async () => {
    const shipped = await readFile(join(import.meta.dirname, '../../resources/belfry.schema.json'), 'utf8')
    expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(configJsonSchema(configuredKinds))))
  })

  it('takes what Belfry takes, references too, and points at what it does not', () => {
    expect(judge(good)).toEqual([])
    expect(judge('console: { port: "${PORT}" }\nlog: {}\n')).toEqual([])
    expect(judge('console: { port: many }\n')).toEqual(['console.port'])
    expect(judge('colour: red\n')).toEqual([''])
    expect(judge('checks: [{ name: A, kind: htpt, config: {} }]\n')).toEqual(['checks.0'])
  })

  it('is placed beside a file that asks for it, and beside no other', async () => {
    const room = await configRoom({ 'belfry.yaml': 'log: {}\n' })
    const config = await room.open()
    const logger = memoryLogger()
    let stop = () => {}
    await new Promise<void>((resolve) => {
      stop = placeSchema({ ...config, sources: () => config.sources().finally(resolve) }, configuredKinds, logger)
    })
    await expect(readFile(room.at('belfry.schema.json'))).rejects.toMatchObject({ code: 'ENOENT' })
    stop()
    const fresh = await configRoom()
    const made = await fresh.open()
    await made.saveSettings({ logLevel: 'debug' })
    const ended = placeSchema(made, configuredKinds, logger)
    await expect.poll(() => readFile(fresh.at('belfry.schema.json'), 'utf8').catch(() => '')).toContain('"$schema"')
    ended()
    expect(logger.lines).toEqual([])
  })
})
