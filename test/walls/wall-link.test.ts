/** What a screen that was let in by a link may see: its wall, and nothing else by any door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { wallHandlers } from '#main/api/walls.ts'
import { createWallDisplays } from '#main/walls/wall-displays.ts'
import { contract } from '#shared/contract/index.ts'
import { Wall } from '#shared/contract/walls.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { type TestListener, testListener } from '../http/listener.ts'

const walls = ['lobby', 'lab'].map((name) => Wall.parse({ name, title: name, pages: [{ kind: 'clock' }] }))
const viewOf = (name: string) => ({
  wall: walls.find((wall) => wall.name === name) ?? walls[0],
  page: 0,
  content: { kind: 'clock' },
  news: [],
  broken: [],
  at: 1,
  observedAt: null,
  version: '1.2.3',
})

let served: TestListener
beforeAll(async () => {
  served = await testListener()
  const handlers = wallHandlers({
    walls: {
      list: () => walls,
      get: (name: string) => viewOf(name).wall,
      view: async (name: string) => viewOf(name),
      preview: async () => viewOf('lobby'),
      close() {},
      // The service is the test's own: the link and the scope are what is tried here.
    } as never,
    displays: createWallDisplays(),
    config: memoryConfig(),
    tokens: served.console.access.tokens,
  })
  await served.close()
  served = await testListener(handlers)
})
afterAll(() => served.close())

const admin = { role: 'admin', name: 'test' } as const

async function link(name: string): Promise<{ id: string; path: string; cookie: string }> {
  const { token, secret } = await served.console.access.tokens.createForWall(name, admin)
  const path = `/wall/${name}/open?key=${secret}`
  const opened = await served.ask(path)
  return { id: token.id, path, cookie: String(opened.headers['set-cookie']).split(';', 1)[0] ?? '' }
}

/** Says one call over a socket of this cookie; gives the reply. */
function over(cookie: string, name: string, input: unknown, origin = served.origin): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/ws`, { headers: { cookie, origin } })
    socket.on('error', reject)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'call', id: 1, name, input })))
    socket.on('message', (data) => {
      socket.close()
      resolve(JSON.parse(String(data)).reply)
    })
  })
}

describe('the link of a wall', () => {
  it('is exchanged for a cookie that scripts cannot read, and the address keeps no secret', async () => {
    const { token, secret } = await served.console.access.tokens.createForWall('lobby', admin)
    expect(token).toMatchObject({ role: 'wall', expiresAt: null })
    const opened = await served.ask(`/wall/lobby/open?key=${secret}`)
    expect(opened.status).toBe(303)
    expect(opened.headers['location']).toBe('/wall/lobby')
    expect(String(opened.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await served.ask('/wall/lobby')).text).toContain('<title>Belfry</title>')
  })

  it.each([
    ['a made-up key', async () => '/wall/lobby/open?key=belfry_nonsense'],
    ['no key', async () => '/wall/lobby/open'],
    ['the key of another wall', async () => (await link('lab')).path.replace('/lab/', '/lobby/')],
    ['the token of a viewer', async () => `/wall/lobby/open?key=${served.tokens.viewer}`],
  ])('lets nobody in with %s', async (_, path) => {
    const refused = await served.ask(await path())
    expect([400, 401]).toContain(refused.status)
    expect(refused.headers['set-cookie']).toBeUndefined()
  })

  it('ends when it is revoked', async () => {
    const { id, path, cookie } = await link('lobby')
    expect((await served.ask('/api/session', { headers: { cookie } })).json()).toMatchObject({ role: 'wall' })
    await served.console.access.tokens.revoke(id, admin)
    expect((await served.ask('/api/session', { headers: { cookie } })).status).toBe(401)
    expect((await served.ask(path)).status).toBe(401)
  })
})

describe('a screen', () => {
  it('sees its own wall, and no other', async () => {
    const { cookie } = await link('lobby')
    expect(await over(cookie, 'walls.view', { name: 'lobby' })).toMatchObject({ ok: true, value: { at: 1 } })
    expect(await over(cookie, 'walls.view', { name: 'lab' })).toMatchObject({ ok: false, code: 'forbidden' })
  })

  it('of two walls sees both', async () => {
    const both = `${(await link('lobby')).cookie}; ${(await link('lab')).cookie}`
    expect(await over(both, 'walls.view', { name: 'lobby' })).toMatchObject({ ok: true })
    expect(await over(both, 'walls.view', { name: 'lab' })).toMatchObject({ ok: true })
  })

  it('is refused every other call of the contract', async () => {
    const { cookie } = await link('lobby')
    const others = Object.keys(contract.calls).filter((name) => name !== 'walls.view')
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/ws`, {
      headers: { cookie, origin: served.origin },
    })
    const codes = await new Promise<unknown[]>((resolve, reject) => {
      const replies: unknown[] = []
      socket.on('error', reject)
      socket.on('open', () => {
        for (const [id, name] of others.entries()) socket.send(JSON.stringify({ type: 'call', id, name, input: {} }))
      })
      socket.on('message', (data) => {
        replies.push(JSON.parse(String(data)).reply.code)
        if (replies.length === others.length) resolve(replies)
      })
    })
    socket.close()
    expect(new Set(codes.filter((code) => code !== 'too-many'))).toEqual(new Set(['forbidden']))
  })

  it('hears that something changed, and not what', async () => {
    const { cookie } = await link('lobby')
    const heard: string[] = []
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/ws`, {
      headers: { cookie, origin: served.origin },
    })
    const next = () => new Promise<void>((resolve) => socket.once('message', () => resolve()))
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data))
      heard.push(frame.name ?? frame.type)
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify({ type: 'subscribe', events: ['settings.changed', 'walls.stirred', 'rules.changed'] }))
    socket.send(JSON.stringify({ type: 'ping' }))
    await next()
    const event = next()
    served.console.events.emit('rules.changed', {})
    served.console.events.emit('walls.stirred', { at: 1 })
    await served.console.ports.time.advance(25)
    await event
    socket.close()
    expect(heard).toEqual(['pong', 'walls.stirred'])
  })

  it('opens no socket from a page of another origin, nor without one', async () => {
    const { cookie } = await link('lobby')
    await expect(over(cookie, 'walls.view', { name: 'lobby' }, 'https://attacker.example')).rejects.toThrow('403')
  })

  it('does nothing by REST', async () => {
    const { cookie } = await link('lobby')
    for (const path of ['/api/monitoring/alerts', '/api/openapi.json', '/health/detailed']) {
      expect((await served.ask(path, { headers: { cookie, origin: served.origin } })).status).toBe(403)
    }
  })
})
