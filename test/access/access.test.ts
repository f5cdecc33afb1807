/** Tokens in a real store: made in the screens or on the command line, found by their hash, revoked, noted. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handoverDirectory } from '#main/access/handover.ts'
import { makeToken, parseTokenCommand } from '#main/access/token-command.ts'
import { tokenHandlers } from '#main/api/tokens.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'

const admin = { role: 'admin', name: 'desktop' } as const
const grafana = { name: 'grafana', role: 'viewer', expiresAt: null } as const

let console: StubConsole
beforeEach(async () => {
  console = await stubConsole()
})
afterEach(() => console.close())

describe('a token', () => {
  it('is found by its secret, which is nowhere in the store', async () => {
    const { tokens } = console.access
    const { token, secret } = await tokens.create(grafana, admin)
    expect(token).toMatchObject({ name: 'grafana', role: 'viewer', lastUsedAt: null })
    expect(secret).toMatch(/^belfry_[\w-]{43}$/)
    expect(JSON.stringify(await console.state.ask('token.list', {}))).not.toContain(secret.slice(7))
    expect(await tokens.authenticate(secret)).toEqual({ role: 'viewer', name: 'token:grafana' })
    expect(await (await console.reopenAccess()).tokens.authenticate(secret)).toEqual({
      role: 'viewer',
      name: 'token:grafana',
    })
  })

  it('has a name of its own', async () => {
    await console.access.tokens.create(grafana, admin)
    await expect(console.access.tokens.create(grafana, admin)).rejects.toMatchObject({ code: 'conflict' })
    expect(await console.access.tokens.list()).toHaveLength(1)
  })

  it('ends when it expires', async () => {
    const { tokens } = console.access
    const expiresAt = console.ports.clock.now() + 1000
    const { secret } = await tokens.create({ ...grafana, expiresAt }, admin)
    expect(await tokens.authenticate(secret)).not.toBeNull()
    await console.ports.time.advance(1000)
    expect(await tokens.authenticate(secret)).toBeNull()
    await expect(tokens.create({ ...grafana, name: 'late', expiresAt }, admin)).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('ends when it is revoked, for good', async () => {
    const { tokens } = console.access
    const { token, secret } = await tokens.create(grafana, admin)
    await tokens.revoke(token.id, admin)
    expect(await tokens.authenticate(secret)).toBeNull()
    expect(await (await console.reopenAccess()).tokens.list()).toEqual([])
    await expect(tokens.revoke(token.id, admin)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is noted as used, once a minute', async () => {
    const { tokens } = console.access
    const { secret } = await tokens.create(grafana, admin)
    const firstUse = console.ports.clock.now()
    await tokens.authenticate(secret)
    await console.ports.time.advance(59_000)
    await tokens.authenticate(secret)
    expect(await console.state.ask('token.list', {})).toMatchObject([{ lastUsedAt: firstUse }])
    await console.ports.time.advance(1000)
    await tokens.authenticate(secret)
    expect(await console.state.ask('token.list', {})).toMatchObject([{ lastUsedAt: firstUse + 60_000 }])
  })

  it('leaves its making and its end in the audit log, by whom', async () => {
    const { token } = await console.access.tokens.create(grafana, admin)
    await console.access.tokens.revoke(token.id, { role: 'admin', name: 'session' })
    const entries = await console.state.ask('audit.list', { before: null, limit: 2 })
    expect(entries.map(({ actor, action, subject }) => `${actor} ${action} ${subject}`)).toEqual([
      'session token.revoked grafana',
      'desktop token.created grafana',
    ])
    expect(await console.state.ask('audit.verify', {})).toMatchObject({ brokenAt: null })
  })
})

describe('a token from the command line', () => {
  const make = (name: string) =>
    makeToken({ name, role: 'operator' }, console.state.directory, {
      clock: console.ports.clock,
      ids: console.ports.ids,
    })

  it('works at once while Belfry runs', async () => {
    const secret = await make('ci')
    expect(await console.access.tokens.authenticate(secret)).toEqual({ role: 'operator', name: 'token:ci' })
    expect(readdirSync(handoverDirectory(console.state.directory))).toEqual([])
  })

  it('works from the next start when Belfry does not run', async () => {
    const secret = await make('ci')
    const access = await console.reopenAccess()
    expect(await access.tokens.list()).toMatchObject([{ name: 'ci', role: 'operator' }])
    expect(await access.tokens.authenticate(secret)).not.toBeNull()
  })

  it('gets a free name when its own is taken', async () => {
    await console.access.tokens.create({ ...grafana, name: 'ci' }, admin)
    await Promise.all([make('ci'), make('ci')])
    const names = (await console.access.tokens.list()).map((token) => token.name)
    expect(names.sort()).toEqual(['ci', 'ci (2)', 'ci (3)'])
  })

  it('is taken in once, however many ask at the same time', async () => {
    const secret = await make('ci')
    const callers = await Promise.all(Array.from({ length: 20 }, () => console.access.tokens.authenticate(secret)))
    expect(callers.every((caller) => caller?.name === 'token:ci')).toBe(true)
    expect(await console.access.tokens.list()).toHaveLength(1)
  })

  it('that cannot be read is set aside and told', async () => {
    await make('ci')
    const directory = handoverDirectory(console.state.directory)
    writeFileSync(join(directory, 'broken.json'), '{"role":"emperor"}')
    expect(await console.access.tokens.list()).toHaveLength(1)
    expect(existsSync(join(directory, 'broken.json.refused'))).toBe(true)
    expect(console.ports.logger.lines.map((line) => line.level)).toContain('warn')
  })

  it.each([
    [[], 'Expected the command "create"'],
    [['list'], 'Expected the command "create"'],
    [['create', '--role', 'viewer'], 'expected --name'],
    [['create', '--name', 'x'], 'expected --role with one of viewer, operator, admin'],
    [['create', '--name', 'x', '--role', 'root'], 'expected --role'],
    [['create', '--name', 'x', '--role', 'viewer', '--days', 'ten'], 'expected --days'],
    [['create', '--colour', 'red'], "'--colour'"],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseTokenCommand(args)).toThrow(message)
  })
})

it('the calls make, list and revoke tokens', async () => {
  const handlers = tokenHandlers(console.access)
  const context = { caller: admin, signal: new AbortController().signal }
  const { token } = await handlers['tokens.create'](grafana, context)
  expect(await handlers['tokens.list']({}, context)).toEqual([token])
  expect(await handlers['tokens.revoke']({ id: token.id }, context)).toEqual({ id: token.id })
  expect(await handlers['tokens.list']({}, context)).toEqual([])
})
