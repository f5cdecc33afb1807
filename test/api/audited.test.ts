/** What operators do, as the audit log tells it: through the real contract, guard and store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAudit } from '#main/access/audit.ts'
import { auditHandlers } from '#main/api/audit.ts'
import { audited } from '#main/api/audited.ts'
import { serve } from '#main/transport/serve.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import type { Caller } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type BelfryHandlers, type CallName, contract, type InputOf } from '#shared/contract/index.ts'
import { defaultSettings } from '#test/support/memory-config.ts'
import { type FakePorts, fakePorts } from '#test/support/ports.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'

const operator: Caller = { role: 'operator', name: 'token:ci' }
const admin: Caller = { role: 'admin', name: 'desktop' }
const draft = { name: 'Shop', kind: 'http', config: { url: 'https://shop.example', password: 'hunter2' } }
const rule = { alert: 'DiskFull', expr: 'up == 0' }

let ports: FakePorts
let state: TemporaryState
beforeEach(async () => {
  ports = fakePorts()
  state = await temporaryState()
})
afterEach(() => state.close())

/** Makes one call of handlers that are written for the test. */
async function call<K extends CallName>(
  handlers: Partial<BelfryHandlers>,
  name: K,
  input: InputOf<K>,
  caller = operator,
) {
  const audit = createAudit({ state, clock: ports.clock, logger: ports.logger })
  // A test makes only the calls it wrote handlers for.
  const all = audited({ ...handlers, ...auditHandlers(audit) } as BelfryHandlers, audit)
  return serve(contract, all, ports.logger)(name, input, caller, new AbortController().signal)
}

async function entries() {
  return (await state.ask('audit.list', { before: null, limit: 100 })).reverse()
}

describe('what an operator does', () => {
  it('is told with who did it, when, and to what', async () => {
    const reply = await call({ 'checks.save': () => checkView({ id: 'shop', name: 'Shop' }) }, 'checks.save', { draft })
    expect(reply).toMatchObject({ ok: true, value: { id: 'shop' } })
    expect(await entries()).toMatchObject([
      { at: ports.clock.now(), actor: 'token:ci', action: 'check.created', subject: 'shop', detail: { name: 'Shop' } },
    ])
  })

  it('is told for each alert that it was done to', async () => {
    const alerts = ['a', 'b'].map((id) => alertView({ id, rule: 'DiskFull' }))
    const input = { ids: ['a', 'b'], note: 'mine' }
    await call({ 'alerts.acknowledge': () => alerts }, 'alerts.acknowledge', input)
    const detail = { rule: 'DiskFull', note: 'mine', until: null }
    expect(await entries()).toMatchObject([
      { action: 'alert.acknowledged', subject: 'a', detail },
      { action: 'alert.acknowledged', subject: 'b', detail },
    ])
  })

  it('tells a setting by its path and new value', async () => {
    const patch = { storage: { rawDays: 30 }, logLevel: 'debug' } as const
    await call({ 'settings.save': () => defaultSettings }, 'settings.save', { patch }, admin)
    expect(await entries()).toMatchObject([
      { actor: 'desktop', action: 'settings.changed', detail: { 'storage.rawDays': 30, logLevel: 'debug' } },
    ])
  })

  it('never tells what a check was given to log in with', async () => {
    await call({ 'checks.save': () => checkView({ id: 'shop' }) }, 'checks.save', { id: 'shop', draft })
    await call({ 'checks.remove': ({ id }) => ({ id, draft: CheckDraft.parse(draft) }) }, 'checks.remove', {
      id: 'shop',
    })
    const told = await entries()
    expect(told.map(({ action }) => action)).toEqual(['check.changed', 'check.removed'])
    expect(JSON.stringify(told)).not.toContain('hunter2')
  })

  it('leaves no trace where it was refused or failed', async () => {
    const refused = () => Promise.reject(new AppError('conflict', 'It changed meanwhile.'))
    expect(await call({ 'rules.save': refused }, 'rules.save', { rule })).toMatchObject({ code: 'conflict' })
    const viewer: Caller = { role: 'viewer', name: 'token:grafana' }
    expect(await call({}, 'rules.save', { rule }, viewer)).toMatchObject({ code: 'forbidden' })
    expect(await entries()).toEqual([])
  })

  it('is answered although it could not be noted, and that is an error in the log', async () => {
    state.close()
    const reply = await call({ 'alerts.resolve': () => [alertView({ id: 'a' })] }, 'alerts.resolve', { ids: ['a'] })
    expect(reply).toMatchObject({ ok: true })
    expect(ports.logger.lines).toMatchObject([{ level: 'error', message: 'the audit log could not be written' }])
    state = await temporaryState()
  })
})

describe('the audit log', () => {
  it('is read page by page, newest first, by an admin only', async () => {
    const setEnabled = ({ ids, enabled }: { ids: string[]; enabled: boolean }) =>
      ids.map((id) => checkView({ id, enabled }))
    await call({ 'checks.setEnabled': setEnabled }, 'checks.setEnabled', { ids: ['a', 'b', 'c'], enabled: false })
    const first = await call({}, 'audit.list', { limit: 2 }, admin)
    expect(first).toMatchObject({ ok: true, value: { entries: [{ subject: 'c' }, { subject: 'b' }], next: '2' } })
    const rest = await call({}, 'audit.list', { limit: 2, cursor: '2' }, admin)
    expect(rest).toMatchObject({ ok: true, value: { entries: [{ subject: 'a', action: 'check.paused' }], next: null } })
    expect(await call({}, 'audit.list', { cursor: 'x' }, admin)).toMatchObject({ code: 'invalid' })
    expect(await call({}, 'audit.list', {})).toMatchObject({ code: 'forbidden' })
    expect(await call({}, 'audit.verify', {}, admin)).toEqual({ ok: true, value: { entries: 3, brokenAt: null } })
  })
})
