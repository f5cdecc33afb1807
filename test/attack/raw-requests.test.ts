/**
 * Requests that two servers in a row would read differently, that never end, or that are no requests: whoever sends them
 * smuggles nothing past, keeps nobody out, and brings nothing down.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestListener, testListener } from '#test/http/listener.ts'
import { rigFigures, rounds } from '#test/support/torture.ts'

const figures = rigFigures('raw requests')
let served: TestListener
/** How often somebody got through to a change. */
let changes: number

beforeEach(async () => {
  changes = 0
  served = await testListener({
    'checks.setEnabled'() {
      changes++
      return []
    },
    'checks.list': () => [],
  })
})
afterEach(() => served.close())

const host = () => `127.0.0.1:${served.listener.port}`
const body = JSON.stringify({ ids: ['site'], enabled: false })

/** A change with a token that may make it: what an attacker without one would have a victim's connection carry. */
const smuggled = () =>
  [
    'POST /api/rpc/checks.setEnabled HTTP/1.1',
    `Host: ${host()}`,
    `Authorization: Bearer ${served.tokens.operator}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')

/** Sends bytes and reads until the other side hangs up or has been silent for a moment. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(served.listener.port, '127.0.0.1')
  let heard = ''
  socket.on('data', (data) => {
    heard += data.toString('latin1')
  })
  socket.on('error', () => undefined)
  // Not by `once`, which takes a reset for a failure of its own.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('connect', () => socket.end(bytes, 'latin1'))
  await closed
  return heard
}

const statuses = (heard: string) => [...heard.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))

const chunkedAndLong = (...headers: string[]) =>
  ['POST /api/rpc/checks.list HTTP/1.1', 'Host: HOST', 'Content-Type: application/json', ...headers, '', ''].join(
    '\r\n',
  )

/** Each is followed by a request that must not be taken for one of its own. HOST stands for the real one. */
const ambiguous: readonly (readonly [what: string, head: string])[] = [
  ['a length and chunks', `${chunkedAndLong('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ['chunks and a length', `${chunkedAndLong('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`],
  ['two lengths', `${chunkedAndLong('Content-Length: 0', 'Content-Length: 44')}`],
  ['a list of lengths', `${chunkedAndLong('Content-Length: 0, 44')}`],
  ['a length with a sign', `${chunkedAndLong('Content-Length: +0')}`],
  ['a length in hexadecimal', `${chunkedAndLong('Content-Length: 0x0')}`],
  ['a negative length', `${chunkedAndLong('Content-Length: -1')}`],
  ['an unknown coding', `${chunkedAndLong('Transfer-Encoding: xchunked')}0\r\n\r\n`],
  ['chunks that are not last', `${chunkedAndLong('Transfer-Encoding: chunked, identity')}0\r\n\r\n`],
  ['chunks twice', `${chunkedAndLong('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`],
  ['a space before a colon', `${chunkedAndLong('Transfer-Encoding : chunked')}0\r\n\r\n`],
  ['a folded line', `${chunkedAndLong('X-Fold: a\r\n Transfer-Encoding: chunked', 'Content-Length: 0')}`],
  ['a vertical tab in a coding', `${chunkedAndLong('Transfer-Encoding: \x0bchunked')}0\r\n\r\n`],
  ['a NUL in a header', `${chunkedAndLong('X-Nul: a\x00b', 'Content-Length: 0')}`],
  ['a bare CR in a header', `${chunkedAndLong('X-Cr: a\rContent-Length: 0')}`],
  ['bare LFs', chunkedAndLong('Content-Length: 0').replaceAll('\r\n', '\n')],
  ['a chunk of endless size', `${chunkedAndLong('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n`],
  ['a chunk size that is none', `${chunkedAndLong('Transfer-Encoding: chunked')}0x0\r\n\r\n`],
  ['another protocol', 'GET /api/session HTTP/3.0\r\nHost: HOST\r\n\r\n'],
  ['no protocol at all', 'GET /api/session\r\n\r\n'],
  ['no request at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
]

describe('a request that can be read in two ways', () => {
  it.each(ambiguous)('such as %s is refused with all that follows it', async (_, head) => {
    const heard = await exchange(head.replaceAll('HOST', host()) + smuggled())
    figures.runs++
    figures.lost += changes
    expect(statuses(heard).filter((status) => status < 400)).toEqual([])
    expect(statuses(heard).length).toBeLessThanOrEqual(1)
    expect(changes).toBe(0)
    expect(served.console.ports.logger.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is not every one: what plainly follows on a connection is heard', async () => {
    await exchange(`GET /health/live HTTP/1.1\r\nHost: ${host()}\r\n\r\n${smuggled()}`)
    expect(changes).toBe(1)
    figures.isControlRed = true
  })
})

const foreign: readonly (readonly [what: string, line: string])[] = [
  ['the address of another host', 'GET http://evil.test/api/session HTTP/1.1'],
  ['an address with credentials', 'GET http://admin:admin@HOST/api/session HTTP/1.1'],
  ['the whole address of a change', 'POST http://evil.test/api/rpc/checks.setEnabled HTTP/1.1'],
  ['an asterisk', 'OPTIONS * HTTP/1.1'],
  ['a trace', 'TRACE / HTTP/1.1'],
  ['a path that climbs', 'GET /../../../../etc/passwd HTTP/1.1'],
  ['a path with backslashes', 'GET /..\\..\\package.json HTTP/1.1'],
  ['a path with a NUL', 'GET /%00 HTTP/1.1'],
  ['a very long path', `GET /${'a'.repeat(12_000)} HTTP/1.1`],
]

/** Everybody may have the answer to this, if they ask as they should. */
const isItAlive = 'GET /health/live HTTP/1.1\r\n'

describe('a request that does not say to which host it goes', () => {
  it.each([
    ['none', isItAlive],
    ['two', `${isItAlive}Host: HOST\r\nHost: evil.test\r\n`],
    ['two, the other first', `${isItAlive}Host: evil.test\r\nHost: HOST\r\n`],
    ['one twice', `${isItAlive}Host: HOST\r\nHost: HOST\r\n`],
    ['an empty one', `${isItAlive}Host:\r\n`],
  ])('but %s is refused', async (_, head) => {
    const [status] = statuses(await exchange(`${head.replaceAll('HOST', host())}\r\n`))
    figures.runs++
    expect(status).toBeGreaterThanOrEqual(400)
  })
})

describe('a request for something odd', () => {
  it.each(foreign)('such as %s is refused, and gives nothing away', async (_, line) => {
    const heard = await exchange(`${line.replaceAll('HOST', host())}\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`)
    figures.runs++
    expect(statuses(heard)).toHaveLength(1)
    expect(statuses(heard)[0]).toBeGreaterThanOrEqual(400)
    expect(heard).not.toContain('root:')
  })

  it('such as headers without end is refused', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `X-${index}: ${'a'.repeat(20)}`).join('\r\n')
    const heard = await exchange(`GET / HTTP/1.1\r\nHost: ${host()}\r\n${many}\r\n\r\n`)
    // What was not read when it was refused resets the connection, and the refusal may be lost with it.
    expect(statuses(heard).filter((status) => status !== 431)).toEqual([])
  })

  it('such as a tunnel is hung up on', async () => {
    const heard = await exchange(`CONNECT evil.test:80 HTTP/1.1\r\nHost: evil.test:80\r\n\r\n${smuggled()}`)
    expect(statuses(heard).filter((status) => status < 400)).toEqual([])
    expect(changes).toBe(0)
  })
})

describe('senders that take their time', () => {
  const count = rounds(200, 500)
  const beginnings = ['', 'G', 'GET / HTTP/1.1\r\n', 'POST /api/rpc/checks.list HTTP/1.1\r\nContent-Length: 9\r\n\r\n{']

  it(`${count} at once keep nobody out, and closing does not wait for them`, { timeout: 60_000 }, async () => {
    const slow: Socket[] = []
    for (let index = 0; index < count; index++) {
      const socket = connect(served.listener.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.resume()
      await once(socket, 'connect')
      socket.write(beginnings[index % beginnings.length] ?? '')
      slow.push(socket)
    }
    figures.runs += count
    expect((await served.ask('/health/live')).status).toBe(200)
    expect((await served.askAsOperator('/api/rpc/checks.list', { method: 'POST', body: {} })).status).toBe(200)
    const closed = slow.map((socket) =>
      socket.closed ? null : new Promise((resolve) => socket.once('close', resolve)),
    )
    await served.listener.close()
    await Promise.all(closed)
  })
})
