/** WebSocket frames that no honest client sends: the socket they came on is ended, and the console goes on. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestListener, testListener } from '#test/http/listener.ts'
import { rigFigures, rounds } from '#test/support/torture.ts'

const figures = rigFigures('raw WebSocket frames')
let served: TestListener
let calls: number

beforeEach(async () => {
  calls = 0
  served = await testListener({
    'checks.list'() {
      calls++
      return []
    },
  })
})
afterEach(() => served.close())

interface RawSocket {
  send(...frames: Buffer[]): void
  /** What came after the upgrade. */
  heard(): Buffer
  /** Resolves when the other side has ended it. */
  readonly ended: Promise<unknown>
  close(): void
}

/** With a bare socket, for a client library would refuse to send what is sent here. */
async function openRaw(): Promise<RawSocket> {
  const socket: Socket = connect(served.listener.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const ended = new Promise((resolve) => socket.once('close', resolve))
  const chunks: Buffer[] = []
  const head = [
    'GET /ws HTTP/1.1',
    `Host: 127.0.0.1:${served.listener.port}`,
    `Authorization: Bearer ${served.tokens.viewer}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  const [first] = await once(socket, 'data')
  expect(String(first)).toMatch(/^HTTP\/1\.1 101 /)
  expect(String(first)).not.toContain('permessage-deflate')
  socket.on('data', (data: Buffer) => void chunks.push(data))
  socket.on('end', () => socket.end())
  return {
    send: (...frames) => frames.forEach((one) => void socket.write(one)),
    heard: () => Buffer.concat(chunks),
    ended,
    close: () => socket.destroy(),
  }
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const

interface FrameOptions {
  readonly isLast?: boolean
  readonly isMasked?: boolean
  /** RSV bits, 0 to 7; the first means compressed. */
  readonly reserved?: number
  /** Instead of the payload's own. */
  readonly length?: number
}

/** Source: RFC 6455, section 5.2. */
function frameOf(opcode: number, payload: Buffer | string, options: FrameOptions = {}): Buffer {
  const { isLast = true, isMasked = true, reserved = 0, length = Buffer.byteLength(payload) } = options
  const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode
  const head = Buffer.alloc(10)
  head.writeUInt8(first, 0)
  head.writeUInt8((isMasked ? 0x80 : 0) | 127, 1)
  head.writeBigUInt64BE(BigInt(length), 2)
  const short =
    length < 126
      ? Buffer.from([first, (isMasked ? 0x80 : 0) | length])
      : length < 65_536
        ? Buffer.from([first, (isMasked ? 0x80 : 0) | 126, length >> 8, length & 0xff])
        : head
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([short, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), Buffer.from(payload)])
}

const call = JSON.stringify({ type: 'call', id: 1, name: 'checks.list', input: {} })
const { text, binary, continuation, close, ping } = opcodes
const half = { isLast: false }

const wrong: readonly (readonly [what: string, frames: () => Buffer[], closeCode: number])[] = [
  ['an unmasked frame', () => [frameOf(text, call, { isMasked: false })], 1002],
  ['a reserved opcode', () => [frameOf(3, call)], 1002],
  ['a reserved bit', () => [frameOf(text, call, { reserved: 2 })], 1002],
  [
    'a compressed bomb nobody agreed to',
    () => [frameOf(text, deflateRawSync(Buffer.alloc(50_000_000)), { reserved: 4 })],
    1002,
  ],
  ['a frame of an exabyte', () => [frameOf(text, 'x', { length: 2 ** 52 })], 1009],
  ['a frame one byte too long', () => [frameOf(text, 'x', { length: 1_048_577 })], 1009],
  ['text that is no UTF-8', () => [frameOf(text, Buffer.from([0xc3, 0x28]))], 1007],
  ['a surrogate in UTF-8', () => [frameOf(text, Buffer.from([0xed, 0xa0, 0x80]))], 1007],
  ['a continuation of nothing', () => [frameOf(continuation, call)], 1002],
  ['a beginning within a message', () => [frameOf(text, '{', half), frameOf(text, call)], 1002],
  ['a ping in pieces', () => [frameOf(ping, 'x', half)], 1002],
  ['a ping that is too long', () => [frameOf(ping, 'x'.repeat(126))], 1002],
  ['binary', () => [frameOf(binary, call)], 1003],
  ['a close without a code', () => [frameOf(close, Buffer.from([3]))], 1002],
  ['a close with a code that is none', () => [frameOf(close, Buffer.from([0, 1]))], 1002],
  [
    'a message of many pieces that is too long',
    () => [
      frameOf(text, '"', half),
      ...Array.from({ length: 1100 }, () => frameOf(continuation, 'x'.repeat(1000), half)),
    ],
    1009,
  ],
  [
    'pieces without end and without content',
    () => [frameOf(text, '', half), ...Array.from({ length: 300_000 }, () => frameOf(continuation, '', half))],
    1008,
  ],
]

describe('a socket that sends', () => {
  it.each(wrong)('%s is ended with its reason', { timeout: 30_000 }, async (_, frames, closeCode) => {
    const socket = await openRaw()
    const bytes = Buffer.concat(frames())
    socket.send(bytes)
    // Who keeps to the protocol after all answers a close with a close.
    await expect.poll(() => socket.heard().includes(0x88), { timeout: 20_000 }).toBe(true)
    socket.send(frameOf(close, ''))
    await socket.ended
    const heard = socket.heard()
    const at = heard.indexOf(Buffer.from([0x88]))
    figures.runs++
    figures.lost += calls
    expect(heard.readUInt16BE(at + 2)).toBe(closeCode)
    expect(calls).toBe(0)
    expect((await served.ask('/health/live')).status).toBe(200)
  })

  it('a call in whole or in pieces has it answered', async () => {
    const socket = await openRaw()
    socket.send(frameOf(text, call.slice(0, 9), half), frameOf(ping, 'hello'), frameOf(continuation, call.slice(9)))
    await expect.poll(() => socket.heard().toString()).toContain('"ok":true')
    socket.close()
    expect(calls).toBe(1)
    figures.isControlRed = true
  })
})

describe('more sockets than there may be', () => {
  it('are refused, and those that are open go on', { timeout: 30_000 }, async () => {
    const open: RawSocket[] = []
    for (let count = 0; count < 100; count++) open.push(await openRaw())
    for (let count = 0; count < rounds(5, 100); count++) {
      await expect(openRaw()).rejects.toThrow('429')
      figures.runs++
    }
    open[0]?.send(frameOf(text, call))
    await expect.poll(() => calls).toBe(1)
    for (const socket of open) socket.close()
  })
})
