import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { websocket } from '#main/checks/kinds/websocket.ts'
import { makeCertificates, opensslIsThere } from './certificates.ts'
import { probe } from './probe.ts'
import { pour, rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function serving(
  talk: (client: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {},
  leaf: { key: string; cert: string } | null = null,
): Promise<number> {
  const http = leaf === null ? createServer() : createTlsServer(leaf)
  const server = new WebSocketServer({ ...options, server: http })
  server.on('connection', talk)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    for (const client of server.clients) client.terminate()
    server.close()
    http.close()
  })
  return (http.address() as AddressInfo).port
}

const at = (port: number, path = '/live') => `ws://127.0.0.1:${port}${path}`

describe('a WebSocket check', () => {
  it('shakes hands, pings and ends in order', async () => {
    let end: readonly [number, boolean] | null = null
    const closed = new Promise<void>((resolve) => {
      void serving((client) => {
        client.on('close', (code) => {
          end = [code, true]
          resolve()
        })
      }).then(async (port) => {
        const { result, evidence, sample, bugs } = await probe(websocket, { url: at(port) })
        expect(result).toMatchObject({ outcome: 'up', reason: { code: 'ok' } })
        expect(result.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'handshake', 'ping'])
        expect(evidence.facts).toEqual([
          { title: 'Handshake', note: '', rows: [{ name: 'status', value: '101 Switching Protocols' }] },
        ])
        expect(sample('probe_http_status_code')).toBe(101)
        expect(sample('probe_websocket_ping_seconds')).toBeGreaterThan(0)
        expect(bugs).toEqual([])
      })
    })
    await closed
    expect(end).toEqual([1000, true])
  })

  it.each([
    [{ send: 'hello', expect: 'HELLO' }, 'up', 'ok'],
    [{ send: 'hello', expectPattern: '^H\\w+O$' }, 'up', 'ok'],
    [{ expect: 'welcome' }, 'up', 'ok'],
    [{ send: 'hello', expect: 'BYE' }, 'down', 'answer-mismatch'],
    [{ expectPattern: '^\\d+$' }, 'down', 'answer-mismatch'],
  ])('greeted with "welcome" by an echo, with %j is %s', async (config, outcome, code) => {
    const port = await serving((client) => {
      client.send('welcome')
      client.on('message', (data) => client.send(String(data).toUpperCase()))
    })
    const { result, evidence, sample } = await probe(websocket, { url: at(port), ...config }, 400)
    expect([result.outcome, result.reason.code]).toEqual([outcome, code])
    expect(evidence.conversation).toContainEqual({ direction: 'received', text: 'welcome' })
    expect(sample('probe_failed_due_to_regex')).toBe(outcome === 'down' && 'expectPattern' in config ? 1 : 0)
  })

  it('agrees on a subprotocol', async () => {
    const port = await serving(() => {}, { handleProtocols: () => 'v2' })
    const fine = await probe(websocket, { url: at(port), subprotocols: ['v1', 'v2'] })
    expect(fine.result.reason.message).toContain('speaking v2')
    const other = await probe(websocket, { url: at(port), subprotocols: ['v1'] })
    expect(other.result.reason.code).toBe('subprotocol-mismatch')
    const plain = await serving(() => {}, { handleProtocols: () => false })
    expect((await probe(websocket, { url: at(plain), subprotocols: ['v1'] })).result.reason.code).toBe(
      'subprotocol-mismatch',
    )
  })

  it('says who it is and keeps it to itself', async () => {
    const seen: (string | undefined)[] = []
    const port = await serving((client, request) => {
      seen.push(request.headers.authorization, request.headers.origin)
      client.send(`you are ${request.headers.authorization}`)
    })
    const config = { url: at(port), expect: 'you', headers: { Origin: 'https://example.com' } }
    const bearer = await probe(websocket, { ...config, token: 'canary-4f' })
    const basic = await probe(websocket, { ...config, username: 'me', password: 'canary-4f' })
    expect(seen).toEqual([
      'Bearer canary-4f',
      'https://example.com',
      `Basic ${btoa('me:canary-4f')}`,
      'https://example.com',
    ])
    for (const probed of [bearer, basic]) {
      expect(probed.result.outcome).toBe('up')
      expect(JSON.stringify(probed)).not.toMatch(/canary|bWU6Y2F/)
    }
  })

  it('tells a server that lets nobody in from one that is none', async () => {
    const closed = await serving(() => {}, { verifyClient: (_, answer) => answer(false, 401, 'Unauthorized') })
    expect((await probe(websocket, { url: at(closed) })).result.reason).toEqual({
      code: 'not-authorized',
      message: `127.0.0.1:${closed} does not let us in: it answered 401 Unauthorized.`,
    })
    const http = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    ends.push(() => http.close())
    const none = await probe(websocket, { url: at((http.address() as AddressInfo).port) })
    expect([none.result.reason.code, none.sample('probe_http_status_code')]).toEqual(['upgrade-refused', 200])
  })

  it.each([
    ['closes at once', (client) => client.close(1008, 'not today'), {}, 'closed'],
    ['breaks off', (client) => client.terminate(), {}, 'reset'],
    ['says nothing', () => {}, { expect: 'x' }, 'timeout'],
    ['sends too much', (client) => client.send('x'.repeat(2_000_000)), { expect: 'y' }, 'message-too-large'],
    [
      'sends without end',
      (client) => {
        for (let count = 0; count < 2000; count++) client.send('blah')
      },
      { expect: 'y' },
      'answer-mismatch',
    ],
  ] as readonly [string, (client: WebSocket) => void, object, string][])(
    'meets a server that %s',
    async (_, talk, config, code) => {
      const port = await serving(talk)
      const { result, bugs } = await probe(websocket, { url: at(port), ...config }, 400)
      expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    },
  )

  it('meets a server that never answers a ping', async () => {
    const port = await serving(() => {}, { autoPong: false })
    expect((await probe(websocket, { url: at(port) }, 300)).result.reason.code).toBe('ping-timeout')
    expect((await probe(websocket, { url: at(port), ping: false }, 300)).result.outcome).toBe('up')
  })

  it.each([
    ['never answers', () => {}, 'timeout'],
    ['drips', (socket) => void socket.write('HTTP/1.1 101'), 'timeout'],
    ['speaks another protocol', (socket) => void socket.write('SSH-2.0-OpenSSH\r\n'), 'protocol-error'],
    [
      'sends headers without end',
      (socket) => {
        socket.write('HTTP/1.1 101 OK\r\n')
        pour(socket, 'X-More: yes\r\n'.repeat(500))
      },
      'headers-too-large',
    ],
    [
      'forges the handshake',
      (socket) =>
        void socket.write(
          'HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
        ),
      'protocol-error',
    ],
    ['resets', (socket) => void socket.resetAndDestroy(), 'reset'],
  ] as readonly [string, (socket: Socket) => void, string][])('survives a server that %s', async (_, speak, code) => {
    const server = await rawServer(speak)
    ends.push(server.close)
    const { result, bugs } = await probe(websocket, { url: at(server.port) }, 400)
    expect([result.outcome, result.reason.code, bugs]).toEqual(['down', code, []])
    expect(server.written()).toBeLessThan(20_000_000)
  })

  it.skipIf(!opensslIsThere())('speaks TLS and looks at the certificate (needs the package openssl)', async () => {
    const { good, expired, root } = makeCertificates()
    const config = (port: number) => ({ url: `wss://localhost:${port}/`, authorities: root, ipVersion: '4' })
    const fine = await probe(websocket, config(await serving(() => {}, {}, good)))
    expect(fine.result.outcome).toBe('up')
    expect(fine.sample('probe_ssl_earliest_cert_expiry')).toBeGreaterThan(0)
    const old = await probe(websocket, config(await serving(() => {}, {}, expired)))
    expect(old.result.reason.code).toBe('tls-expired')
  })

  it.each([
    [{ url: 'https://example.com' }, 'url'],
    [{ url: 'wss://me:pw@example.com' }, 'url'],
    [{ url: 'wss://' }, 'url'],
    [{ url: 'wss://example.com', headers: { Upgrade: 'x' } }, 'headers'],
    [{ url: 'wss://example.com', headers: { A: 'x\r\nB: y' } }, 'headers'],
    [{ url: 'wss://example.com', subprotocols: ['a', 'a'] }, 'subprotocols'],
    [{ url: 'wss://example.com', subprotocols: ['a b'] }, 'subprotocols'],
  ])('refuses %j', (config, path) => {
    expect(websocket.config.safeParse(config).error?.issues[0]?.path[0]).toBe(path)
  })

  it.each([
    ['wss://example.com/live?key=1', { url: 'wss://example.com/live?key=1' }, 'wss://example.com/live?…'],
    ['ws://me:p%40w@host:8080/', { url: 'ws://host:8080/', username: 'me', password: 'p@w' }, 'ws://host:8080'],
    ['ws://me:100%@host', { url: 'ws://host', username: 'me', password: '100%' }, 'ws://host'],
  ])('is guessed from %s, secrets apart', (text, config, target) => {
    const guessed = websocket.guess?.(text)
    expect(guessed).toEqual(config)
    expect(websocket.target(websocket.config.parse(guessed))).toBe(target)
  })
})
