// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a reference is written.
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type ConfiguredCheck, writtenOf } from '#main/config/config-file.ts'
import { knownReferences } from '#main/config/known-references.ts'
import { conceals, expanded, isReference } from '#main/config/references.ts'
import { secretService } from '#main/config/secret-service.ts'
import { AppError } from '#shared/contract/errors.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'
import { configRoom, toldBy } from './support.ts'

const references = { environment: { HOST: 'db.example', EMPTY: '', PORT: '5432' }, secrets: { pw: 'hunter2-canary' } }
const value = (text: string) => expanded(text, references).value

describe('expanded', () => {
  it.each([
    ['${HOST}', 'db.example'],
    ['http://${HOST}:${PORT}/', 'http://db.example:5432/'],
    ['${MISSING:-a default}', 'a default'],
    ['${EMPTY:-a default}', 'a default'],
    ['${EMPTY}', ''],
    ['$${HOST}', '${HOST}'],
    ['${token} and ${}', '${token} and ${}'],
    ['secret:pw', 'hunter2-canary'],
    ['Basic ${secret:pw}', 'Basic hunter2-canary'],
    ['a secret:pw', 'a secret:pw'],
    ['${constructor}', '${constructor}'],
  ])('makes %s into %s', (text, wanted) => {
    expect(value(text)).toBe(wanted)
    expect(expanded(text, references).missing).toEqual([])
  })

  it.each([
    ['${MISSING}'],
    ['secret:none'],
    ['${secret:none}'],
    ['secret:constructor'],
    ['${__proto__}'.toUpperCase()],
  ])('names %s, which leads nowhere, and keeps it as it is', (text) => {
    const { value: kept, missing } = expanded({ a: [text] }, references)
    expect(kept).toEqual({ a: [text] })
    expect(missing).toMatchObject([{ path: ['a', 0] }])
  })

  it('knows a reference from a text that has one', () => {
    expect(['secret:pw', '${A}', '${A:-b}', '${secret:pw}'].every(isReference)).toBe(true)
    expect(['x${A}', '${A}${B}x', 'secret:', 'secret:a b', '${a}', 'hunter2'].some(isReference)).toBe(false)
  })
})

describe('conceals', () => {
  it('puts the reference back, longest value first, also where the value stands encoded', () => {
    const conceal = conceals([
      { value: 'pass', reference: '${A}' },
      { value: 'pass/word', reference: 'secret:b' },
      { value: 'abc', reference: '${SHORT}' },
    ])
    expect(conceal('abc pass pass/word pass%2Fword')).toBe('abc ${A} secret:b secret:b')
  })
})

const file = `log:
  level: \${LEVEL:-warn}
console:
  port: \${PORT}
checks:
  - name: Shop \${SITE}
    id: shop
    kind: http
    every: \${EVERY}
    config: { url: "https://\${HOST}/?key=\${secret:pw}", password: secret:pw, retries: "\${RETRIES}" }
`
const known = {
  environment: { PORT: '8080', SITE: 'EU', EVERY: '30s', HOST: 'shop.example', RETRIES: '3' },
  secrets: { pw: 'hunter2-canary' },
}

describe('a configuration with references', () => {
  it('runs with what they stand for, and shows them as they are written', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    room.references = known
    const config = await room.open()
    expect(toldBy(config)).toEqual([])
    const { settings, checks } = config.current()
    expect([settings.logLevel, settings.console.port]).toEqual(['warn', 8080])
    const [check] = checks
    if (check === undefined) throw new Error('a check was read')
    expect(check.draft).toMatchObject({
      name: 'Shop EU',
      everyMs: 30_000,
      config: { url: 'https://shop.example/?key=hunter2-canary', password: 'hunter2-canary', retries: 3 },
    })
    expect(writtenOf(check)).toMatchObject({
      name: 'Shop ${SITE}',
      config: { url: 'https://${HOST}/?key=${secret:pw}', password: 'secret:pw', retries: '${RETRIES}' },
    })
  })

  it('keeps them when a screen saves beside them, in the file, in a diff, in the log', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    room.references = known
    const config = await room.open()
    const written = writtenOf(config.current().checks[0] as ConfiguredCheck)
    const changed = { ...written, labels: { team: 'web' } }
    const [preview] = await config.preview({ edit: 'saveCheck', id: 'shop', draft: changed })
    await config.saveCheck('shop', changed)
    await config.saveSettings({ console: { port: 8080, enabled: true } })
    const text = await readFile(room.at('belfry.yaml'), 'utf8')
    expect(text).toBe(
      file
        .replace('port: ${PORT}\n', 'port: ${PORT}\n  enabled: true\n')
        .replace('retries: "${RETRIES}" }\n', 'retries: "${RETRIES}" }\n    labels:\n      team: web\n'),
    )
    expect(preview?.diff).toContain('+      team: web')
    expect(JSON.stringify([text, preview, config.edits(), room.logger.lines])).not.toContain('canary')
  })

  it('names those that lead nowhere with their line, and leaves their entries out', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    room.references = { environment: {}, secrets: {} }
    const config = await room.open()
    expect(toldBy(config)).toEqual([
      'belfry.yaml:4 console.port: The environment variable PORT is not set where Belfry runs: set it, or write ${PORT:-default}.',
      'belfry.yaml:6 checks[0].name: The environment variable SITE is not set where Belfry runs: set it, or write ${SITE:-default}.',
      'belfry.yaml:9 checks[0].every: The environment variable EVERY is not set where Belfry runs: set it, or write ${EVERY:-default}.',
      'belfry.yaml:10 checks[0].config.url: The environment variable HOST is not set where Belfry runs: set it, or write ${HOST:-default}.',
      'belfry.yaml:10 checks[0].config.url: There is no secret "pw": store it under that name, or mend the name.',
      'belfry.yaml:10 checks[0].config.password: There is no secret "pw": store it under that name, or mend the name.',
      'belfry.yaml:10 checks[0].config.retries: The environment variable RETRIES is not set where Belfry runs: set it, or write ${RETRIES:-default}.',
    ])
    expect(config.current().checks).toEqual([])
  })

  it('never tells the value in a complaint about it', async () => {
    const room = await configRoom({
      'belfry.yaml': 'checks:\n  - { name: A, kind: tcp, config: { host: h, port: "${secret:pw}" } }\n',
    })
    room.references = known
    const config = await room.open()
    expect(toldBy(config)[0]).toContain('came "secret:pw"')
    expect(JSON.stringify([config.problems(), room.logger.lines])).not.toContain('canary')
  })

  it('takes no secret where it would be shown', async () => {
    const room = await configRoom({
      'belfry.yaml': 'checks:\n  - { name: A, kind: tcp, labels: { x: "secret:pw" }, config: { host: h, port: 1 } }\n',
    })
    room.references = known
    expect(toldBy(await room.open())[0]).toContain('labels.x: expected a plain value, came a secret')
  })
})

describe('secrets', () => {
  const open = async (text: string) => {
    const room = await configRoom({ 'belfry.yaml': text })
    const { secrets } = fakePorts()
    const ask = knownReferences({ HOME: '/root', NOTHING: undefined }, secrets, memoryLogger())
    room.references = await ask()
    const config = await room.open()
    const changing = {
      secretUses: config.secretUses,
      async reload() {
        room.references = await ask()
        await config.reload()
      },
    }
    return { config, service: secretService(secrets, changing) }
  }
  const using = 'checks:\n  - { name: A, kind: http, config: { url: u, password: "secret:pw" } }\n'

  it('take effect when they are stored, and again when they change', async () => {
    const { config, service } = await open('checks: []\n')
    expect(await service.set('pw', 'first')).toEqual({ name: 'pw', isNew: true })
    const draft = { name: 'A', kind: 'http', config: { url: 'u', password: 'secret:pw' } }
    const { CheckDraft } = await import('#shared/contract/checks.ts')
    await config.saveCheck(null, CheckDraft.parse(draft))
    expect(config.current().checks[0]?.draft.config['password']).toBe('first')
    expect(await service.set('pw', 'second')).toEqual({ name: 'pw', isNew: false })
    expect(config.current().checks[0]?.draft.config['password']).toBe('second')
  })

  it('are listed with their uses and without values, also those that are asked for in vain', async () => {
    const { service } = await open(using)
    await service.set('other', 'canary')
    const list = await service.list()
    expect(list.secrets).toMatchObject([{ name: 'other', isStored: true, usedBy: [] }])
    expect(JSON.stringify(list)).not.toContain('canary')
  })

  it('are not removed while they are used, and the refusal says where', async () => {
    const { config, service } = await open('checks: []\n')
    await service.set('pw', 'value')
    await config.saveSettings({ logLevel: 'debug' })
    const { CheckDraft } = await import('#shared/contract/checks.ts')
    const saved = await config.saveCheck(
      null,
      CheckDraft.parse({ name: 'A', kind: 'http', config: { url: 'u', password: 'secret:pw' } }),
    )
    await expect(service.remove('pw')).rejects.toThrow(/belfry\.yaml, line \d+ \(checks\[0\]\.config\.password\)/)
    await config.removeCheck(saved.id)
    expect(await service.remove('pw')).toEqual({ name: 'pw' })
    await expect(service.remove('pw')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that cannot be read are missing for that reason', async () => {
    const secrets = {
      ...fakePorts().secrets,
      names: async () => {
        throw new AppError('unavailable', 'the key is missing')
      },
    }
    const found = await knownReferences({}, secrets, memoryLogger())()
    expect(expanded('secret:pw', found).missing[0]?.message).toBe('There is no secret "pw": the key is missing')
  })
})
