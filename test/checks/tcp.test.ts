import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp } from '#main/checks/kinds/tcp.ts'
import { makeCertificates, opensslIsThere } from './certificates.ts'
import { probe } from './probe.ts'
import { pour, type RawServer, rawServer } from './raw-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function serving(...args: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...args)
  ends.push(server.close)
  return server
}

const greeting = (text: string | Buffer) => serving((socket) => socket.write(text), { greet: true })

describe('a TCP check', () => {
  it('is up when the connection is accepted', async () => {
    const { port } = await serving(() => {})
    const { result, evidence, sample } = await probe(tcp, { host: '127.0.0.1', port })
    expect(result).toMatchObject({ outcome: 'up', reason: { code: 'ok' } })
    expect(result.phases.map((phase) => phase.name)).toEqual(['resolve', 'connect'])
    expect(evidence).toEqual({ remoteAddress: `127.0.0.1:${port}` })
    expect(sample('probe_success')).toBe(1)
  })

  it.each([
    [{ expect: 'OK' }, 'up', 'ok'],
    [{ expectPattern: '^\\+\\w+ v\\d' }, 'up', 'ok'],
    [{ expect: 'OK', expectPattern: 'v9' }, 'down', 'answer-mismatch'],
    [{ expect: 'ERR' }, 'down', 'answer-mismatch'],
  ])('greeted with "+OK v2" and expecting %j is %s', async (config, outcome, code) => {
    const { port } = await greeting('+OK v2\r\n')
    const { result, evidence } = await probe(tcp, { host: '127.0.0.1', port, ...config }, 300)
    expect([result.outcome, result.reason.code]).toEqual([outcome, code])
    expect(evidence.conversation).toEqual([{ direction: 'received', text: '+OK v2\r\n' }])
  })

  it('says its line first and looks at the answer', async () => {
    const { port, heads } = await serving((socket, head) =>
      socket.end(head.startsWith('PING') ? '+PONG\r\n' : '-ERR\r\n'),
    )
    const { result, evidence } = await probe(tcp, {
      host: '127.0.0.1',
      port,
      send: 'PING\\r\\n\\r\\n',
      expect: '+PONG',
    })
    expect(result.outcome).toBe('up')
    expect(heads).toEqual(['PING\r\n\r\n'])
    expect(evidence.conversation?.map((line) => line.direction)).toEqual(['sent', 'received'])
  })

  it('survives a greeting of garbage and tells it as what it is', async () => {
    const { port } = await greeting(Buffer.from([0xff, 0, 1, 2, 0xfe]))
    const { result, evidence } = await probe(tcp, { host: '127.0.0.1', port, expect: 'SSH' }, 300)
    expect(result.reason.message).toContain('5 bytes that are no text came')
    expect(evidence.conversation).toEqual([{ direction: 'received', text: 'ff000102fe' }])
  })

  it('stops listening to a server that never stops talking', async () => {
    const server = await serving((socket) => pour(socket, 'blah '.repeat(1000)), { greet: true })
    const { result } = await probe(tcp, { host: '127.0.0.1', port: server.port, expect: 'needle' })
    expect(result.reason.message).toContain('said 65536 bytes without what was expected')
    expect(server.written()).toBeLessThan(20_000_000)
  })

  it('tells silence, a closed connection and a refused one', async () => {
    const silent = await serving(() => {}, { greet: true })
    const quiet = await probe(tcp, { host: '127.0.0.1', port: silent.port, expect: 'x' }, 200)
    expect(quiet.result.reason.code).toBe('timeout')
    const closing = await serving((socket) => socket.end(), { greet: true })
    const closed = await probe(tcp, { host: '127.0.0.1', port: closing.port, expect: 'x' })
    expect(closed.result.reason.message).toContain('ended the connection: expected "x", nothing came')
    const gone = await rawServer(() => {})
    await gone.close()
    expect((await probe(tcp, { host: '127.0.0.1', port: gone.port })).result.reason.code).toBe('connection-refused')
  })

  it.skipIf(process.platform !== 'linux')('times out on a host that swallows connection attempts', async () => {
    const { port } = await blackhole()
    const { result } = await probe(tcp, { host: '127.0.0.1', port }, 300)
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'connect-timeout' } })
    expect(result.durationMs).toBeLessThan(900)
  })

  it.skipIf(!opensslIsThere())('speaks TLS and looks at the certificate (needs the package openssl)', async () => {
    const { good, expired, root } = makeCertificates()
    const config = { host: 'localhost', tls: true, authorities: root, ipVersion: '4' }
    const fine = await serving((socket) => socket.write('hello'), { tls: good, greet: true })
    const up = await probe(tcp, { ...config, port: fine.port, expect: 'hello' })
    expect(up.result.outcome).toBe('up')
    expect(up.sample('probe_ssl_earliest_cert_expiry')).toBeGreaterThan(up.result.at / 1000)
    const old = await serving(() => {}, { tls: expired, greet: true })
    expect((await probe(tcp, { ...config, port: old.port })).result.reason.code).toBe('tls-expired')
  })

  it.each([
    [{ host: 'example.com', port: 0 }, 'port'],
    [{ host: 'example.com', port: 65_536 }, 'port'],
    [{ host: '300.1.1.1', port: 80 }, 'host'],
    [{ host: '-rf', port: 80 }, 'host'],
    [{ host: 'example.com', port: 80, expectPattern: '(' }, 'expectPattern'],
  ])('refuses %j', (config, path) => {
    expect(tcp.config.safeParse(config).error?.issues[0]?.path).toEqual([path])
  })
})

/** A stopped process whose queue of connections is full: the kernel drops further attempts, as a firewall would. */
async function blackhole(): Promise<{ port: number }> {
  const script = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  ends.push(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const port = Number(String(line))
  child.kill('SIGSTOP')
  for (;;) {
    const socket: Socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => socket.destroy())
    ends.push(() => socket.destroy())
    // Accepted at once while there is room in the queue; the first that is not found it full.
    const accepted = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 100)),
    ])
    if (!accepted) return { port }
  }
}
