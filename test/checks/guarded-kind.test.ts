/** A kind of check that can do harm: who may write it, and that nothing of it runs until belfry.yaml allows it. */
import { afterEach, describe, expect, it } from 'vitest'
import { checkHandlers } from '#main/api/checks.ts'
import { createCheckService } from '#main/checks/service.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { serve } from '#main/transport/serve.ts'
import { checksContract } from '#shared/contract/checks.ts'
import type { Role } from '#shared/contract/define.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'
import { temporaryState } from '#test/support/state-store.ts'
import { scriptedKind } from './scripted-kind.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const draft = { name: 'Web', kind: 'scripted', config: { host: 'web.example' } }

async function open(scripts: { enabled: boolean }) {
  const ports = fakePorts()
  const state = await temporaryState()
  const events = createEvents()
  const notices = createNotices(ports.clock, ports.logger, events)
  const config = memoryConfig([], { scripts })
  const { kind, script } = scriptedKind()
  const service = createCheckService({
    ports,
    state,
    events,
    notices,
    config,
    metrics: memoryMetrics(),
    kinds: [{ ...kind, role: 'admin', needs: 'scripts' }],
    dataDir: state.directory,
  })
  await service.start()
  ends.push(async () => {
    await service.close()
    await state.close()
  })
  const handlers = checkHandlers(service, { preview: async () => [], withoutSecrets: (text) => text })
  const ask = serve(checksContract, handlers, ports.logger)
  const call = (role: Role, name: string, input: unknown) =>
    ask(name, input, { role, name: 'somebody' }, new AbortController().signal)
  return { ports, service, notices, config, script, call }
}

describe('a kind that wants an administrator', () => {
  it('is neither written nor tried by an operator', async () => {
    const { call, service, script } = await open({ enabled: true })
    for (const name of ['checks.save', 'checks.try']) {
      const refused = await call('operator', name, { id: null, draft })
      expect(refused).toMatchObject({ ok: false, code: 'forbidden' })
      expect(JSON.stringify(refused)).toContain('need the role admin; somebody has operator')
    }
    expect([service.list(), script.targets]).toEqual([[], []])
    expect(await call('admin', 'checks.save', { id: null, draft })).toMatchObject({ ok: true })
    expect(await call('admin', 'checks.try', { id: null, draft })).toMatchObject({ ok: true })
    expect(await call('operator', 'checks.run', { id: 'web' })).toMatchObject({ ok: true })
    expect(await call('operator', 'checks.save', { id: 'web', draft })).toMatchObject({ code: 'forbidden' })
  })
})

describe('a kind that is switched off', () => {
  it('is not written, not tried, not run, and says what would allow it', async () => {
    const { call, script } = await open({ enabled: false })
    for (const name of ['checks.save', 'checks.try']) {
      expect(await call('admin', name, { id: null, draft })).toMatchObject({
        ok: false,
        code: 'invalid',
        message: expect.stringContaining('expected "scripts: { enabled: true }" in belfry.yaml'),
        issues: [{ path: 'kind' }],
      })
    }
    expect(script.targets).toEqual([])
  })

  it('ends with the switch and begins again with it', async () => {
    const scripts = { enabled: true }
    const { call, service, config, notices, script, ports } = await open(scripts)
    await call('admin', 'checks.save', { id: null, draft })
    scripts.enabled = false
    await config.saveSettings({})
    expect(service.list()).toEqual([])
    const left = notices.list().find(({ id }) => id === 'checks.unusable.web')
    expect(left).toMatchObject({ title: 'The check "Web" is left out' })
    const ranBefore = script.targets.length
    await ports.time.advance(300_000)
    expect(script.targets.length).toBe(ranBefore)
    scripts.enabled = true
    await config.saveSettings({})
    expect(service.list().map(({ id }) => id)).toEqual(['web'])
    expect(notices.list().find(({ id }) => id === 'checks.unusable.web')).toBeUndefined()
  })
})
