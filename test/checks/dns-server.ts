/** A name server that says what a test tells it to say, over UDP and TCP on one port, and writes messages byte by byte. */
import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'

export interface Asked {
  readonly id: number
  readonly name: string
  readonly type: number
  /** The question as it stood in the message, for the answer. */
  readonly question: Buffer
  readonly transport: 'udp' | 'tcp'
}

export interface Told {
  readonly type: number
  readonly data: Buffer
  readonly name?: Buffer
}

export interface DnsServer {
  readonly port: number
  readonly asked: Asked[]
  close(): Promise<void>
}

/** `answer` gives what is sent, in this order: nothing, one message or several. */
export async function dnsServer(answer: (asked: Asked) => readonly Buffer[]): Promise<DnsServer> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const udp = createSocket('udp4')
  const tcp = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const one = askedIn(chunk.subarray(2), 'tcp')
      asked.push(one)
      for (const message of answer(one)) {
        socket.write(Buffer.concat([number(message.length, 2), message]))
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as { port: number }
  udp.on('message', (message, from) => {
    const one = askedIn(message, 'udp')
    asked.push(one)
    for (const said of answer(one)) udp.send(said, from.port, from.address)
  })
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  return {
    port,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      udp.close()
      await new Promise((resolve) => tcp.close(resolve))
    },
  }
}

function askedIn(message: Buffer, transport: Asked['transport']): Asked {
  const labels: string[] = []
  let at = 12
  for (let size = message[at] ?? 0; size > 0; size = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  const question = Buffer.from(message.subarray(12, at + 5))
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type: message.readUInt16BE(at + 1),
    question,
    transport,
  }
}

export function number(value: number, size: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.writeUIntBE(value, 0, size)
  return bytes
}

export function name(text: string): Buffer {
  const labels = text === '' ? [] : text.split('.')
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([number(label.length, 1), Buffer.from(label)])),
    Buffer.from([0]),
  ])
}

/** Points at the name in the question, as servers do. */
const asAsked = Buffer.from([0xc0, 0x0c])

function record(told: Told): Buffer {
  return Buffer.concat([
    told.name ?? asAsked,
    number(told.type, 2),
    number(1, 2),
    number(300, 4),
    number(told.data.length, 2),
    told.data,
  ])
}

const authoritativeAnswer = 0x8580

export function reply(asked: Asked, answers: readonly Told[], code = 0, flags = authoritativeAnswer): Buffer {
  const counts = [1, answers.length, 0, 0].map((count) => number(count, 2))
  return Buffer.concat([
    number(asked.id, 2),
    number(flags | code, 2),
    ...counts,
    asked.question,
    ...answers.map(record),
  ])
}

export const v4 = (address: string): Told => ({ type: 1, data: Buffer.from(address.split('.').map(Number)) })
