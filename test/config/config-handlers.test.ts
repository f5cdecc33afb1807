// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a reference is written.
import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { checkHandlers } from '#main/api/checks.ts'
import { configHandlers } from '#main/api/config.ts'
import { createCheckService } from '#main/checks/service.ts'
import { knownReferences } from '#main/config/known-references.ts'
import { openConfigFile } from '#main/config/open-config.ts'
import { secretService } from '#main/config/secret-service.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { serve } from '#main/transport/serve.ts'
import { checksContract } from '#shared/contract/checks.ts'
import type { CollectorDraft } from '#shared/contract/collectors.ts'
import { configContract } from '#shared/contract/config.ts'
import type { Role } from '#shared/contract/define.ts'
import { keptSecret } from '#shared/contract/evidence.ts'
import type { CallName, OutputOf } from '#shared/contract/index.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'
import { temporaryState } from '#test/support/state-store.ts'
import { configRoom } from './support.ts'
import { toldKind } from './told-kind.ts'

const text = `groups:
  web: { tags: [public], labels: { team: web }, config: { told: { password: group-canary } } }
checks:
  - { id: shop, name: Shop, kind: told, group: web, config: { url: "https://x/?\${secret:pw}", password: secret:pw } }
  - { id: blog, name: Blog, kind: told, config: { url: b, password: literal-canary } }
`

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open() {
  const room = await configRoom({ 'belfry.yaml': text })
  const ports = fakePorts()
  await ports.secrets.set('pw', 'secret-canary')
  const state = await temporaryState()
  const events = createEvents()
  const kind = toldKind()
  const kinds = { checks: [kind], collectors: [] }
  const references = knownReferences({ HOME: '/home/canary' }, ports.secrets, ports.logger)
  const config = await openConfigFile({ directory: room.directory, logger: ports.logger, kinds, references })
  const checks = createCheckService({
    ...{ ports, state, config, events },
    metrics: memoryMetrics(),
    notices: createNotices(ports.clock, ports.logger, events),
    kinds: [kind],
    dataDir: state.directory,
  })
  await checks.start()
  closing.push(async () => {
    await checks.close()
    await state.close()
  })
  const secrets = secretService(ports.secrets, config)
  const contract = {
    calls: { ...checksContract.calls, ...configContract.calls },
    events: {},
  }
  const collectors = { whole: (_: string | null, draft: CollectorDraft) => draft }
  const handlers = {
    ...checkHandlers(checks, config),
    ...configHandlers({ config, checks, collectors, secrets, kinds }),
  }
  const call = serve(contract, handlers, ports.logger)
  const ask = (name: string, input: unknown, role: Role = 'admin') =>
    call(name, input, { role, name: role }, new AbortController().signal)
  const value = async <K extends CallName>(
    name: K,
    input: unknown = {},
    role: Role = 'admin',
  ): Promise<OutputOf<K>> => {
    const reply = await ask(name, input, role)
    if (!reply.ok) throw new Error(`${name}: ${reply.code} ${reply.message}`)
    // Judged by the contract that this type comes from.
    return reply.value as OutputOf<K>
  }
  return { room, ports, config, ask, value }
}

describe('calls about the configuration', () => {
  it('answer as the contract says, and tell no value of a secret to anybody', async () => {
    const { ask, value, ports } = await open()
    const definition = await value('checks.definition', { id: 'blog' }, 'operator')
    expect(definition.config['password']).toBe(keptSecret)
    expect((await value('checks.definition', { id: 'shop' }, 'operator')).config).toEqual({
      url: 'https://x/?${secret:pw}',
      password: 'secret:pw',
    })
    await value('checks.save', { id: 'blog', draft: { ...definition, everyMs: 90_000 }, before: definition })
    await value('checks.run', { id: 'shop' })
    const replies = [
      await ask('checks.list', {}, 'viewer'),
      await ask('checks.groups', {}, 'viewer'),
      await ask('checks.run', { id: 'shop' }, 'operator'),
      await ask('config.problems', {}, 'viewer'),
      await ask('config.schema', {}, 'viewer'),
      await ask('config.edits', {}, 'operator'),
      await ask('config.preview', { edit: { edit: 'removeCheck', id: 'blog' } }, 'operator'),
      await ask('config.undo', {}, 'operator'),
      await ask('secrets.list', {}),
    ]
    for (const reply of replies) expect(reply).toMatchObject({ ok: true })
    expect(JSON.stringify(replies)).not.toContain('canary')
    expect(JSON.stringify(ports.logger.lines)).not.toContain('canary')
    expect(JSON.stringify(replies[2])).toContain('secret:pw')
    expect(JSON.stringify(await ask('secrets.list', {}))).not.toContain('canary')
    expect(JSON.stringify(await ask('config.source', {}))).not.toContain('secret-canary')
  })

  it('are refused to those who may see less', async () => {
    const { ask } = await open()
    for (const name of ['config.source', 'config.exportAll', 'secrets.list']) {
      expect(await ask(name, {}, 'operator')).toMatchObject({ ok: false, code: 'forbidden' })
    }
    expect(await ask('config.edits', {}, 'viewer')).toMatchObject({ ok: false, code: 'forbidden' })
  })

  it('let nobody but an admin write a reference that was not there', async () => {
    const { ask, value } = await open()
    const shop = await value('checks.definition', { id: 'shop' })
    const blog = await value('checks.definition', { id: 'blog' })
    expect(await ask('checks.save', { id: 'shop', draft: { ...shop, everyMs: 90_000 } }, 'operator')).toMatchObject({
      ok: true,
    })
    const stealing = { ...blog, config: { ...blog.config, url: 'https://evil/?${secret:pw}' } }
    expect(await ask('checks.save', { id: 'blog', draft: stealing }, 'operator')).toMatchObject({ code: 'forbidden' })
    expect(await ask('checks.try', { id: 'blog', draft: stealing }, 'operator')).toMatchObject({ code: 'forbidden' })
    const showing = { ids: ['blog'], change: { setLabels: { home: '${HOME}' } } }
    expect(await ask('checks.editMany', showing, 'operator')).toMatchObject({ code: 'forbidden' })
    expect(await ask('checks.save', { id: 'blog', draft: stealing }, 'admin')).toMatchObject({ ok: true })
  })

  it('tell who saves over a change that was made meanwhile', async () => {
    const { ask, value, room, config } = await open()
    const before = await value('checks.definition', { id: 'blog' })
    await room.write('belfry.yaml', text.replace('url: b,', 'url: c,'))
    await config.reload()
    const draft = { ...before, everyMs: 90_000 }
    expect(await ask('checks.save', { id: 'blog', draft, before })).toMatchObject({ ok: false, code: 'conflict' })
    const now = await value('checks.definition', { id: 'blog' })
    expect(await ask('checks.save', { id: 'blog', draft: { ...now, everyMs: 90_000 }, before: now })).toMatchObject({
      ok: true,
    })
  })

  it('change many checks by a filter, shown before and taken back after', async () => {
    const { value, room, ask } = await open()
    const input = { filter: { tag: 'public' }, change: { everyMs: 90_000, addTags: ['slow'] } }
    const shown = await value('checks.editMany', { ...input, isPreview: true }, 'operator')
    expect(shown.checks).toMatchObject([{ id: 'shop', everyMs: 60_000, tags: ['public'], labels: { team: 'web' } }])
    expect(shown.files[0]?.diff).toContain('+')
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(text)
    const done = await value('checks.editMany', input, 'operator')
    expect(done.checks).toMatchObject([{ id: 'shop', everyMs: 90_000, tags: ['public', 'slow'] }])
    expect(await value('checks.editMany', { filter: { text: 'nobody' }, change: {} })).toEqual({
      checks: [],
      files: [],
    })
    expect(await ask('checks.editMany', { change: {} })).toMatchObject({ code: 'invalid' })
    await value('config.undo', {}, 'operator')
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(text)
  })

  it('let only an admin take back what only an admin may change', async () => {
    const { ask, config } = await open()
    await config.saveSettings({ logLevel: 'debug' })
    expect(await ask('config.undo', {}, 'operator')).toMatchObject({ code: 'forbidden' })
    expect(await ask('config.undo', {}, 'admin')).toMatchObject({ ok: true })
  })
})
