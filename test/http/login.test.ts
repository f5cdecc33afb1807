/** How browsers and programs come in, and how they are put out again. */

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { adminToken, type TestListener, testListener } from './listener.ts'

let served: TestListener
let missing: number
beforeEach(async () => {
  missing = 0
  served = await testListener(
    { 'checks.setEnabled': () => [], 'checks.list': () => [] },
    { onSessionMissing: () => void missing++ },
  )
})
afterEach(() => served.close())

const pathOf = (link: string) => link.slice(new URL(link).origin.length)
const minutes = (count: number) => count * 60_000
const days = (count: number) => count * 86_400_000
const pause = { method: 'POST', body: { ids: ['site'], enabled: false } }

describe('a login link', () => {
  it('is exchanged for a cookie that scripts cannot read and other sites cannot use', async () => {
    const reply = await served.ask(pathOf(served.listener.createLoginLink()))
    expect(reply.status).toBe(303)
    expect(reply.headers['location']).toBe('/')
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^belfry-session-0=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    )
  })

  it('works once', async () => {
    const path = pathOf(served.listener.createLoginLink())
    expect((await served.ask(path)).status).toBe(303)
    const second = await served.ask(path)
    expect(second.status).toBe(401)
    expect(second.text).toContain('used already or is too old')
    expect(second.headers['set-cookie']).toBeUndefined()
  })

  it('works for ten minutes', async () => {
    const path = pathOf(served.listener.createLoginLink())
    await served.console.ports.time.advance(minutes(10))
    expect((await served.ask(path)).status).toBe(401)
  })

  it('ends when a newer one is made', async () => {
    const older = pathOf(served.listener.createLoginLink())
    const newer = pathOf(served.listener.createLoginLink())
    expect((await served.ask(older)).status).toBe(401)
    expect((await served.ask(newer)).status).toBe(303)
  })

  it('is asked for when a page finds its session ended, unless one is pending', async () => {
    await served.ask('/api/session')
    expect(missing).toBe(1)
    served.listener.createLoginLink()
    await served.ask('/api/session')
    await served.ask('/api/monitoring/alerts')
    expect(missing).toBe(1)
  })
})

describe('a session', () => {
  it('is known by its cookie', async () => {
    const cookie = await served.login()
    const reply = await served.ask('/api/session', { headers: { cookie } })
    expect(reply.json()).toEqual({ name: 'session', role: 'admin' })
  })

  it('changes nothing without the header that only its own page can send', async () => {
    const cookie = await served.login()
    const path = '/api/rpc/checks.setEnabled'
    const bare = await served.ask(path, { ...pause, headers: { cookie } })
    expect(bare.status).toBe(403)
    expect(bare.text).toContain('x-belfry-csrf')
    const own = { cookie, origin: served.origin, 'x-belfry-csrf': '1' }
    expect((await served.ask(path, { ...pause, headers: own })).status).toBe(200)
    const foreign = { ...own, origin: 'http://127.0.0.1:9' }
    expect((await served.ask(path, { ...pause, headers: foreign })).status).toBe(403)
    expect((await served.ask(path, { ...pause, headers: { ...own, origin: 'null' } })).status).toBe(403)
  })

  it('outlasts a restart, and only its hash is stored', async () => {
    const cookie = await served.login()
    const secret = cookie.split('=')[1] ?? ''
    const rows = JSON.stringify(await served.console.state.ask('session.list', {}))
    expect(rows).not.toContain(secret)
    const access = await served.console.reopenAccess()
    expect(await access.sessions.authenticate(secret)).toEqual({ role: 'admin', name: 'session' })
  })

  it('lapses after thirty days of not being used, and is put off by use', async () => {
    const cookie = await served.login()
    const { time } = served.console.ports
    const status = async () => (await served.ask('/api/session', { headers: { cookie } })).status
    await time.advance(days(29))
    expect(await status()).toBe(200)
    await time.advance(days(29))
    expect(await status()).toBe(200)
    await time.advance(days(30))
    expect(await status()).toBe(401)
  })

  it('ends when its browser logs out', async () => {
    const cookie = await served.login()
    const headers = { cookie, 'x-belfry-csrf': '1' }
    const reply = await served.ask('/api/session', { method: 'DELETE', headers })
    expect(String(reply.headers['set-cookie'])).toContain('Max-Age=0')
    expect((await served.ask('/api/session', { headers })).status).toBe(401)
    expect(await served.console.state.ask('session.list', {})).toEqual([])
  })

  it('leaves its comings and goings in the audit log', async () => {
    const cookie = await served.login()
    await served.ask('/api/session', { method: 'DELETE', headers: { cookie, 'x-belfry-csrf': '1' } })
    const entries = await served.console.state.ask('audit.list', { before: null, limit: 2 })
    expect(entries.map((entry) => entry.action)).toEqual(['session.ended', 'session.opened'])
  })
})

describe('a token', () => {
  const get = (token: string) => served.ask('/api/session', { headers: { authorization: `Bearer ${token}` } })

  it('brings its role', async () => {
    expect((await get(served.tokens.viewer)).json()).toEqual({ name: 'token:a viewer', role: 'viewer' })
    expect((await get(adminToken)).json()).toEqual({ name: 'token:BELFRY_TOKEN', role: 'admin' })
  })

  it.each(['', 'belfry_', `belfry_${'A'.repeat(43)}`, adminToken.slice(0, -1), `${adminToken}x`, 'x'.repeat(600)])(
    'that is wrong is told so (%#)',
    async (token) => {
      const reply = await get(token)
      expect(reply.status).toBe(401)
      expect(reply.headers['www-authenticate']).toBe('Bearer realm="Belfry"')
    },
  )

  it('that is wrong too often is slowed down, and right ones are not', async () => {
    for (let attempt = 0; attempt < 10; attempt++) expect((await get('belfry_wrong')).status).toBe(401)
    const refused = await get('belfry_wrong')
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('60')
    expect((await get(served.tokens.viewer)).status).toBe(200)
    await served.console.ports.time.advance(minutes(1))
    expect((await get('belfry_wrong')).status).toBe(401)
  })
})

describe('a socket', () => {
  const open = (headers: Record<string, string>) => {
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/ws`, { headers })
    return new Promise<WebSocket | number>((resolve) => {
      socket.on('open', () => resolve(socket))
      socket.on('unexpected-response', (_request, reply) => resolve(reply.statusCode ?? 0))
      socket.on('error', () => undefined)
    })
  }

  it('opens for a session from its own page only', async () => {
    const cookie = await served.login()
    expect(await open({ cookie, origin: served.origin })).toBeInstanceOf(WebSocket)
    expect(await open({ cookie })).toBe(403)
    expect(await open({ cookie, origin: 'https://attacker.example' })).toBe(403)
    expect(await open({ cookie, origin: 'null' })).toBe(403)
    expect(await open({ cookie, origin: served.origin, host: `attacker.example:${served.listener.port}` })).toBe(403)
    expect(await open({ origin: served.origin })).toBe(401)
    expect(await open({ cookie: 'belfry-session-0=guess', origin: served.origin })).toBe(401)
  })

  it('is closed as no longer known when its token is revoked', async () => {
    const socket = await open({ authorization: `Bearer ${served.tokens.viewer}` })
    if (!(socket instanceof WebSocket)) throw new Error(`expected an open socket, got ${socket}`)
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    const { tokens } = served.console.access
    const viewer = (await tokens.list()).find((token) => token.role === 'viewer')
    await tokens.revoke(viewer?.id ?? '', { role: 'admin', name: 'test' })
    await served.console.ports.time.advance(30_000)
    expect(await closed).toBe(4401)
  })

  it('that answers pings stays, and one that is silent is ended', async () => {
    const socket = await open({ authorization: `Bearer ${served.tokens.viewer}` })
    if (!(socket instanceof WebSocket)) throw new Error(`expected an open socket, got ${socket}`)
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    const pinged = new Promise((resolve) => socket.on('ping', resolve))
    await served.console.ports.time.advance(30_000)
    await pinged
    // Its answer needs a round trip; a question on the same socket comes back after it.
    const answered = new Promise((resolve) => socket.once('message', resolve))
    socket.send('{"type":"ping"}')
    await answered
    await served.console.ports.time.advance(30_000)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.pause()
    await served.console.ports.time.advance(60_000)
    socket.resume()
    expect(await closed).toBe(1006)
  })

  it('that is refused is hung up on, whether or not the other side hangs up', async () => {
    const stream = connect({ host: '127.0.0.1', port: served.listener.port, allowHalfOpen: true })
    const chunks: Buffer[] = []
    stream.on('data', (chunk) => void chunks.push(chunk))
    stream.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${served.listener.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(stream, 'end')
    expect(String(Buffer.concat(chunks))).toMatch(/^HTTP\/1\.1 401 /)
    // Our side of it is still open; that theirs is not, the next writes tell.
    stream.on('error', () => undefined)
    await vi.waitFor(() => {
      stream.write('are you there?')
      expect(stream.destroyed).toBe(true)
    })
  })

  it('elsewhere than at /ws tells a stranger nothing', async () => {
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/elsewhere`)
    socket.on('error', () => undefined)
    const [, reply] = await once(socket, 'unexpected-response')
    expect(reply.statusCode).toBe(401)
    reply.destroy()
  })

  it('elsewhere than at /ws is refused', async () => {
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}/elsewhere`, {
      headers: { authorization: `Bearer ${adminToken}` },
    })
    const status = new Promise((resolve) =>
      socket.on('unexpected-response', (_request, reply) => resolve(reply.statusCode)),
    )
    socket.on('error', () => undefined)
    expect(await status).toBe(404)
  })

  it('that does not read what it asked for is ended', async () => {
    const big = 'x'.repeat(1_000_000)
    const greedy = await testListener({
      'checks.kinds': () => [{ kind: big, title: '', description: '', schema: {}, defaults: {} }],
    })
    const socket = new WebSocket(`${greedy.origin.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${greedy.tokens.viewer}` },
    })
    socket.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    await new Promise((resolve) => socket.on('open', resolve))
    socket.pause()
    for (let id = 0; id < 60; id++) {
      socket.send(JSON.stringify({ type: 'call', id, name: 'checks.kinds', input: {} }))
    }
    let ended = false
    void closed.then(() => {
      ended = true
    })
    // A paused socket learns of its end only when it reads again.
    await vi.waitFor(
      () => {
        socket.resume()
        expect(ended).toBe(true)
      },
      { timeout: 15_000 },
    )
    await greedy.close()
  })
})
